/** What happened since somebody last looked, in a sentence. */
import type { StateName, TimelineEntry } from '../stream/wire.ts';
import { plural } from './format.ts';

export type EntryMark = 'crash' | 'start' | 'stop' | 'action' | 'daemon' | 'other';

const failed: ReadonlySet<StateName> = new Set(['FATAL', 'BACKOFF', 'UNKNOWN']);

/** What an entry of the timeline is, to a reader who looks for trouble. */
export function markOf({ kind, from, to, text }: TimelineEntry): EntryMark {
  if (kind !== 'state') {
    return kind === 'action' ? 'action' : 'daemon';
  }
  if (to === undefined || to === null) {
    return 'other';
  }
  if (failed.has(to) || (to === 'EXITED' && from === 'RUNNING' && isUnexpected(text))) {
    return 'crash';
  }
  if (to === 'RUNNING') {
    return 'start';
  }
  return to === 'STOPPED' || to === 'EXITED' ? 'stop' : 'other';
}

/** The texts of exits say so when one was not expected. */
function isUnexpected(text: string): boolean {
  return /not expected|unexpected/i.test(text);
}

export interface AwaySummary {
  /** `2 crashes, 1 start` */
  readonly text: string;
  /** The programs concerned, the most troubled first. */
  readonly names: readonly string[];
}

const nouns: readonly (readonly [EntryMark, string, string])[] = [
  ['crash', 'crash', 'crashes'],
  ['start', 'start', 'starts'],
  ['stop', 'stop', 'stops'],
  ['action', 'action', 'actions'],
];

/** Null when nothing happened after `sinceMs` that is worth a word. */
export function summariseSince(entries: readonly TimelineEntry[], sinceMs: number): AwaySummary | null {
  const counts = new Map<EntryMark, number>();
  const troubles = new Map<string, number>();
  for (const entry of entries.filter(({ atMs }) => atMs > sinceMs)) {
    const mark = markOf(entry);
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
    if (entry.process !== null) {
      troubles.set(entry.process, (troubles.get(entry.process) ?? 0) + (mark === 'crash' ? 1 : 0));
    }
  }
  const parts = nouns.flatMap(([mark, one, many]) => {
    const count = counts.get(mark) ?? 0;
    return count === 0 ? [] : [count === 1 ? plural(1, one) : `${count.toLocaleString('en')} ${many}`];
  });
  if (parts.length === 0) {
    return null;
  }
  const names = [...troubles].toSorted((a, b) => b[1] - a[1]).map(([name]) => name);
  return { text: parts.join(', '), names };
}
