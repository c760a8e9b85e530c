import { describe, expect, test } from 'vitest';
import { formatBytes, formatDuration, formatMoment, formatPercent, plural } from './format.ts';

describe('formatDuration', () => {
  test.each([
    [-5, '0s'],
    [999, '0s'],
    [42_000, '42s'],
    [725_000, '12m 05s'],
    [15_120_000, '4h 12m'],
    [86_400_000, '1d 0h'],
    [273_600_000, '3d 4h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1024, '1.0 kB'],
  [1_468_006, '1.4 MB'],
  [125_829_120, '120 MB'],
  [5 * 1024 ** 4, '5.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('percentages lose their fraction from a hundred on', () => {
  expect([0, 12.34, 99.9, 99.96, 240.2].map(formatPercent)).toEqual([
    '0.0%',
    '12.3%',
    '99.9%',
    '100%',
    '240%',
  ]);
});

test('a moment names its day only when that is not today', () => {
  const now = new Date(2026, 10, 26, 22, 0, 0).getTime();
  expect(formatMoment(new Date(2026, 10, 26, 9, 5, 1).getTime(), now)).toBe('09:05:01');
  expect(formatMoment(new Date(2026, 10, 25, 9, 5, 1).getTime(), now)).toBe('2026-11-25 09:05:01');
});

test('plural', () => {
  expect([plural(1, 'program'), plural(1200, 'program')]).toEqual(['1 program', '1,200 programs']);
});
