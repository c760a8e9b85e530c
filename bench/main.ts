/** `npm run bench`: each benchmark on Supervisor and on this project, interleaved in one run; figures are medians. */
import { configLoads } from './config-load.ts';
import { crashRestart } from './crash-restart.ts';
import { statusOfMany } from './many-programs.ts';
import { type Benchmark, describeFigures, run } from './measure.ts';

const benchmarks: readonly Benchmark[] = [crashRestart, statusOfMany, ...configLoads];

/** `names`: which to run; all when empty. */
export async function main(names: readonly string[]): Promise<number> {
  const chosen = benchmarks.filter(
    ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
  );
  const lines: string[] = [];
  for (const benchmark of chosen) {
    const figures = await run(benchmark, (text) => process.stderr.write(`${text}\n`));
    lines.push(describeFigures(figures));
  }
  const heading = [
    'benchmark'.padEnd(44),
    'unit'.padEnd(6),
    ...['original', 'ours', 'ratio'].map((name) => name.padStart(10)),
  ];
  process.stdout.write(`${[heading.join(' '), ...lines].join('\n')}\n`);
  return 0;
}
