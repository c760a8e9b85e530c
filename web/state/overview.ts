/** What the overview shows of all processes, in which order, and which of them are chosen. */
import { computed, signal } from '@preact/signals';
import type { StateName } from '../stream/wire.ts';
import { arrange, descendingFirst, type Section, type SortKey } from '../model/arrange.ts';
import { parseFilter } from '../model/filter.ts';
import { arrangement, collapsedGroups } from './preferences.ts';
import { currentViews, processChanges, processNames } from './processes.ts';

export const filterText = signal('');
/** Empty: all states. */
export const filterStates = signal<ReadonlySet<StateName>>(new Set());
export const selection = signal<ReadonlySet<string>>(new Set());

/** Moves when rows sorted by a figure that never rests are to be sorted again. */
const resort = signal(0);
const resortMs = 10_000;
const restlessKeys: ReadonlySet<SortKey> = new Set(['cpu', 'memory']);

setInterval(() => {
  if (restlessKeys.has(arrangement.peek().key) && document.visibilityState === 'visible') {
    resort.value += 1;
  }
}, resortMs);

let lastSections: readonly Section[] = [];

/** Keeps its value as long as no row comes, goes or moves, whatever else changes. */
export const sections = computed<readonly Section[]>(() => {
  void processChanges.value;
  void resort.value;
  const isWanted = parseFilter(filterText.value);
  const states = filterStates.value;
  const views = currentViews().filter(
    (view) => (states.size === 0 || states.has(view.state)) && isWanted(view),
  );
  const arranged = arrange(views, arrangement.value);
  if (!isSameOrder(lastSections, arranged)) {
    lastSections = arranged.map((section) => sameOrNew(section, lastSections));
  }
  return lastSections;
});

/** Rows of sections that are not collapsed, from top to bottom. */
export const visibleNames = computed<readonly string[]>(() => {
  const collapsed = new Set(collapsedGroups.value);
  return sections.value.flatMap(({ group, names }) => (group !== null && collapsed.has(group) ? [] : names));
});

/** Chosen rows that are still there, whether the filter shows them or not. */
export const selectedNames = computed<readonly string[]>(() => {
  const chosen = selection.value;
  return chosen.size === 0 ? [] : processNames.value.filter((name) => chosen.has(name));
});

export function toggleSelected(name: string): void {
  const next = new Set(selection.value);
  if (!next.delete(name)) {
    next.add(name);
  }
  selection.value = next;
}

/** Chooses all of them, or none when all are chosen. */
export function toggleAllSelected(names: readonly string[]): void {
  const next = new Set(selection.value);
  const isEvery = names.every((name) => next.has(name));
  for (const name of names) {
    if (isEvery) {
      next.delete(name);
    } else {
      next.add(name);
    }
  }
  selection.value = next;
}

/** From the row chosen last to this one. */
export function selectRange(from: string, to: string): void {
  const names = visibleNames.value;
  const ends = [names.indexOf(from), names.indexOf(to)].toSorted((a, b) => a - b);
  const [first = -1, last = -1] = ends;
  if (first !== -1) {
    selection.value = new Set([...selection.value, ...names.slice(first, last + 1)]);
  }
}

export function clearSelection(): void {
  selection.value = new Set();
}

export function toggleStateFilter(state: StateName): void {
  const next = new Set(filterStates.value);
  if (!next.delete(state)) {
    next.add(state);
  }
  filterStates.value = next;
}

export function clearFilters(): void {
  filterText.value = '';
  filterStates.value = new Set();
}

export function sortBy(key: SortKey): void {
  const { key: current, descending } = arrangement.value;
  arrangement.value = {
    ...arrangement.value,
    key,
    descending: current === key ? !descending : descendingFirst.has(key),
  };
}

export function toggleGroup(group: string): void {
  const collapsed = collapsedGroups.value;
  collapsedGroups.value = collapsed.includes(group)
    ? collapsed.filter((name) => name !== group)
    : [...collapsed, group];
}

function isSameOrder(a: readonly Section[], b: readonly Section[]): boolean {
  return (
    a.length === b.length &&
    a.every((section, index) => section.group === b[index]?.group && isSame(section, b[index]))
  );
}

function isSame(a: Section, b: Section | undefined): boolean {
  return (
    b !== undefined &&
    a.names.length === b.names.length &&
    a.names.every((name, index) => name === b.names[index])
  );
}

/** A section that stayed as it was is the same object, so that its rows are not rendered again. */
function sameOrNew(section: Section, before: readonly Section[]): Section {
  const old = before.find(({ group }) => group === section.group);
  return old !== undefined && isSame(section, old) ? old : section;
}
