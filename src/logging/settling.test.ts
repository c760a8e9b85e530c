import { expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { Settling } from './settling.ts';

function world() {
  const clock = new FakeClock();
  const settling = new Settling(clock);
  const writing = { backlogBytes: 0, blockedForMs: 0 };
  let settled = 0;
  const wait = (): number => {
    settling.wait(writing, () => {
      settled += 1;
    });
    return settled;
  };
  return { clock, settling, writing, wait, settled: () => settled };
}

it('waits for nothing where nothing waits to be written, or the log is held up', () => {
  const { clock, writing, wait } = world();
  expect(wait()).toBe(1);
  Object.assign(writing, { backlogBytes: 5, blockedForMs: 250 });
  expect(wait()).toBe(2);
  expect(clock.pending).toBe(0);
});

it('waits until everything is written, which it is not if more has come', () => {
  const { clock, settling, writing, wait, settled } = world();
  Object.assign(writing, { backlogBytes: 5, blockedForMs: 249 });
  expect([wait(), wait()]).toEqual([0, 0]);
  settling.drained();
  expect(settled()).toBe(0);
  writing.backlogBytes = 0;
  settling.drained();
  expect(settled()).toBe(2);
  expect(clock.pending).toBe(0);
  settling.drained();
  expect(settled()).toBe(2);
});

it('does not wait for longer than a quarter of a second', () => {
  const { clock, settling, writing, wait, settled } = world();
  writing.backlogBytes = 5;
  wait();
  clock.advance(249);
  expect(settled()).toBe(0);
  clock.advance(1);
  expect(settled()).toBe(1);
  writing.backlogBytes = 0;
  settling.drained();
  expect(settled()).toBe(1);
});
