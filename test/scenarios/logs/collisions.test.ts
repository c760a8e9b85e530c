/** Rotation while something else happens to the log: no byte may get lost, or be there twice. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';

import { expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { deadlineMs, waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';
import { bursts, logFiles, numbered, type Piece, piecesOf } from './numbered.ts';

const rounds = 150;
const linesEach = 2000;
const output = numbered(rounds * linesEach);

/**
 * Disturbs a program whose log rotates until its last burst; the parts of its output that are in some file at its end.
 * `mayFail`: errors that the disturbance may cause for a moment.
 */
async function rotateWhile(
  sandbox: Sandbox,
  disturb: (supervised: Supervised, count: number) => unknown,
  mayFail: RegExp | null = null,
): Promise<readonly Piece[]> {
  mkdirSync(sandbox.path('logs'));
  const lastBurst = sandbox.path('last-burst');
  const supervised = await Supervised.start(
    sandbox,
    ours,
    `[program:numbers]
command=${bursts(sandbox, rounds, linesEach, lastBurst)}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/logs/numbers.log
stdout_logfile_maxbytes=50KB
stdout_logfile_backups=1000
`,
  );
  let count = 0;
  await waitFor(
    'the last burst',
    async () => {
      if (existsSync(lastBurst)) {
        return true;
      }
      await disturb(supervised, count);
      count += 1;
      return false;
    },
    // Three hundred processes, one after another.
    2 * deadlineMs,
  );
  await supervised.rpc('sendProcessStdin', 'numbers', '\n');
  await waitFor('the numbers to end', async () => (await supervised.info('numbers')).statename === 'EXITED');
  expect(count).toBeGreaterThan(3);
  const errors = supervised.daemon.output.text.split('\n').filter((line) => line.includes(' ERRO '));
  expect(errors.filter((line) => mayFail?.test(line) !== true)).toEqual([]);
  return piecesOf(output, logFiles(sandbox, 'numbers.log'));
}

/** Where each piece begins if it begins where the one before it ends. */
function seams(pieces: readonly Piece[]): readonly number[] {
  return [0, ...pieces.map(({ end }) => end)].slice(0, pieces.length);
}

onEachDaemon(
  'a log that rotates',
  () => {
    scenarioTest('B16.4, B13.3: while others move it away and send USR2', async ({ sandbox }) => {
      const log = sandbox.path('logs/numbers.log');
      const pieces = await rotateWhile(sandbox, ({ daemon }, count) => {
        renameSync(log, `${log}-${count}`);
        daemon.signal('SIGUSR2');
      });
      expect(pieces.map(({ start }) => start)).toEqual(seams(pieces));
      expect(pieces.at(-1)?.end).toBe(output.length);
    });

    scenarioTest('B16.4: while its directory is replaced', async ({ sandbox }) => {
      const replace = (_: unknown, count: number): void => {
        renameSync(sandbox.path('logs'), sandbox.path(`logs-${count}`));
        mkdirSync(sandbox.path('logs'));
      };
      // In between there is no directory.
      const pieces = await rotateWhile(sandbox, replace, /cannot (?:open|rotate) '.*': ENOENT/);
      expect(pieces.map(({ start }) => start)).toEqual(seams(pieces));
      expect(pieces.at(-1)?.end).toBe(output.length);
    });

    scenarioTest('B16.4, B16.9: while it is cleared', async ({ sandbox }) => {
      const pieces = await rotateWhile(sandbox, (supervised) =>
        supervised.rpc('clearProcessLogs', 'numbers'),
      );
      // What was cleared is missing; nothing is there twice, and nothing after the last clearing is missing.
      expect(seams(pieces).every((end, index) => end <= (pieces[index]?.start ?? -1))).toBe(true);
      expect(pieces.at(-1)?.end).toBe(output.length);
    });
  },
  [ours],
);
