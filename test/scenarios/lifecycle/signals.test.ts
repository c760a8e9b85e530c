/** Signals to the daemon: ordered end, reload, new log files. */
import { existsSync, renameSync } from 'node:fs';

import { expect } from 'vitest';

import { normalizeLog } from '../../helpers/activity-log.ts';
import { writeConfig } from '../../helpers/config.ts';
import { readPidfile } from '../../helpers/daemon.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

const threeInOrder = `[program:b-first]
command=/bin/sleep 1000
priority=1
startsecs=0
[program:c-second]
command=/bin/sleep 1000
priority=2
startsecs=0
[program:a-third]
command=/bin/sleep 1000
priority=3
startsecs=0
`;

onEachDaemon('signals', (flavour) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
    scenarioTest(
      `B13.1, B15.2: ${signal} stops all in reverse order and ends with 0`,
      async ({ sandbox }) => {
        const supervised = await Supervised.start(sandbox, flavour, threeInOrder);
        await supervised.running('b-first', 'c-second', 'a-third');
        expect(readPidfile(supervised.config.pidfile)).toBe(supervised.daemon.pid);
        sandbox.observe();
        const before = (await supervised.log()).length;
        expect(await supervised.end(signal)).toEqual({ code: 0, signal: null });
        expect((await supervised.log()).slice(before)).toEqual([
          `WARN received ${signal} indicating exit request`,
          'WARN stopped: a-third (terminated by SIGTERM)',
          'WARN stopped: c-second (terminated by SIGTERM)',
          'WARN stopped: b-first (terminated by SIGTERM)',
        ]);
        expect(sandbox.survivors()).toEqual([]);
        expect(existsSync(supervised.config.pidfile)).toBe(false);
        expect(existsSync(supervised.config.api.socketPath)).toBe(false);
        expect(supervised.daemon.stderr.text).toBe('');
      },
    );
  }

  scenarioTest('B14.13: says whom it waits for at shutdown', async ({ sandbox }) => {
    const supervised = await Supervised.start(sandbox, flavour, threeInOrder);
    await supervised.running('b-first', 'c-second', 'a-third');
    await supervised.end('SIGTERM');
    expect(normalizeLog(sandbox.read('supervisord.log'), sandbox.directory)).toContain(
      'INFO waiting for b-first, c-second, a-third to die',
    );
  });

  scenarioTest('B13.2, B21.4: HUP starts over with the new file under the same pid', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:kept]
command=/bin/sleep 1000
[program:dropped]
command=/bin/sleep 1000
`,
    );
    await supervised.running('kept', 'dropped');
    const before = await supervised.info('kept');
    writeConfig(
      sandbox,
      `[program:kept]
command=/bin/sleep 2000
[program:new]
command=/bin/sleep 1000
`,
    );
    const mark = supervised.mark();
    supervised.daemon.signal('SIGHUP');
    await supervised.logged(/supervisord started with pid/, mark);
    await supervised.logged(/success: kept/, mark);
    await supervised.logged(/success: new/, mark);
    const all = (await supervised.rpc('getAllProcessInfo')) as readonly { name: string }[];
    expect(all.map(({ name }) => name)).toEqual(['kept', 'new']);
    const after = await supervised.info('kept');
    expect(after.pid).not.toBe(before.pid);
    expect(await supervised.rpc('getPID')).toBe(supervised.daemon.pid);
    expect(readPidfile(supervised.config.pidfile)).toBe(supervised.daemon.pid);
    // Two programs of one priority are stopped one group after the other, the last name first.
    const lines = (await supervised.log()).filter((line) => !/^(CRIT|INFO RPC)/.test(line));
    expect(lines).toEqual([
      "INFO spawned: 'dropped' with pid N",
      "INFO spawned: 'kept' with pid N",
      'INFO success: dropped entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
      'INFO success: kept entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
      'WARN received SIGHUP indicating restart request',
      'WARN stopped: kept (terminated by SIGTERM)',
      'WARN stopped: dropped (terminated by SIGTERM)',
      'INFO supervisord started with pid N',
      "INFO spawned: 'kept' with pid N",
      "INFO spawned: 'new' with pid N",
      'INFO success: kept entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
      'INFO success: new entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
    ]);
  });

  scenarioTest('B13.2: HUP is ignored while it shuts down', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:slow]
command=/bin/sh -c 'trap "" TERM; sleep 1000'
stopwaitsecs=2
killasgroup=true
`,
    );
    await supervised.running('slow');
    const before = (await supervised.log()).length;
    supervised.daemon.signal('SIGTERM');
    await supervised.logged(/waiting for slow to die/);
    supervised.daemon.signal('SIGHUP');
    await supervised.daemon.ended;
    expect((await supervised.log()).slice(before)).toEqual([
      'WARN received SIGTERM indicating exit request',
      'WARN ignored SIGHUP indicating restart request (shutdown in progress)',
      "WARN killing 'slow' (N) with SIGKILL",
      'WARN stopped: slow (terminated by SIGKILL)',
    ]);
  });

  scenarioTest('B13.2: HUP, and the file breaks while everything is being stopped', async ({ sandbox }) => {
    const program = `[program:slow]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
startsecs=0
stopwaitsecs=2
stopasgroup=true
`;
    const supervised = await Supervised.start(sandbox, flavour, program);
    await supervised.running('slow');
    supervised.daemon.signal('SIGHUP');
    await supervised.logged(/waiting for slow to die/);
    writeConfig(sandbox, `${program}autostart=maybe\n`);
    if (flavour.name === 'original') {
      expect(await supervised.daemon.ended).toEqual({ code: 2, signal: null });
    } else {
      // What was read and found good when HUP came counts.
      await supervised.logged(/stopped: slow[^]*supervisord started with pid[^]*success: slow/);
    }
  });

  scenarioTest('B13.2: HUP with a configuration that cannot be read', async ({ sandbox }) => {
    const program = '[program:steady]\ncommand=/bin/sleep 1000\n';
    const supervised = await Supervised.start(sandbox, flavour, program);
    await supervised.running('steady');
    const { pid } = await supervised.info('steady');
    writeConfig(sandbox, `${program}autostart=maybe\n`);
    supervised.daemon.signal('SIGHUP');
    const problem = `not a valid boolean value: 'maybe' in section 'program:steady' (file: '${supervised.config.configFile}')`;
    if (flavour.name === 'original') {
      // The original has stopped everything by the time it reads the file, and ends.
      expect(await supervised.daemon.ended).toEqual({ code: 2, signal: null });
      expect(supervised.daemon.stderr.text).toContain(`Error: ${problem}\n`);
    } else {
      await supervised.logged(/CRIT cannot restart with the configuration as it is now/);
      expect(supervised.daemon.output.text).toContain(problem);
      expect(await supervised.info('steady')).toMatchObject({ pid, statename: 'RUNNING' });
    }
  });

  scenarioTest('B13.3: USR2 opens all logs anew', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:echo]
command=/bin/sh -c 'while read -r line; do echo "$line"; done'
stdout_logfile=%(here)s/echo.log
stderr_logfile=%(here)s/echo-errors.log
startsecs=0
`,
    );
    await supervised.running('echo');
    await supervised.rpc('sendProcessStdin', 'echo', 'before\n');
    await waitFor('the first line', () => sandbox.read('echo.log') === 'before\n');
    renameSync(sandbox.path('supervisord.log'), sandbox.path('old-supervisord.log'));
    renameSync(sandbox.path('echo.log'), sandbox.path('old-echo.log'));
    supervised.daemon.signal('SIGUSR2');
    await waitFor('a new echo.log', () => existsSync(sandbox.path('echo.log')));
    await supervised.rpc('sendProcessStdin', 'echo', 'after\n');
    await waitFor('the second line', () => sandbox.read('echo.log') === 'after\n');
    expect(sandbox.read('old-echo.log')).toBe('before\n');
    const old = normalizeLog(sandbox.read('old-supervisord.log'), sandbox.directory);
    expect(old.slice(-2)).toEqual([
      'INFO received SIGUSR2 indicating log reopen request',
      'INFO supervisord logreopen',
    ]);
    expect(sandbox.read('supervisord.log')).toBe('');
    await supervised.rpc('stopProcess', 'echo');
    expect(normalizeLog(sandbox.read('supervisord.log'), sandbox.directory)).toContain(
      'WARN stopped: echo (terminated by SIGTERM)',
    );
  });
});
