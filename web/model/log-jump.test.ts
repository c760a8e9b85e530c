import { expect, test } from 'vitest';
import { findOffsetOfTime, type ReadPiece } from './log-jump.ts';

const start = Date.UTC(2026, 10, 26);

/** A log with a line a second, some of them without a time. */
function makeLog(lines: number): string {
  return Array.from({ length: lines }, (_, index) =>
    index % 3 === 2
      ? `  at frame ${index}\n`
      : `${new Date(start + index * 1000).toISOString()} line ${index}\n`,
  ).join('');
}

function reader(log: string): { readonly read: ReadPiece; readonly reads: () => number } {
  let count = 0;
  return {
    reads: () => count,
    read: (offset, length) => {
      count += 1;
      const end = Math.min(log.length, offset + length);
      return Promise.resolve({ text: log.slice(offset, end), offset, end, size: log.length });
    },
  };
}

test('finds a place shortly before the time, with few reads', async () => {
  const log = makeLog(200_000);
  const { read, reads } = reader(log);
  const wanted = start + 150_000_000;
  const offset = await findOffsetOfTime(wanted, log.length, read, start);
  const place = log.indexOf(new Date(wanted).toISOString());
  expect(offset).not.toBeNull();
  expect(place - (offset ?? 0)).toBeGreaterThanOrEqual(0);
  expect(place - (offset ?? 0)).toBeLessThan(80 * 1024);
  expect(reads()).toBeLessThan(20);
});

test('a time before everything is the beginning', async () => {
  const log = makeLog(20_000);
  expect(await findOffsetOfTime(start - 1, log.length, reader(log).read, start)).toBe(0);
});

test('a time after everything is near the end', async () => {
  const log = makeLog(20_000);
  const offset = await findOffsetOfTime(start + 1e12, log.length, reader(log).read, start);
  expect(log.length - (offset ?? 0)).toBeLessThanOrEqual(64 * 1024);
});

test('a log without times has no such place', async () => {
  const log = 'nothing to see\n'.repeat(50_000);
  const { read, reads } = reader(log);
  expect(await findOffsetOfTime(start, log.length, read, start)).toBeNull();
  expect(reads()).toBeLessThan(10);
});
