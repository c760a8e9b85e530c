/** `npm run bench`: each benchmark on Supervisor and on this project, interleaved in one run; figures are medians. */
import { configLoads } from './config-load.ts';
import { crashRestart } from './crash-restart.ts';
import { exactness } from './exactness.ts';
import { callsDuringFloods } from './flooded-calls.ts';
import { lineASecond } from './line-a-second.ts';
import { logFollowers } from './log-followers.ts';
import { logThroughput } from './log-throughput.ts';
import { callsOfMany, startOfMany, statusOfMany } from './many-programs.ts';
import { type Benchmark, describeAll, type Results, run } from './measure.ts';
import { programMemory } from './program-memory.ts';
import { reloading } from './reload.ts';
import { smallWriters } from './small-writers.ts';

const benchmarks: readonly Benchmark[] = [
  crashRestart,
  statusOfMany,
  callsOfMany,
  startOfMany,
  ...configLoads,
  ...logThroughput,
  ...exactness,
  smallWriters,
  lineASecond,
  programMemory,
  ...callsDuringFloods,
  ...logFollowers,
  reloading,
];

const usage = 'usage: npm run bench [-- [--rounds N] NAME...]\n';

/** `--rounds N` for a quick look; the others are names of those to run, all when there are none. */
export async function main(args: readonly string[]): Promise<number> {
  const [option, value, ...rest] = args;
  const isShort = option === '--rounds';
  const [rounds, names] = isShort ? [Number(value), rest] : [null, args];
  if (rounds !== null && !(Number.isSafeInteger(rounds) && rounds > 0)) {
    process.stderr.write(usage);
    return 2;
  }
  const chosen = benchmarks.filter(
    ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
  );
  const all: Results[] = [];
  for (const benchmark of chosen) {
    const shortened = { ...benchmark, rounds: rounds ?? benchmark.rounds };
    all.push(await run(shortened, (text) => process.stderr.write(`${text}\n`)));
  }
  process.stdout.write(`${describeAll(all)}\n`);
  return 0;
}
