import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../system/fake-clock.ts';
import { MemoryKeeper } from './memory-keeper.ts';

const mebibyte = 1024 * 1024;

/** A process of 50 MiB with garbage beside it. */
function makeKeeper() {
  const clock = new FakeClock();
  const state = { garbage: 0, inUse: 0, given: 0 };
  const memory = {
    residentBytes: () => (50 + state.garbage + state.inUse) * mebibyte,
    returnLargeBlocks: () => undefined,
    giveBack: (given: () => void) => {
      state.garbage = 0;
      state.given += 1;
      given();
    },
  };
  const keeper = new MemoryKeeper(memory, clock);
  keeper.begin();
  return { keeper, state, clock };
}

describe('MemoryKeeper', () => {
  it('gives back once what the start has left', () => {
    const { keeper, state, clock } = makeKeeper();
    state.garbage = 5;
    keeper.settleSoon();
    expect(state.given).toBe(0);
    clock.advance(60_000);
    expect([state.given, state.garbage, clock.pending]).toEqual([1, 0, 0]);
  });

  it('does nothing after its end', () => {
    const { keeper, state, clock } = makeKeeper();
    keeper.settleSoon();
    keeper.end();
    expect([state.given, clock.pending]).toEqual([0, 0]);
  });

  it('does nothing while little comes in, or nothing is left of it', () => {
    const { keeper, state, clock } = makeKeeper();
    keeper.noticed(mebibyte);
    expect(clock.pending).toBe(0);
    keeper.noticed(8 * mebibyte);
    clock.advance(1000);
    expect([state.given, clock.pending]).toEqual([0, 0]);
  });

  it('gives back what much traffic has left', () => {
    const { keeper, state, clock } = makeKeeper();
    state.garbage = 20;
    keeper.noticed(20 * mebibyte);
    clock.advance(1000);
    expect([state.given, state.garbage, clock.pending]).toEqual([1, 0, 0]);
  });

  it('comes back for what was in use, and gives up at last', () => {
    const { keeper, state, clock } = makeKeeper();
    state.inUse = 20;
    keeper.noticed(20 * mebibyte);
    clock.advance(1000);
    expect(state.given).toBe(1);
    Object.assign(state, { inUse: 0, garbage: 20 });
    clock.advance(2000);
    expect([state.given, state.garbage, clock.pending]).toEqual([2, 0, 0]);
    state.inUse = 20;
    keeper.noticed(20 * mebibyte);
    clock.advance(10 * 60_000);
    expect(clock.pending).toBe(0);
  });

  it('looks soon after new traffic, also when it had given up for a while', () => {
    const { keeper, state, clock } = makeKeeper();
    state.inUse = 20;
    keeper.noticed(20 * mebibyte);
    clock.advance(7000);
    Object.assign(state, { inUse: 0, garbage: 20 });
    keeper.noticed(20 * mebibyte);
    clock.advance(2500);
    expect(state.garbage).toBe(0);
  });

  it('does not work without end for what is in use while there is traffic', () => {
    const { keeper, state, clock } = makeKeeper();
    state.inUse = 40;
    for (let turn = 0; turn < 20; turn += 1) {
      keeper.noticed(20 * mebibyte);
      clock.advance(250);
    }
    expect(state.given).toBeLessThan(4);
  });
});
