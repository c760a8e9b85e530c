/** The timeline for a reader: days, and how much happened when. */
import type { TimelineEntry } from '../stream/wire.ts';
import { markOf, type EntryMark } from './away.ts';
import { formatDay } from './format.ts';

export interface TimelineDay {
  readonly day: string;
  readonly entries: readonly TimelineEntry[];
}

/** Entries newest first, by day. */
export function byDay(entries: readonly TimelineEntry[]): readonly TimelineDay[] {
  const days: { day: string; entries: TimelineEntry[] }[] = [];
  for (const entry of entries) {
    const day = formatDay(entry.atMs);
    const last = days.at(-1);
    if (last?.day === day) {
      last.entries.push(entry);
    } else {
      days.push({ day, entries: [entry] });
    }
  }
  return days;
}

export interface Bucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly crashes: number;
  readonly others: number;
}

/** How many entries fall into each of `count` equal parts of the time from the oldest to now. */
export function buckets(entries: readonly TimelineEntry[], nowMs: number, count: number): readonly Bucket[] {
  const oldest = entries.at(-1)?.atMs;
  if (oldest === undefined) {
    return [];
  }
  const stepMs = Math.max(1000, (nowMs - oldest) / count);
  const result = Array.from({ length: count }, (_, index) => ({
    fromMs: nowMs - (count - index) * stepMs,
    toMs: nowMs - (count - index - 1) * stepMs,
    crashes: 0,
    others: 0,
  }));
  for (const entry of entries) {
    const at = Math.floor((entry.atMs - (result[0]?.fromMs ?? 0)) / stepMs);
    const bucket = result[Math.min(count - 1, Math.max(0, at))];
    if (bucket !== undefined) {
      bucket[markOf(entry) === 'crash' ? 'crashes' : 'others'] += 1;
    }
  }
  return result;
}

export type MarkFilter = ReadonlySet<EntryMark>;

/** Entries of these marks (all when empty) that contain the text. */
export function filterEntries(
  entries: readonly TimelineEntry[],
  marks: MarkFilter,
  text: string,
): readonly TimelineEntry[] {
  const wanted = text.trim().toLowerCase();
  return entries.filter(
    (entry) =>
      (marks.size === 0 || marks.has(markOf(entry))) &&
      (wanted === '' ||
        [entry.process, entry.text, entry.user, entry.interface].some((part) =>
          part?.toLowerCase().includes(wanted),
        )),
  );
}
