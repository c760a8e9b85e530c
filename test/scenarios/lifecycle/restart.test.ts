/**
 * What happens when a program ends by itself.
 *
 * Where "too soon" matters, startsecs is 5: the original notices an exit up to a second late, and with
 * startsecs=1 it sometimes calls a program RUNNING that ended at once.
 */
import { expect } from 'vitest';

import { signalProcess } from '../../helpers/signal-process.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

/** Long enough for the original to see the program alive and say that it is RUNNING. */
const aWhile = 'sleep 1.3';

/** A shell program that does `first` when it is run for the first time, and `next` every time after. */
function firstThen(first: string, next: string): string {
  return `/bin/sh -c 'if [ -e %(here)s/been-here ]; then ${next}; else : >%(here)s/been-here; ${first}; fi'`;
}

function success(name: string, secs: number): string {
  return `INFO success: ${name} entered RUNNING state, process has stayed up for > than ${secs} seconds (startsecs)`;
}

onEachDaemon('restart', (flavour) => {
  scenarioTest('B14.3: startretries=1 allows two attempts, then FATAL', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:hopeless]
command=/bin/sh -c 'exit 3'
startsecs=5
startretries=1
`,
    );
    await supervised.logged(/gave up: hopeless/);
    expect(await supervised.log()).toEqual([
      "INFO spawned: 'hopeless' with pid N",
      'WARN exited: hopeless (exit status 3; not expected)',
      "INFO spawned: 'hopeless' with pid N",
      'WARN exited: hopeless (exit status 3; not expected)',
      'INFO gave up: hopeless entered FATAL state, too many start retries too quickly',
    ]);
    expect(await supervised.info('hopeless')).toMatchObject({
      statename: 'FATAL',
      spawnerr: 'Exited too quickly (process log may have details)',
      description: 'Exited too quickly (process log may have details)',
      exitstatus: 0,
      pid: 0,
    });
  });

  scenarioTest('B14.3: ending too soon is a failure even with an expected code', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:quick]
command=/bin/sh -c 'exit 0'
startsecs=5
startretries=0
`,
    );
    await supervised.logged(/gave up: quick/);
    expect(await supervised.log()).toEqual([
      "INFO spawned: 'quick' with pid N",
      'WARN exited: quick (exit status 0; not expected)',
      'INFO gave up: quick entered FATAL state, too many start retries too quickly',
    ]);
  });

  scenarioTest('B7.16: a command that is not there', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:absent]
command=%(here)s/nothing-here --flag
startretries=0
`,
    );
    await supervised.logged(/gave up: absent/);
    expect(await supervised.log()).toEqual([
      "INFO spawnerr: can't find command 'DIR/nothing-here'",
      'INFO gave up: absent entered FATAL state, too many start retries too quickly',
    ]);
    expect((await supervised.info('absent')).spawnerr).toBe(
      `can't find command '${sandbox.path('nothing-here')}'`,
    );
  });

  scenarioTest('B7.5: autorestart=false leaves it as it ended', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:once]
command=/bin/sh -c '${aWhile}; exit 4'
startsecs=0
autorestart=false
exitcodes=0
`,
    );
    await supervised.logged(/exited: once/);
    expect(await supervised.log()).toEqual([
      "INFO spawned: 'once' with pid N",
      success('once', 0),
      'WARN exited: once (exit status 4; not expected)',
    ]);
    expect(await supervised.info('once')).toMatchObject({ statename: 'EXITED', exitstatus: 4, pid: 0 });
  });

  scenarioTest('B7.5: autorestart=unexpected restarts after 5, not after 2', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:sometimes]
command=${firstThen(`${aWhile}; exit 5`, `${aWhile}; exit 2`)}
startsecs=0
autorestart=unexpected
exitcodes=0,2
`,
    );
    await supervised.logged(/exit status 2/);
    expect(await supervised.log()).toEqual([
      "INFO spawned: 'sometimes' with pid N",
      success('sometimes', 0),
      'WARN exited: sometimes (exit status 5; not expected)',
      "INFO spawned: 'sometimes' with pid N",
      success('sometimes', 0),
      'INFO exited: sometimes (exit status 2; expected)',
    ]);
    expect(await supervised.info('sometimes')).toMatchObject({ statename: 'EXITED', exitstatus: 2 });
  });

  scenarioTest('B7.5: autorestart=true restarts after success too', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:always]
command=${firstThen(`${aWhile}; exit 0`, 'exec sleep 1000')}
startsecs=0
autorestart=true
`,
    );
    await supervised.logged(/exited: always[^]*success: always/);
    expect(await supervised.log()).toEqual([
      "INFO spawned: 'always' with pid N",
      success('always', 0),
      'INFO exited: always (exit status 0; expected)',
      "INFO spawned: 'always' with pid N",
      success('always', 0),
    ]);
  });

  scenarioTest('B14.5, B14.6: death by a signal is never expected', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:killed]
command=/bin/sleep 1000
autorestart=unexpected
`,
    );
    await supervised.running('killed');
    const { pid } = await supervised.info('killed');
    const mark = supervised.mark();
    signalProcess(pid, 'SIGKILL');
    await supervised.logged(/success: killed/, mark);
    expect((await supervised.info('killed')).pid).not.toBe(pid);
    expect(await supervised.log()).toEqual([
      "INFO spawned: 'killed' with pid N",
      success('killed', 1),
      'WARN exited: killed (terminated by SIGKILL; not expected)',
      "INFO spawned: 'killed' with pid N",
      success('killed', 1),
    ]);
  });
});
