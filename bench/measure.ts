/** Measuring two implementations side by side: interleaved rounds in one run, medians, and their ratio. */
import { flavours, type Flavour } from '../test/helpers/flavours.ts';

export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** Rounds of each implementation. */
  readonly rounds: number;
  /** One figure of one round, in `unit`. */
  measure(flavour: Flavour): Promise<number>;
}

export interface Figures {
  readonly benchmark: Benchmark;
  readonly medians: ReadonlyMap<Flavour['name'], number>;
}

/** Runs a benchmark; implementations that cannot be run here are left out. */
export async function run(benchmark: Benchmark, onRound: (text: string) => void): Promise<Figures> {
  const present = flavours.filter((flavour) => flavour.supervisordMissing === null);
  const samples = new Map<Flavour['name'], number[]>(present.map(({ name }) => [name, []]));
  for (let round = 1; round <= benchmark.rounds; round += 1) {
    for (const flavour of present) {
      onRound(`${benchmark.name}: round ${round} of ${benchmark.rounds}, ${flavour.name}`);
      samples.get(flavour.name)?.push(await benchmark.measure(flavour));
    }
  }
  return { benchmark, medians: new Map([...samples].map(([name, values]) => [name, median(values)])) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** One line of the table that the run ends with. */
export function describeFigures({ benchmark, medians }: Figures): string {
  const ours = medians.get('ours');
  const original = medians.get('original');
  const cell = (value: number | undefined): string =>
    (value === undefined ? '-' : value.toPrecision(3)).padStart(10);
  const ratio = ours === undefined || original === undefined ? undefined : ours / original;
  return `${benchmark.name.padEnd(44)} ${benchmark.unit.padEnd(6)} ${cell(original)} ${cell(ours)} ${cell(ratio)}`;
}
