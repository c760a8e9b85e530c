/** Which programs are started, in which order, and under which names. */
import { expect } from 'vitest';

import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

function spawned(log: readonly string[]): readonly (string | undefined)[] {
  return log.filter((line) => line.startsWith('INFO spawned: ')).map((line) => line.split("'")[1]);
}

function success(name: string): string {
  return `INFO success: ${name} entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)`;
}

onEachDaemon('start', (flavour) => {
  scenarioTest('B15.1: starts by priority, then by name, groups first of all', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:last-b]
command=/bin/sleep 1000
[program:last-a]
command=/bin/sleep 1000
[program:first]
command=/bin/sleep 1000
priority=1
[program:a-late]
command=/bin/sleep 1000
priority=20
[program:z-early]
command=/bin/sleep 1000
priority=10
[group:middle]
programs=z-early,a-late
priority=5
`,
    );
    const order = ['first', 'z-early', 'a-late', 'last-a', 'last-b'];
    await supervised.running(...order);
    const log = await supervised.log();
    expect(log.slice(0, 5)).toEqual(order.map((name) => `INFO spawned: '${name}' with pid N`));
    expect(log.slice(5).sort()).toEqual(order.map(success).sort());
  });

  scenarioTest('B15.1: within a group, autostart goes by the order of programs=', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:late]
command=/bin/sleep 1000
priority=20
[program:early]
command=/bin/sleep 1000
priority=10
[group:pair]
programs=late,early
`,
    );
    await supervised.running('late', 'early');
    expect(spawned(await supervised.log())).toEqual(['late', 'early']);
  });

  scenarioTest('B15.3: startProcessGroup goes by priority', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:late]
command=/bin/sleep 1000
priority=20
autostart=false
[program:early]
command=/bin/sleep 1000
priority=10
autostart=false
[group:pair]
programs=late,early
`,
    );
    await supervised.rpc('startProcessGroup', 'pair');
    expect(spawned(await supervised.log())).toEqual(['early', 'late']);
  });

  scenarioTest('B7.4: starts nothing that says autostart=false, until it is asked', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:auto]
command=/bin/sleep 1000
startsecs=0
[program:manual]
command=/bin/sleep 1000
startsecs=0
autostart=false
`,
    );
    await supervised.running('auto');
    expect(await supervised.info('manual')).toMatchObject({
      statename: 'STOPPED',
      description: 'Not started',
      pid: 0,
    });
    expect(await supervised.rpc('startProcess', 'manual')).toBe(true);
    expect(await supervised.info('manual')).toMatchObject({ statename: 'RUNNING' });
    expect(spawned(await supervised.log())).toEqual(['auto', 'manual']);
  });

  scenarioTest('B7.2, B2.6: numprocs gives each process its number', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:many]
command=/bin/sh -c 'echo "$NUMBER of %(numprocs)d in %(group_name)s"; exec sleep 1000' %(program_name)s
process_name=%(program_name)s_%(process_num)02d
numprocs=3
numprocs_start=8
environment=NUMBER="%(process_num)d"
stdout_logfile=%(here)s/%(program_name)s-%(process_num)d.log
`,
    );
    await supervised.running('many_08', 'many_09', 'many_10');
    const all = (await supervised.rpc('getAllProcessInfo')) as readonly { group: string; name: string }[];
    expect(all.map(({ group, name }) => `${group}:${name}`)).toEqual([
      'many:many_08',
      'many:many_09',
      'many:many_10',
    ]);
    expect([8, 9, 10].map((number) => sandbox.read(`many-${number}.log`))).toEqual([
      '8 of 3 in many\n',
      '9 of 3 in many\n',
      '10 of 3 in many\n',
    ]);
  });
});
