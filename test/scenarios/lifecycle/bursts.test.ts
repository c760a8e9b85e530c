/** Signals in bursts, at the worst of times. */
import { expect } from 'vitest';

import { childrenOf } from '../../helpers/process-table.ts';
import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

const several = `[program:steady]
command=/bin/sleep 1000
process_name=%(process_num)d
numprocs=5
startsecs=0
[program:stubborn]
command=/bin/sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done'
stdout_logfile=%(here)s/stubborn.log
startsecs=0
stopwaitsecs=1
killasgroup=true
`;

async function start(...args: Parameters<typeof Supervised.start>): Promise<Supervised> {
  const supervised = await Supervised.start(...args);
  await supervised.running('0', '4', 'stubborn');
  await waitFor('its trap', () => supervised.sandbox.read('stubborn.log') === 'ready\n');
  return supervised;
}

onEachDaemon('bursts', (flavour) => {
  scenarioTest('B13.1: TERM twice, and twenty times more, is one shutdown', async ({ sandbox }) => {
    const supervised = await start(sandbox, flavour, several);
    supervised.daemon.signal('SIGTERM');
    supervised.daemon.signal('SIGTERM');
    await supervised.logged(/waiting for .*stubborn/);
    for (let count = 0; count < 20; count += 1) {
      supervised.daemon.signal(count % 2 === 0 ? 'SIGTERM' : 'SIGINT');
    }
    expect(await supervised.daemon.ended).toEqual({ code: 0, signal: null });
    expect(supervised.daemon.output.text.match(/with SIGKILL/g)).toHaveLength(1);
    expect(sandbox.survivors()).toEqual([]);
  });
});

onEachDaemon(
  'bursts',
  (flavour) => {
    scenarioTest(
      'B13.2: HUP again and again ends in one life with every program once',
      async ({ sandbox }) => {
        const supervised = await start(sandbox, flavour, several);
        for (let burst = 0; burst < 3; burst += 1) {
          const mark = supervised.mark();
          for (let count = 0; count < 20; count += 1) {
            for (const signal of ['SIGHUP', 'SIGUSR2', 'SIGCHLD', 'SIGHUP', 'SIGUSR1'] as const) {
              supervised.daemon.signal(signal);
            }
          }
          await supervised.logged(/received SIGHUP/, mark);
        }
        const processes = await waitFor('all of them to run', async () => {
          const all = (await supervised.rpc('getAllProcessInfo')) as unknown as readonly {
            readonly statename: string;
            readonly pid: number;
          }[];
          return all.every(({ statename }) => statename === 'RUNNING') && all;
        });
        const pids = new Set(processes.map(({ pid }) => pid));
        await waitFor('exactly those as its children', () => {
          const children = childrenOf(supervised.daemon.pid);
          return children.length === pids.size && children.every(({ pid }) => pids.has(pid));
        });
        expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
        expect(supervised.daemon.output.text).not.toContain('unexpected error');
      },
    );

    scenarioTest('B13.1: TERM in the middle of a restart ends it', async ({ sandbox }) => {
      const supervised = await start(sandbox, flavour, several);
      supervised.daemon.signal('SIGHUP');
      await supervised.logged(/waiting for .*stubborn/);
      supervised.daemon.signal('SIGTERM');
      expect(await supervised.daemon.ended).toEqual({ code: 0, signal: null });
      expect(supervised.daemon.output.text.match(/supervisord started with pid/g)).toHaveLength(1);
      expect(sandbox.survivors()).toEqual([]);
    });
  },
  [ours],
);
