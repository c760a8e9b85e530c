/** The name of the unix socket: its exact limit, for the daemon and for who talks to it, and what may lie there. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { flavours, original, ours } from '../../helpers/flavours.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon } from './supervised.ts';

/** Its path, in a folder of its own, has so many bytes. */
function writeConfig(
  sandbox: Sandbox,
  bytes: number,
): { readonly file: string; readonly configFile: string } {
  mkdirSync(sandbox.path('run'), { recursive: true });
  const directory = sandbox.path('run');
  const file = path.join(directory, 's'.repeat(bytes - directory.length - 1));
  const configFile = sandbox.write(
    'supervisord.conf',
    `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
nodaemon=true
[unix_http_server]
file=${file}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${file}
`,
  );
  return { file, configFile };
}

onEachDaemon('a socket path that is too long', (flavour) => {
  scenarioTest('B4.4: is refused with status 2, and nothing is left', async ({ sandbox }) => {
    const { configFile } = writeConfig(sandbox, 108);
    const options = { env: sandbox.env, cwd: sandbox.directory };
    const result = await runProgram(flavour.supervisord, ['-c', configFile], options);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(
      'Error: Cannot open an HTTP server: socket.error reported AF_UNIX path too long\n',
    );
    expect(readdirSync(sandbox.path('run'))).toEqual([]);
    const asked = await runProgram(flavour.supervisorctl, ['-c', configFile, 'status'], options);
    expect(asked.code).toBe(1);
    expect(asked.stdout).toMatch(/^error: <class 'OSError'>, AF_UNIX path too long: file: \S+ line: \d+\n$/);
  });
});

onEachDaemon(
  'a socket path of the greatest length',
  () => {
    for (const bytes of [101, 106, 107]) {
      scenarioTest(`is made and reached with ${bytes} bytes`, async ({ sandbox }) => {
        const { file, configFile } = writeConfig(sandbox, bytes);
        await startDaemon(sandbox, ours, { configFile });
        expect(readdirSync(sandbox.path('run'))).toEqual([path.basename(file)]);
        for (const { supervisorctl, supervisorctlMissing } of flavours) {
          if (supervisorctlMissing === null) {
            const result = await runProgram(supervisorctl, ['-c', configFile, 'pid'], {
              env: sandbox.env,
              cwd: sandbox.directory,
            });
            expect(result, supervisorctl).toMatchObject({ code: 0, stderr: '' });
          }
        }
      });
    }
  },
  [ours],
);

describe('an empty file where the socket belongs', () => {
  for (const flavour of [original, ours]) {
    const reason = flavour.supervisordMissing;
    scenarioTest.skipIf(reason !== null)(
      `is replaced, with a word on stderr: ${flavour.name} supervisord`,
      async ({ sandbox }) => {
        const { file, configFile } = writeConfig(sandbox, 80);
        writeFileSync(file, '');
        const daemon = await startDaemon(sandbox, flavour, { configFile });
        expect(daemon.stderr.text).toBe(`Unlinking stale socket ${file}\n`);
      },
    );
  }
});
