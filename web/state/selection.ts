/** Which rows of the overview are chosen. */
import { computed, signal } from '@preact/signals';
import { visibleNames } from './listing.ts';
import { processNames } from './processes.ts';

export const selection = signal<ReadonlySet<string>>(new Set());

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
