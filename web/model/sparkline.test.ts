import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline.ts';

const box = { width: 40, height: 10, capacity: 5, max: 10 };

test('values end at the right edge and are scaled to the box', () => {
  expect(sparklinePath([0, 5, 10], box)).toBe('M20 10L30 5L40 0');
});

test('a value above the maximum sets the scale', () => {
  expect(sparklinePath([0, 20], box)).toBe('M30 10L40 0');
});

test('gaps break the line, and a single value draws nothing', () => {
  expect(sparklinePath([1, 2, null, 3, 4], box)).toBe('M0 9L10 8M30 7L40 6');
  expect(sparklinePath([3], box)).toBe('');
  expect(sparklinePath([], box)).toBe('');
});
