import { expect, test } from 'vitest';
import type { TimelineEntry } from '../stream/wire.ts';
import { buckets, byDay, filterEntries } from './timeline-groups.ts';

const noon = new Date(2026, 10, 26, 12).getTime();
const hourMs = 3_600_000;

function entry(id: number, atMs: number, changes: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    id,
    atMs,
    kind: 'state',
    process: 'web',
    text: `entry ${id}`,
    from: 'STARTING',
    to: 'RUNNING',
    ...changes,
  };
}

const entries = [
  entry(4, noon),
  entry(3, noon - hourMs, { from: 'BACKOFF', to: 'FATAL', process: 'api' }),
  entry(2, noon - 2 * hourMs, { kind: 'action', from: null, to: null, user: 'admin', text: 'stop' }),
  entry(1, noon - 20 * hourMs),
];

test('days, newest first', () => {
  expect(byDay(entries).map(({ day, entries }) => [day, entries.map(({ id }) => id)])).toEqual([
    ['2026-11-26', [4, 3, 2]],
    ['2026-11-25', [1]],
  ]);
});

test('buckets hold every entry once', () => {
  const found = buckets(entries, noon, 10);
  expect(found.map(({ crashes, others }) => `${crashes}/${others}`)).toEqual([
    '0/1',
    ...Array.from({ length: 8 }, () => '0/0'),
    '1/2',
  ]);
  expect(buckets([], noon, 10)).toEqual([]);
});

test('filters by what an entry is, and by text in any part', () => {
  const ids = (found: readonly TimelineEntry[]) => found.map(({ id }) => id);
  expect(ids(filterEntries(entries, new Set(['crash']), ''))).toEqual([3]);
  expect(ids(filterEntries(entries, new Set(), 'ADMIN'))).toEqual([2]);
  expect(ids(filterEntries(entries, new Set(), 'api'))).toEqual([3]);
  expect(ids(filterEntries(entries, new Set(), ''))).toEqual([4, 3, 2, 1]);
});
