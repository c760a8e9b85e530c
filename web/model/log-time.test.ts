import { expect, test } from 'vitest';
import { parseLineTime } from './log-time.ts';

const now = new Date(2026, 10, 26, 12, 0, 0).getTime();
const local = (...fields: readonly [number, number, number, number, number, number, number]): number =>
  new Date(...fields).getTime();

test.each([
  ['2026-11-26 09:08:07,123 INFO started', local(2026, 10, 26, 9, 8, 7, 123)],
  ['[2026-11-26 09:08:07 +0100] [12] [INFO] Booting', Date.UTC(2026, 10, 26, 8, 8, 7)],
  ['2026-11-26T09:08:07.123456Z level=info', Date.UTC(2026, 10, 26, 9, 8, 7, 123)],
  ['2026/11/26 09:08:07 [error] 31#31: *1', local(2026, 10, 26, 9, 8, 7, 0)],
  ['127.0.0.1 - - [26/Nov/2026:09:08:07 -0530] "GET / HTTP/1.1"', Date.UTC(2026, 10, 26, 14, 38, 7)],
  ['Nov 26 09:08:07 host sshd[1]: x', local(2026, 10, 26, 9, 8, 7, 0)],
  ['Dec  3 09:08:07 host sshd[1]: x', local(2025, 11, 3, 9, 8, 7, 0)],
  ['{"level":30,"time":1764150000123,"msg":"x"}', 1_764_150_000_123],
  ['{"ts": 1764150000.5}', 1_764_150_000_500],
  ['1764150000 something', 1_764_150_000_000],
  ['\u001B[32m2026-11-26 09:08:07\u001B[0m x', local(2026, 10, 26, 9, 8, 7, 0)],
])('%s', (line, atMs) => {
  expect(parseLineTime(line, now)).toBe(atMs);
});

test.each([
  '',
  'no time here',
  '12:30:00 only a time of day',
  '99/Foo/2026:09:08:07 +0000',
  'order 17641500001 paid',
])('%j has none', (line) => {
  expect(parseLineTime(line, now)).toBeNull();
});
