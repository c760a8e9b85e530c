/** How the daemon itself starts: on its own, in the foreground, or not at all. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { readPidfile, startDaemon, startDetachedDaemon } from '../../helpers/daemon.ts';
import { isRunning, readProcess } from '../../helpers/process-table.ts';
import { runProgram, startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { onEachDaemon } from './supervised.ts';

const oneProgram = `[program:sleeper]
command=/bin/sleep 1000
startsecs=0
`;

/** Waits until the activity log has this text, and returns all of it. */
function loggedToFile(sandbox: Sandbox, text: string): Promise<string> {
  return waitFor(`"${text}" in the log`, () => {
    const log = sandbox.read('supervisord.log');
    return log.includes(text) && log;
  });
}

onEachDaemon('daemonize', (flavour) => {
  scenarioTest('B12.4: without -n it goes into the background and answers at once', async ({ sandbox }) => {
    const config = writeConfig(sandbox, oneProgram, 'directory=%(here)s\numask=027');
    const { pid, command } = await startDetachedDaemon(sandbox, flavour, config);
    // No waiting here: whoever got the prompt back may use the API.
    expect(await callRpc(config.api, 'supervisor.getPID')).toBe(pid);
    expect({ stdout: command.stdout, code: command.code }).toEqual({ stdout: '', code: 0 });
    const daemon = readProcess(pid);
    expect(daemon).toMatchObject({ session: pid, processGroup: pid });
    expect(daemon?.parentPid).not.toBe(process.pid);
    expect([0, 1, 2].map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`))).toEqual([
      '/dev/null',
      '/dev/null',
      '/dev/null',
    ]);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(sandbox.directory);
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Umask:\s*0027$/m);
    expect(readFileSync(config.pidfile, 'latin1')).toBe(`${pid}\n`);
    const log = await loggedToFile(sandbox, 'success: sleeper');
    expect(log).toMatch(/ INFO daemonizing the supervisord process\n/);
    expect(log).toContain(` INFO supervisord started with pid ${pid}\n`);
  });

  scenarioTest(
    'B5.6: programs get the limit of open files that the daemon was started with',
    async ({ sandbox }) => {
      const limit = `[program:limit]
command=/bin/sh -c 'ulimit -Sn; exec sleep 1000'
startsecs=0
stdout_logfile=%(here)s/limit.log
`;
      const config = writeConfig(sandbox, limit);
      const starter = sandbox.write(
        'starter',
        `#!/bin/sh\nulimit -Sn 1500; exec ${flavour.supervisord} "$@"\n`,
        0o755,
      );
      await startDetachedDaemon(sandbox, { ...flavour, supervisord: starter }, config);
      expect(await waitFor('the limit', () => sandbox.read('limit.log') || null)).toBe('1500\n');
    },
  );

  scenarioTest('B12.4: the parent of a detached daemon is gone', async ({ sandbox }) => {
    const config = writeConfig(sandbox, oneProgram);
    const command = startProgram(flavour.supervisord, ['-c', config.configFile], {
      env: sandbox.env,
      cwd: sandbox.directory,
    });
    const parent = readProcess(command.pid);
    expect(await command.ended).toEqual({ code: 0, signal: null });
    const pid = await waitFor('the pidfile', () => readPidfile(config.pidfile));
    sandbox.adopt(pid);
    expect(pid).not.toBe(command.pid);
    expect(parent === null || isRunning(parent)).toBe(false);
    expect(readProcess(pid)?.parentPid).not.toBe(command.pid);
    await loggedToFile(sandbox, 'success: sleeper');
  });

  scenarioTest('B5.4: -n stays in the foreground and says on stdout what it logs', async ({ sandbox }) => {
    const config = writeConfig(sandbox, oneProgram, 'directory=/\numask=027');
    const daemon = await startDaemon(sandbox, flavour, config);
    await daemon.output.match(/success: sleeper entered RUNNING/);
    expect(readPidfile(config.pidfile)).toBe(daemon.pid);
    await waitFor('the same in the log', () => daemon.output.text === sandbox.read('supervisord.log'));
    expect(daemon.output.text).not.toContain('daemonizing');
    // Compat: directory and umask of [supervisord] have no effect in the foreground.
    expect(readlinkSync(`/proc/${daemon.pid}/cwd`)).toBe(sandbox.directory);
    expect(readFileSync(`/proc/${daemon.pid}/status`, 'utf8')).not.toMatch(/^Umask:\s*0027$/m);
  });

  scenarioTest('B5.5: -n -s says nothing on stdout', async ({ sandbox }) => {
    const config = writeConfig(sandbox, oneProgram);
    const daemon = startProgram(flavour.supervisord, ['-n', '-s', '-c', config.configFile], {
      env: sandbox.env,
      cwd: sandbox.directory,
    });
    sandbox.adopt(daemon.pid);
    await loggedToFile(sandbox, 'success: sleeper');
    signalProcess(daemon.pid, 'SIGTERM');
    expect(await daemon.ended).toEqual({ code: 0, signal: null });
    expect(daemon.stdout.text).toBe('');
  });

  scenarioTest(
    'B3.4: a second one on the same socket is refused and disturbs nothing',
    async ({ sandbox }) => {
      const config = writeConfig(sandbox, oneProgram);
      const daemon = await startDaemon(sandbox, flavour, config);
      await daemon.output.match(/success: sleeper entered RUNNING/);
      const second = await runProgram(flavour.supervisord, ['-c', config.configFile], {
        env: sandbox.env,
        cwd: sandbox.directory,
      });
      expect(second).toEqual({
        stdout: '',
        stderr: `Error: Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.
For help, use ${flavour.supervisord} -h
`,
        code: 2,
      });
      expect(readPidfile(config.pidfile)).toBe(daemon.pid);
      expect(await callRpc(config.api, 'supervisor.getPID')).toBe(daemon.pid);
    },
  );

  scenarioTest('B12.4: nothing of the caller stays open in the background', async ({ sandbox }) => {
    const config = writeConfig(sandbox, oneProgram);
    const caller = sandbox.write(
      'caller',
      `#!/bin/sh\nexec 3</etc/hostname 9</dev/zero\nexec ${flavour.supervisord} "$@"\n`,
      0o755,
    );
    const { pid } = await startDetachedDaemon(sandbox, { ...flavour, supervisord: caller }, config);
    await loggedToFile(sandbox, 'success: sleeper');
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    // The original keeps what its caller had open.
    const isHeld = flavour.name === 'original';
    expect(open.includes('/etc/hostname')).toBe(isHeld);
    expect(open.includes('/dev/zero')).toBe(isHeld);
  });

  scenarioTest('B12.4: what keeps it from starting is told on the terminal', async ({ sandbox }) => {
    const refused = (...args: readonly string[]) =>
      runProgram(flavour.supervisord, ['-c', config.configFile, ...args], {
        env: sandbox.env,
        cwd: sandbox.directory,
      });
    const config = writeConfig(sandbox, oneProgram);
    const minfds = await refused('-a', '99999999');
    expect(minfds.code).toBe(2);
    expect(minfds.stderr).toMatch(/^Error: .*minfds.*\nFor help, use /);
    if (flavour.name === 'ours') {
      // There this is a traceback of Python's.
      const log = await refused('-l', sandbox.directory);
      expect(log).toMatchObject({ code: 2, stdout: '' });
      expect(log.stderr).toMatch(/^Error: cannot open the activity log .*: EISDIR\nFor help, use /);
    }
    expect(existsSync(config.pidfile)).toBe(false);
    expect(existsSync(config.api.socketPath)).toBe(false);
  });

  scenarioTest('B5.4: a pidfile that was left behind is written anew', async ({ sandbox }) => {
    const config = writeConfig(sandbox, '');
    sandbox.write('supervisord.pid', `${process.pid}\nand more\n`);
    const daemon = await startDaemon(sandbox, flavour, config);
    expect(sandbox.read('supervisord.pid')).toBe(`${daemon.pid}\n`);
  });

  scenarioTest('B3.4: the socket of a daemon that was killed is taken over', async ({ sandbox }) => {
    const config = writeConfig(sandbox, '');
    const first = await startDaemon(sandbox, flavour, config);
    first.signal('SIGKILL');
    await first.ended;
    expect(existsSync(config.api.socketPath)).toBe(true);
    const second = await startDaemon(sandbox, flavour, config);
    expect(await callRpc(config.api, 'supervisor.getPID')).toBe(second.pid);
    expect(second.stderr.text).toBe(`Unlinking stale socket ${config.api.socketPath}\n`);
  });
});
