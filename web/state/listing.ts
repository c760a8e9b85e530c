/** Which processes the overview shows, and in which order. */
import { computed, signal } from '@preact/signals';
import type { StateName } from '../stream/wire.ts';
import { arrange, descendingFirst, keepSections, type Section, type SortKey } from '../model/arrange.ts';
import { parseFilter } from '../model/filter.ts';
import { arrangement, collapsedGroups } from './preferences.ts';
import { currentViews, processChanges } from './processes.ts';

export const filterText = signal('');
/** Empty: all states. */
export const filterStates = signal<ReadonlySet<StateName>>(new Set());

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
  lastSections = keepSections(lastSections, arrange(views, arrangement.value));
  return lastSections;
});

/** Rows of sections that are not collapsed, from top to bottom. */
export const visibleNames = computed<readonly string[]>(() => {
  const collapsed = new Set(collapsedGroups.value);
  return sections.value.flatMap(({ group, names }) => (group !== null && collapsed.has(group) ? [] : names));
});

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
