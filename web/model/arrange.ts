/** The order of the overview: sorted rows, in groups if wanted. */
import type { ProcessView } from '../stream/wire.ts';
import { statesBySeverity } from './states.ts';

export type SortKey = 'name' | 'state' | 'uptime' | 'pid' | 'cpu' | 'memory' | 'restarts' | 'exit';

export interface Arrangement {
  readonly key: SortKey;
  readonly descending: boolean;
  readonly grouped: boolean;
}

export interface Section {
  /** Null: programs that stand for themselves. */
  readonly group: string | null;
  readonly names: readonly string[];
}

const severity = new Map(statesBySeverity.map((state, index) => [state, index]));

/** What a column is sorted by; null (nothing to compare) always comes last. */
const values: Readonly<Record<SortKey, (process: ProcessView) => number | string | null>> = {
  name: (process) => process.name,
  state: (process) => severity.get(process.state) ?? null,
  // Since when it runs, turned around: the longest uptime is the earliest start.
  uptime: (process) => (process.pid === null || process.startedAtMs === null ? null : -process.startedAtMs),
  pid: (process) => process.pid,
  cpu: (process) => process.cpuPercent,
  memory: (process) => process.memoryBytes,
  restarts: (process) => process.restarts,
  exit: (process) => process.exit?.atMs ?? null,
};

/** Columns whose interesting end is the large one are turned around by the first click. */
export const descendingFirst: ReadonlySet<SortKey> = new Set(['uptime', 'cpu', 'memory', 'restarts', 'exit']);

const collator = new Intl.Collator('en', { numeric: true });

/** Orders processes, equal ones by name. */
export function compareProcesses({
  key,
  descending,
}: Pick<Arrangement, 'key' | 'descending'>): (a: ProcessView, b: ProcessView) => number {
  const valueOf = values[key];
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const x = valueOf(a);
    const y = valueOf(b);
    if (x === null || y === null) {
      return Number(x === null) - Number(y === null) || collator.compare(a.name, b.name);
    }
    const order =
      typeof x === 'string' || typeof y === 'string' ? collator.compare(String(x), String(y)) : x - y;
    return sign * order || collator.compare(a.name, b.name);
  };
}

/** Sections in the order of their first row. Without groups, and for programs of one process, there is one for all. */
export function arrange(processes: readonly ProcessView[], arrangement: Arrangement): readonly Section[] {
  const sorted = processes.toSorted(compareProcesses(arrangement));
  const sections = new Map<string | null, string[]>();
  for (const process of sorted) {
    const group = arrangement.grouped && process.name !== process.group ? process.group : null;
    const names = sections.get(group);
    if (names === undefined) {
      sections.set(group, [process.name]);
    } else {
      names.push(process.name);
    }
  }
  return [...sections].map(([group, names]) => ({ group, names }));
}

/** The sections of `after`; what is the same as before is the same object, so that it is not rendered again. */
export function keepSections(before: readonly Section[], after: readonly Section[]): readonly Section[] {
  const kept = after.map(
    (section) => before.find((old) => old.group === section.group && hasSameNames(old, section)) ?? section,
  );
  const isSame = kept.length === before.length && kept.every((section, index) => section === before[index]);
  return isSame ? before : kept;
}

function hasSameNames(a: Section, b: Section): boolean {
  return a.names.length === b.names.length && a.names.every((name, index) => name === b.names[index]);
}
