/** The Dockerfiles of the examples, carried out without a container engine, with the daemon as process 1. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect } from 'vitest';

import { ours, projectRoot } from '../../helpers/flavours.ts';
import { childrenOf } from '../../helpers/process-table.ts';
import { runProgram, startProgram } from '../../helpers/run-program.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { waitFor } from '../../helpers/wait.ts';
import { lastOf, readDockerfile, type Stage } from './dockerfile.ts';
import { alpineBase, buildStage, busybox, debianBase, imageEnv, makeRoot, runPackageStep } from './image.ts';

function stagesOf(name: string): { readonly build: Stage; readonly final: Stage } {
  const file = path.join(projectRoot, 'examples/docker', name, 'Dockerfile');
  const [build, final, ...more] = readDockerfile(readFileSync(file, 'utf8'));
  if (build?.alias !== 'build' || final === undefined || more.length > 0) {
    throw new Error(`${file} is expected to have two stages, the first called build`);
  }
  return { build, final };
}

const programs = `[program:app]
command=/bin/sh -c '(sleep 0.1 &); echo "hello from $(id -u)"; exec sleep 1000'
user=nobody
redirect_stderr=true
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
startsecs=0
`;

const needed = ['/usr/bin/unshare', '/usr/bin/nsenter', '/usr/sbin/chroot', '/usr/bin/npm'];
const missing = needed.filter((file) => !existsSync(file));
const reason =
  ours.supervisordMissing ??
  (process.getuid?.() === 0 ? null : 'needs root for a root directory and namespaces of its own') ??
  (missing.length === 0 ? null : `needs ${missing.join(', ')}`);

describe.skipIf(reason !== null)(`in a container (${reason ?? 'ours'})`, () => {
  /** With `out/`, what the build stage hands on; the same for both. */
  let built: Sandbox;

  beforeAll(() => {
    built = new Sandbox();
    runPackageStep(built.directory, stagesOf('debian').build);
  });

  afterAll(async () => {
    await built.close();
  });

  for (const base of [debianBase, alpineBase]) {
    const lacks = base === alpineBase && !existsSync(busybox) ? ' (not installed: busybox-static)' : '';
    scenarioTest.skipIf(lacks !== '')(
      `the image of ${base.name}: starts, is healthy or not, stops in order${lacks}`,
      async ({ sandbox }) => {
        const { final } = stagesOf(base.name);
        const root = sandbox.path('root');
        makeRoot(root, base);
        buildStage(root, final, new Map([['build', built.directory]]));
        expect(readdirSync(path.join(root, 'usr/local/bin')).sort()).toEqual([
          'echo_supervisord_conf',
          'node',
          'pidproxy',
          'supervisorctl',
          'supervisord',
        ]);
        sandbox.write('root/etc/supervisor/conf.d/app.conf', programs);

        const command = JSON.parse(lastOf(final, 'CMD')) as string[];
        const namespaces = [
          '--pid',
          '--fork',
          '--mount',
          '--kill-child',
          '--mount-proc',
          `--root=${root}`,
          '--wd=/',
        ];
        const container = startProgram('/usr/bin/unshare', [...namespaces, ...command], {
          env: { ...sandbox.env, ...imageEnv },
          cwd: sandbox.directory,
        });
        sandbox.adopt(container.pid);
        await container.stdout.match(/INFO supervisord started with pid 1\n/);
        await container.stdout.match(/^hello from 65534\n/m);
        await container.stdout.match(/INFO reaped unknown pid \d+ \(exit status 0\)\n/);
        const [pidOne] = childrenOf(container.pid);
        const pid = pidOne?.pid ?? 0;
        sandbox.adopt(pid);

        const inside = (script: string) =>
          runProgram(
            '/usr/bin/nsenter',
            [`--target=${pid}`, '--pid', '--mount', '--root', '--wd', '/bin/sh', '-c', script],
            { env: imageEnv, cwd: sandbox.directory },
          );
        const [, health = ''] = /CMD (.*)$/.exec(lastOf(final, 'HEALTHCHECK')) ?? [];
        expect(await inside(health)).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(/^app +RUNNING/),
        });
        expect(await inside('supervisorctl stop app')).toMatchObject({ code: 0, stdout: 'app: stopped\n' });
        expect((await inside(health)).code).toBe(1);
        expect(await inside('supervisorctl start app')).toMatchObject({ code: 0 });
        // No compiler, and nothing that was only needed to build.
        expect((await inside('ls /usr/local/lib/node_modules/supervisord-ts')).stdout).not.toContain(
          'node_modules',
        );

        sandbox.observe();
        signalProcess(pid, lastOf(final, 'STOPSIGNAL') as NodeJS.Signals);
        expect(await container.ended).toEqual({ code: 0, signal: null });
        expect(container.stdout.text).toMatch(
          /WARN stopped: app \(terminated by SIGTERM\)\n[^]*SIGTERM indicating[^]*stopped: app/,
        );
        expect(container.stderr.text).toBe('');
        await waitFor('the end of everything', () => sandbox.survivors().length === 0);
      },
    );
  }
});
