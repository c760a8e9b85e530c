/** How a program is stopped, and what becomes of one that does not want to. */
import { expect } from 'vitest';

import { isRunning, readProcess } from '../../helpers/process-table.ts';
import type { ProcessEntry } from '../../helpers/process-table.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

/** A shell with a child, which tells both their pids; `traps` is run first and inherited where it ignores. */
function writeFamily(sandbox: Sandbox, traps: string): void {
  sandbox.write('family.sh', `${traps}\nsleep 1000 &\necho "$$ $!"\nwait\nwait\nwait\n`);
}

const family = `[program:family]
command=/bin/sh %(here)s/family.sh
stdout_logfile=%(here)s/family.log
stopwaitsecs=1
`;

async function members(supervised: Supervised): Promise<{ parent: ProcessEntry; child: ProcessEntry }> {
  const pids = await waitFor('the pids of the family', () =>
    /^(\d+) (\d+)\n/.exec(supervised.sandbox.read('family.log')),
  );
  const [parent, child] = [readProcess(Number(pids[1])), readProcess(Number(pids[2]))];
  if (parent === null || child === null) {
    throw new Error('the family ended at once');
  }
  return { parent, child };
}

const startedLines = [
  "INFO spawned: 'family' with pid N",
  'INFO success: family entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
];

onEachDaemon('stop', (flavour) => {
  scenarioTest('B7.6: sends stopsignal, and waits for the end', async ({ sandbox }) => {
    sandbox.write('polite.sh', `trap 'echo bye; exit 7' USR1\necho ready\nwhile :; do sleep 0.05; done\n`);
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:polite]
command=/bin/sh %(here)s/polite.sh
stopsignal=USR1
stdout_logfile=%(here)s/polite.log
`,
    );
    await supervised.running('polite');
    expect(await supervised.rpc('stopProcess', 'polite')).toBe(true);
    expect(await supervised.info('polite')).toMatchObject({ statename: 'STOPPED', exitstatus: 7, pid: 0 });
    expect(sandbox.read('polite.log')).toBe('ready\nbye\n');
    expect((await supervised.log()).at(-1)).toBe('WARN stopped: polite (exit status 7)');
    await expect(supervised.rpc('stopProcess', 'polite')).rejects.toThrow('fault 70: NOT_RUNNING: polite');
  });

  scenarioTest('B14.8: kills after stopwaitsecs what ignores its signal', async ({ sandbox }) => {
    writeFamily(sandbox, `trap '' TERM`);
    const supervised = await Supervised.start(sandbox, flavour, `${family}stopasgroup=true\n`);
    const { parent, child } = await members(supervised);
    await supervised.running('family');
    expect(await supervised.rpc('stopProcess', 'family')).toBe(true);
    await waitFor('the child to end', () => !isRunning(child));
    expect(isRunning(parent)).toBe(false);
    expect(await supervised.log()).toEqual([
      ...startedLines,
      "WARN killing 'family' (N) with SIGKILL",
      'WARN stopped: family (terminated by SIGKILL)',
    ]);
  });

  scenarioTest('B7.6: stopasgroup signals the children of the program too', async ({ sandbox }) => {
    writeFamily(sandbox, '');
    const supervised = await Supervised.start(sandbox, flavour, `${family}stopasgroup=true\n`);
    const { parent, child } = await members(supervised);
    await supervised.running('family');
    expect(await supervised.rpc('stopProcess', 'family')).toBe(true);
    await waitFor('the child to end', () => !isRunning(child));
    expect(isRunning(parent)).toBe(false);
    expect(await supervised.log()).toEqual([...startedLines, 'WARN stopped: family (terminated by SIGTERM)']);
  });

  scenarioTest('B7.6: without stopasgroup its children stay', async ({ sandbox }) => {
    writeFamily(sandbox, '');
    const supervised = await Supervised.start(sandbox, flavour, family);
    const { parent, child } = await members(supervised);
    await supervised.running('family');
    expect(await supervised.rpc('stopProcess', 'family')).toBe(true);
    expect([parent, child].map(isRunning)).toEqual([false, true]);
    signalProcess(child.pid, 'SIGKILL');
  });

  scenarioTest(
    'B14.8: killasgroup kills the children, though TERM went to the program alone',
    async ({ sandbox }) => {
      writeFamily(sandbox, `trap '' TERM`);
      const supervised = await Supervised.start(sandbox, flavour, `${family}killasgroup=true\n`);
      const { parent, child } = await members(supervised);
      await supervised.running('family');
      expect(await supervised.rpc('stopProcess', 'family')).toBe(true);
      await waitFor('the child to end', () => !isRunning(child));
      expect(isRunning(parent)).toBe(false);
    },
  );

  scenarioTest('B14.9: stop in BACKOFF needs no signal', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:failing]
command=/bin/sh -c 'exit 1'
startsecs=5
startretries=20
`,
    );
    // From the third attempt on it waits for seconds, so that the state is not left while we look.
    await supervised.logged(/(exited: failing[^]*){3}/);
    await waitFor('BACKOFF', async () => (await supervised.info('failing')).statename === 'BACKOFF');
    expect(await supervised.rpc('stopProcess', 'failing')).toBe(true);
    expect(await supervised.info('failing')).toMatchObject({ statename: 'STOPPED', pid: 0 });
  });

  scenarioTest('B18.14: signalProcess sends any signal and changes no state', async ({ sandbox }) => {
    sandbox.write('hearing.sh', `trap 'echo heard' USR2\necho ready\nwhile :; do sleep 0.05; done\n`);
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:hearing]
command=/bin/sh %(here)s/hearing.sh
stopasgroup=true
stdout_logfile=%(here)s/hearing.log
`,
    );
    await supervised.running('hearing');
    expect(await supervised.rpc('signalProcess', 'hearing', 'USR2')).toBe(true);
    await waitFor('the trap', () => sandbox.read('hearing.log') === 'ready\nheard\n');
    expect((await supervised.info('hearing')).statename).toBe('RUNNING');
    await expect(supervised.rpc('signalProcess', 'hearing', 'NOSUCH')).rejects.toThrow(
      'fault 11: BAD_SIGNAL: NOSUCH',
    );
  });
});
