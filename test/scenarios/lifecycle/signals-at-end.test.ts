/** Whatever signals come, and whenever: the daemon ends when it is told to, with exit status 0. */
import os from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';

import { expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

const { signals } = os.constants;
/** Those the daemon acts on. */
const known = [
  signals.SIGHUP,
  signals.SIGUSR1,
  signals.SIGUSR2,
  signals.SIGCHLD,
  signals.SIGTERM,
  signals.SIGINT,
  signals.SIGQUIT,
];
/** Those whose default is to end a process, real-time signals among them. */
const meaningless = [
  signals.SIGALRM,
  signals.SIGVTALRM,
  signals.SIGPROF,
  signals.SIGIO,
  signals.SIGPWR,
  signals.SIGSTKFLT,
  signals.SIGXCPU,
  signals.SIGPIPE,
  signals.SIGXFSZ,
  34,
  50,
  64,
];
const rounds = 8;
const signalsPerRound = 200;

const twenty = `[program:many]
command=/bin/sleep 1000
numprocs=20
process_name=%(process_num)d
startsecs=0
`;

onEachDaemon(
  'signals without end',
  () => {
    scenarioTest(
      'a daemon that ends is not ended by another signal: its status is 0',
      async ({ sandbox }) => {
        for (let round = 0; round < rounds; round += 1) {
          const supervised = await Supervised.start(sandbox, ours, twenty);
          await supervised.logged(/spawned: '19'/);
          const ended = supervised.end('SIGTERM');
          const all = [...known, ...meaningless];
          for (let sent = 0; sent < signalsPerRound; sent += 1) {
            sendIfThere(supervised.daemon.pid, all[(sent * 7 + round) % all.length] ?? signals.SIGTERM);
            await turn();
          }
          expect(await ended).toEqual({ code: 0, signal: null });
        }
      },
    );

    scenarioTest('signals that mean nothing to it leave a daemon as it is', async ({ sandbox }) => {
      const supervised = await Supervised.start(sandbox, ours, twenty);
      await supervised.logged(/spawned: '19'/);
      for (const signal of [...meaningless, signals.SIGUSR1]) {
        sendIfThere(supervised.daemon.pid, signal);
      }
      expect(await supervised.rpc('getState')).toMatchObject({ statename: 'RUNNING' });
      expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
    });
  },
  [ours],
);

function sendIfThere(pid: number, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
