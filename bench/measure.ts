/** Measuring implementations side by side: interleaved rounds in one run, medians, and their ratio. */
import { flavours, type Flavour } from '../test/helpers/flavours.ts';

/** What is measured of one round. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
}

export interface Benchmark {
  /** For choosing it. */
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Rounds of each implementation. */
  readonly rounds: number;
  /** The values of one round, in the order of `figures`. */
  measure(flavour: Flavour): Promise<readonly number[]>;
  /** The original has nothing like it. */
  readonly isOursOnly?: boolean;
  /** The same work by a program that does nothing else, as the physical limit. */
  readonly measureLimit?: () => Promise<readonly number[]>;
  /** The same work by programs of others that are known for it. */
  readonly others?: readonly Other[];
}

/** A program that is no supervisor. */
export interface Other {
  readonly name: string;
  /** Why it cannot be run here; null: it can. */
  readonly missing: string | null;
  measure(): Promise<readonly number[]>;
}

export interface Results {
  readonly benchmark: Benchmark;
  /** By contestant, medians in the order of the figures; those that cannot be run here are missing. */
  readonly medians: ReadonlyMap<string, readonly number[]>;
}

export async function run(benchmark: Benchmark, onRound: (text: string) => void): Promise<Results> {
  const contestants = contestantsOf(benchmark);
  const samples = new Map<string, (readonly number[])[]>();
  for (let round = 1; round <= benchmark.rounds; round += 1) {
    for (const [name, measure] of contestants) {
      const values = await measure();
      samples.set(name, [...(samples.get(name) ?? []), values]);
      const shown = values.map((value) => value.toPrecision(3)).join(', ');
      onRound(`${benchmark.name}: round ${round} of ${benchmark.rounds}, ${name}: ${shown}`);
    }
  }
  const medians = new Map<string, readonly number[]>();
  for (const [name, rounds] of samples) {
    medians.set(
      name,
      benchmark.figures.map((_, index) => median(rounds.map((values) => values[index] ?? Number.NaN))),
    );
  }
  return { benchmark, medians };
}

function contestantsOf(benchmark: Benchmark): Map<string, () => Promise<readonly number[]>> {
  const { isOursOnly = false } = benchmark;
  const present = flavours.filter(
    ({ name, supervisordMissing }) => supervisordMissing === null && (name === 'ours' || !isOursOnly),
  );
  const contestants = new Map<string, () => Promise<readonly number[]>>(
    present.map((flavour) => [flavour.name, () => benchmark.measure(flavour)]),
  );
  if (benchmark.measureLimit !== undefined) {
    contestants.set('limit', benchmark.measureLimit);
  }
  for (const other of presentOthers(benchmark)) {
    contestants.set(other.name, () => other.measure());
  }
  return contestants;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

function presentOthers({ others = [] }: Benchmark): readonly Other[] {
  return others.filter(({ missing }) => missing === null);
}

const columns = ['original', 'ours', 'ratio', 'limit', 'of limit'];

/** The table that a run ends with: a heading, one line a figure, and whom it leaves out. */
export function describeAll(all: readonly Results[]): string {
  const others = all.flatMap(({ benchmark }) => benchmark.others ?? []);
  const names = [...new Set(others.filter(({ missing }) => missing === null).map(({ name }) => name))];
  const left = new Set(
    others.flatMap(({ name, missing }) => (missing === null ? [] : `${name}: ${missing}`)),
  );
  const rows = all.flatMap((results) => describeResults(results, names));
  return [row('benchmark', 'unit', [...columns, ...names]), ...rows, ...left].join('\n');
}

function describeResults({ benchmark, medians }: Results, others: readonly string[]): readonly string[] {
  return benchmark.figures.map(({ name, unit }, index) => {
    const value = (contestant: string): number => medians.get(contestant)?.[index] ?? Number.NaN;
    const [original, ours, limit] = [value('original'), value('ours'), value('limit')];
    const cells = [original, ours, ours / original, limit, ours / limit, ...others.map(value)];
    return row(
      name,
      unit,
      cells.map((cell) => (Number.isNaN(cell) ? '-' : cell.toPrecision(3))),
    );
  });
}

function row(name: string, unit: string, cells: readonly string[]): string {
  return [name.padEnd(44), unit.padEnd(8), ...cells.map((cell) => cell.padStart(10))].join(' ');
}
