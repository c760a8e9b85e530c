import { expect, test } from 'vitest';
import type { StateChange, StateName } from '../stream/wire.ts';
import { stateSegments } from './state-segments.ts';

function change(atMs: number, to: StateName): StateChange {
  return { atMs, from: null, to, pid: null, exit: null, cause: null };
}

test('the strip reaches from the first change to now', () => {
  const segments = stateSegments(
    [change(100, 'STARTING'), change(200, 'RUNNING'), change(900, 'EXITED')],
    1100,
  );
  expect(segments.map(({ state, x, width }) => [state, x, width])).toEqual([
    ['STARTING', 0, 100],
    ['RUNNING', 100, 700],
    ['EXITED', 800, 200],
  ]);
});

test('a state of a moment can still be seen, and nothing stands outside', () => {
  const segments = stateSegments([change(0, 'RUNNING'), change(99_999, 'FATAL')], 100_000);
  expect(segments[1]).toMatchObject({ x: 997, width: 3 });
});

test('no changes, no strip', () => {
  expect(stateSegments([], 5)).toEqual([]);
});
