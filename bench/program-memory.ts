/** What a further program costs the daemon in memory: two hundred that have spoken on both streams, against one. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { Flavour } from '../test/helpers/flavours.ts';
import type { Benchmark } from './measure.ts';
import { LogRound } from './written-logs.ts';

const programs = 200;

/** Garbage comes and goes: the least of so many looks counts. */
const looks = 10;
const betweenLooksMs = 200;

export const programMemory: Benchmark = {
  name: 'log-memory',
  figures: [{ name: 'private memory of a further program', unit: 'kB' }],
  rounds: 5,
  measure: async (flavour) => {
    const one = await privateWith(flavour, 1);
    return [((await privateWith(flavour, programs)) - one) / (programs - 1)];
  },
};

/** Private kilobytes of a daemon with so many programs. */
async function privateWith(flavour: Flavour, count: number): Promise<number> {
  const round = new LogRound();
  try {
    const { daemon } = await round.start(
      flavour,
      `[program:speaker]
command=/bin/sh -c 'echo out && echo err >&2 && exec sleep 1000'
process_name=%(program_name)s_%(process_num)d
numprocs=${count}
startsecs=0
stdout_logfile=%(here)s/%(process_num)d.out
stderr_logfile=%(here)s/%(process_num)d.err
`,
      'minfds=2048',
    );
    for (let index = 0; index < count; index += 1) {
      await round.growing(`${index}.out`);
      await round.growing(`${index}.err`);
    }
    let least = Number.POSITIVE_INFINITY;
    for (let look = 0; look < looks; look += 1) {
      await delay(betweenLooksMs);
      least = Math.min(least, privateKilobytes(daemon.pid));
    }
    return least;
  } finally {
    await round.close();
  }
}

/** What a process shares with nobody. Source: proc(5), `/proc/pid/smaps_rollup`. */
function privateKilobytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce(
    (sum, [, kilobytes]) => sum + Number(kilobytes),
    0,
  );
}
