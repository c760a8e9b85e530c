/** `npm run bench`: each benchmark on Supervisor and on this project, interleaved in one run; figures are medians. */
import { configLoads } from './config-load.ts';
import { crashRestart } from './crash-restart.ts';
import { floodedCalls } from './flooded-calls.ts';
import { logFollowers } from './log-followers.ts';
import { logThroughput } from './log-throughput.ts';
import { callsOfMany, startOfMany, statusOfMany } from './many-programs.ts';
import { type Benchmark, describeResults, heading, run } from './measure.ts';
import { reloading } from './reload.ts';
import { smallWriters } from './small-writers.ts';

const benchmarks: readonly Benchmark[] = [
  crashRestart,
  statusOfMany,
  callsOfMany,
  startOfMany,
  ...configLoads,
  ...logThroughput,
  smallWriters,
  floodedCalls,
  ...logFollowers,
  reloading,
];

/** `names`: which to run; all when empty. */
export async function main(names: readonly string[]): Promise<number> {
  const chosen = benchmarks.filter(
    ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
  );
  const lines: string[] = [];
  for (const benchmark of chosen) {
    const results = await run(benchmark, (text) => process.stderr.write(`${text}\n`));
    lines.push(describeResults(results));
  }
  process.stdout.write(`${[heading(), ...lines].join('\n')}\n`);
  return 0;
}
