/** Programs that do not behave: stopped ones, runaways from their process group, those that daemonize themselves. */
import { expect } from 'vitest';

import { hasPerl, perlNote } from '../../helpers/debian.ts';
import { ours } from '../../helpers/flavours.ts';
import { isRunning, readProcess } from '../../helpers/process-table.ts';
import type { ProcessEntry } from '../../helpers/process-table.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

/** The process whose pid a program wrote into a file of the sandbox. */
async function named(supervised: Supervised, file: string): Promise<ProcessEntry> {
  const pid = await waitFor(`a pid in ${file}`, () => /^(\d+)\n/.exec(supervised.sandbox.read(file)));
  const entry = readProcess(Number(pid[1]));
  if (entry === null) {
    throw new Error(`the process of ${file} has ended already`);
  }
  return entry;
}

onEachDaemon('unruly programs', (flavour) => {
  scenarioTest('B14.8: one that has stopped itself is killed after stopwaitsecs', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:frozen]
command=/bin/sh -c 'kill -STOP $$; exec sleep 1000'
startsecs=0
stopwaitsecs=1
`,
    );
    await supervised.running('frozen');
    const { pid } = await supervised.info('frozen');
    await waitFor('it to stop itself', () => readProcess(pid)?.state === 'T');
    expect((await supervised.info('frozen')).statename).toBe('RUNNING');
    expect(await supervised.rpc('stopProcess', 'frozen')).toBe(true);
    expect((await supervised.log()).slice(2)).toEqual([
      "WARN killing 'frozen' (N) with SIGKILL",
      'WARN stopped: frozen (terminated by SIGKILL)',
    ]);
  });

  scenarioTest('B14.4: one that daemonizes itself has exited, and is not mixed up', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:forker]
command=/bin/sh -c '(setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!)'
stdout_logfile=%(here)s/forker.log
startsecs=0
autorestart=false
[program:other]
command=/bin/sleep 1000
startsecs=0
`,
    );
    await supervised.logged(/exited: forker \(exit status 0; expected\)/);
    const grandchild = await named(supervised, 'forker.log');
    await supervised.running('other');
    expect(await supervised.info('forker')).toMatchObject({ statename: 'EXITED', pid: 0 });
    expect(isRunning(grandchild)).toBe(true);
    signalProcess(grandchild.pid, 'SIGKILL');
    await waitFor('the end of the grandchild', () => readProcess(grandchild.pid) === null);
    expect(await supervised.info('forker')).toMatchObject({ statename: 'EXITED', exitstatus: 0 });
    expect(await supervised.info('other')).toMatchObject({ statename: 'RUNNING' });
    expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  scenarioTest('B7.6: a child that has left the process group is not its own', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:parent]
command=/bin/sh -c 'setsid sleep 1000 & echo $!; wait'
stdout_logfile=%(here)s/parent.log
stopasgroup=true
`,
    );
    await supervised.running('parent');
    const runaway = await named(supervised, 'parent.log');
    expect(await supervised.rpc('stopProcess', 'parent')).toBe(true);
    expect(isRunning(runaway)).toBe(true);
    signalProcess(runaway.pid, 'SIGKILL');
  });
});

onEachDaemon(
  'unruly programs',
  (flavour) => {
    scenarioTest.skipIf(!hasPerl)(
      `B7.6: one that has joined another process group is stopped all the same${perlNote}`,
      async ({ sandbox }) => {
        // The original signals the empty group for ever.
        const supervised = await Supervised.start(
          sandbox,
          flavour,
          `[program:stray]
command=/usr/bin/perl -e 'setpgrp(0, getpgrp(getppid())); $| = 1; print "moved\\n"; sleep 1000'
stdout_logfile=%(here)s/stray.log
stopasgroup=true
startsecs=0
`,
        );
        await supervised.running('stray');
        await waitFor('the move', () => sandbox.read('stray.log') === 'moved\n');
        expect(await supervised.rpc('stopProcess', 'stray')).toBe(true);
        expect((await supervised.log()).at(-1)).toBe('WARN stopped: stray (terminated by SIGTERM)');
      },
    );

    scenarioTest('an orphan of a program is adopted and collected', async ({ sandbox }) => {
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `[program:forker]
command=/bin/sh -c '(sleep 1000 </dev/null >/dev/null 2>&1 & echo $!)'
stdout_logfile=%(here)s/forker.log
startsecs=0
autorestart=false
`,
        'loglevel=debug',
      );
      await supervised.logged(/exited: forker/);
      const orphan = await named(supervised, 'forker.log');
      expect(orphan.parentPid).toBe(supervised.daemon.pid);
      signalProcess(orphan.pid, 'SIGKILL');
      await supervised.logged(
        new RegExp(`DEBG reaped unknown pid ${orphan.pid} \\(terminated by SIGKILL\\)`),
      );
      expect(readProcess(orphan.pid)).toBeNull();
    });
  },
  [ours],
);
