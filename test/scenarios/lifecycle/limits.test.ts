/** Programs beyond what the machine allows: the daemon reports, backs off, stays up, and starts them when it can. */
import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect } from 'vitest';

import { type ScenarioConfig, writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import type { OutputCollector } from '../../helpers/output-collector.ts';
import { type RunningProgram, startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { makeTestUser, removeTestUser, type TestUser, userReason } from '../../helpers/test-user.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { onEachDaemon, type ProcessInfo } from './supervised.ts';

/** The daemon behind a command that limits it, such as `prlimit`. */
async function startLimited(
  sandbox: Sandbox,
  { configFile }: ScenarioConfig,
  command: readonly [string, ...string[]],
): Promise<RunningProgram> {
  const [file, ...args] = [...command, ours.supervisord, '-n', '-c', configFile] as const;
  const program = startProgram(file ?? '', args, { env: sandbox.env, cwd: sandbox.directory });
  sandbox.adopt(program.pid);
  await program.stdout.match(/supervisord started with pid/);
  return program;
}

async function all({ api }: ScenarioConfig): Promise<readonly ProcessInfo[]> {
  return (await callRpc(api, 'supervisor.getAllProcessInfo')) as unknown as readonly ProcessInfo[];
}

/** What has become of all programs once each has been tried. */
async function tried(config: ScenarioConfig) {
  const processes = await waitFor('an outcome for every program', async () => {
    const found = await all(config);
    return found.every(({ statename }) => /RUNNING|BACKOFF|FATAL/.test(statename)) && found;
  });
  const running = processes.filter(({ statename }) => statename === 'RUNNING');
  const failed = processes.filter(({ statename }) => statename !== 'RUNNING');
  expect(running.length).toBeGreaterThan(5);
  expect(failed.length).toBeGreaterThan(5);
  return { running, failed };
}

/** Where there is room again, what could not be started starts by itself. */
async function startsAfterRoom(config: ScenarioConfig, running: readonly ProcessInfo[]) {
  const before = new Set(running.map(({ name }) => name));
  for (const { name, group } of running.slice(0, 5)) {
    expect(await callRpc(config.api, 'supervisor.stopProcess', [`${group}:${name}`])).toBe(true);
  }
  await waitFor('one of the others to take the place', async () =>
    (await all(config)).some(({ name, statename }) => statename === 'RUNNING' && !before.has(name)),
  );
}

const waiting = `[program:waiting]
command=/bin/sleep 1000
autostart=false
startsecs=0
startretries=1
stdout_logfile=NONE
stderr_logfile=NONE
`;

/**
 * Lowers a limit of the daemon, asks for a start, which fails, sees more attempts than `startretries` allows, and lifts the
 * limit. `become`: a command that gives the right to. The program is RUNNING then, was never FATAL, and the log has told of it once.
 */
async function comesUpWhenLifted(
  config: ScenarioConfig,
  daemon: { readonly pid: number; readonly output: OutputCollector },
  [resource, low, high]: readonly [resource: 'nofile' | 'nproc', low: string, high: string],
  { spawnerr, become = [] }: { readonly spawnerr: string; readonly become?: readonly string[] },
): Promise<void> {
  const limit = (soft: string) => {
    const [file, ...args] = [...become, 'prlimit', `--pid=${daemon.pid}`, `--${resource}=${soft}:`];
    execFileSync(file ?? '', args);
  };
  const info = async () =>
    (await callRpc(config.api, 'supervisor.getProcessInfo', ['waiting'])) as unknown as ProcessInfo;
  limit(low);
  await expect(callRpc(config.api, 'supervisor.startProcess', ['waiting', true])).rejects.toThrow(
    'SPAWN_ERROR: waiting',
  );
  const attempts = new Set<number>();
  await waitFor('three attempts', async () => {
    const { statename, start, ...found } = (await info()) as ProcessInfo & { readonly start: number };
    expect(statename).toBe('BACKOFF');
    expect(found.spawnerr).toBe(spawnerr);
    return attempts.add(start).size >= 3;
  });
  limit(high);
  await daemon.output.match(/waiting could be started after \d+ failed attempts/);
  expect(await info()).toMatchObject({ statename: 'RUNNING', spawnerr: '' });
  const { text } = daemon.output;
  expect(text).not.toMatch(/FATAL|gave up/);
  expect(text.match(/spawnerr: /g)).toHaveLength(1);
  expect(text.match(/waiting is tried again until it can be started/g)).toHaveLength(1);
}

const hundred = `[program:many]
command=/bin/sleep 1000
process_name=%(process_num)d
numprocs=100
startsecs=0
startretries=1
stdout_logfile=NONE
stderr_logfile=NONE
`;

const reason = ours.supervisordMissing;

describe.skipIf(reason !== null).concurrent(`limits (${reason ?? 'ours'})`, () => {
  scenarioTest('B7.16: 64 descriptors and 100 programs', async ({ sandbox }) => {
    const config = writeConfig(sandbox, hundred, 'minfds=64');
    const daemon = await startLimited(sandbox, config, ['prlimit', '--nofile=64:64']);
    const { running, failed } = await tried(config);
    for (const { name, spawnerr } of failed) {
      expect(spawnerr).toBe(`too many open files to spawn '${name}'`);
    }
    expect(daemon.stdout.text).toMatch(/INFO spawnerr: too many open files to spawn '\d+'\n/);
    await startsAfterRoom(config, running);
    expect(daemon.stdout.text).not.toContain('FATAL');
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toEqual({ code: 0, signal: null });
    expect(daemon.stdout.text).not.toContain('unexpected error');
    expect(daemon.stderr.text).toBe('');
  });

  scenarioTest('a program waits for descriptors as long as there are none', async ({ sandbox }) => {
    const config = writeConfig(sandbox, waiting);
    const daemon = await startDaemon(sandbox, ours, config);
    // Enough for connections, and not for pipes.
    const open = readdirSync(`/proc/${daemon.pid}/fd`).length;
    await comesUpWhenLifted(config, daemon, ['nofile', `${open + 10}`, '1024'], {
      spawnerr: "too many open files to spawn 'waiting'",
    });
  });
});

describe.skipIf(reason !== null).concurrent(`a daemon open to the network (${reason ?? 'ours'})`, () => {
  scenarioTest('keeps descriptors for starting programs that no client can take', async ({ sandbox }) => {
    const port = await freePort();
    const server = `[inet_http_server]\nport=127.0.0.1:${port}\nusername=u\npassword=p\n`;
    const config = writeConfig(sandbox, `${waiting}${server}`);
    const daemon = await startDaemon(sandbox, ours, config);
    const open = readdirSync(`/proc/${daemon.pid}/fd`).length;
    execFileSync('prlimit', [`--pid=${daemon.pid}`, `--nofile=${open + 10}:`]);
    for (let turn = 0; turn < 3; turn += 1) {
      await callRpc(config.api, 'supervisor.startProcess', ['waiting', true]);
      await callRpc(config.api, 'supervisor.stopProcess', ['waiting', true]);
    }
    expect(daemon.output.text).not.toContain('spawnerr');
  });
});

onEachDaemon('limits at the start', (flavour) => {
  scenarioTest(
    'B5.6: the soft ones are raised to minfds and minprocs, for programs too',
    async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        `[program:limited]
command=/bin/sh -c 'ulimit -Sn; exec sleep 1000'
stdout_logfile=%(here)s/limited.log
startsecs=0
`,
        'minfds=1500\nminprocs=180',
      );
      const supervisord = sandbox.write(
        'starter',
        `#!/bin/sh\nexec prlimit --nofile=500: --nproc=150: ${flavour.supervisord} "$@"\n`,
        0o755,
      );
      const daemon = await startDaemon(sandbox, { ...flavour, supervisord }, config);
      await daemon.output.match(/success: limited/);
      expect(daemon.output.text).toContain(' INFO Increased RLIMIT_NOFILE limit to 1500\n');
      expect(daemon.output.text).toContain(' INFO Increased RLIMIT_NPROC limit to 180\n');
      expect(await waitFor('its limit', () => sandbox.read('limited.log') || null)).toBe('1500\n');
    },
  );

  scenarioTest('B5.6: nothing is raised where there is enough', async ({ sandbox }) => {
    const config = writeConfig(sandbox, '', 'minfds=100\nminprocs=10');
    const daemon = await startDaemon(sandbox, flavour, config);
    expect(daemon.output.text).not.toContain('Increased');
  });
});

let user: TestUser;

describe.skipIf(reason !== null || userReason !== null)(
  `processes of a user (${userReason ?? 'ours'})`,
  () => {
    beforeAll(() => {
      removeTestUser();
      user = makeTestUser();
    });

    afterAll(() => {
      removeTestUser();
    });

    scenarioTest('a program waits for processes as long as there are none', async ({ sandbox }) => {
      chownSync(sandbox.directory, user.uid, user.gid);
      const config = writeConfig(sandbox, waiting, 'minprocs=60');
      const become = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups'] as const;
      const program = await startLimited(sandbox, config, [...become, 'prlimit', '--nproc=60:60']);
      const daemon = { pid: program.pid, output: program.stdout };
      await comesUpWhenLifted(config, daemon, ['nproc', '1', '60'], {
        spawnerr: "Too many processes in process table to spawn 'waiting'",
        become,
      });
    });

    scenarioTest('B7.16: 60 processes and 100 programs', async ({ sandbox }) => {
      chownSync(sandbox.directory, user.uid, user.gid);
      const config = writeConfig(sandbox, hundred, 'minprocs=60');
      const become = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups'] as const;
      const daemon = await startLimited(sandbox, config, [...become, 'prlimit', '--nproc=60:60']);
      const { running, failed } = await tried(config);
      for (const { name, spawnerr } of failed) {
        expect(spawnerr).toBe(`Too many processes in process table to spawn '${name}'`);
      }
      await startsAfterRoom(config, running);
      expect(daemon.stdout.text).not.toContain('FATAL');
      daemon.kill('SIGTERM');
      expect(await daemon.ended).toEqual({ code: 0, signal: null });
      expect(daemon.stdout.text).not.toContain('unexpected error');
    });
  },
);
