import { expect, it } from 'vitest';
import { Descriptor } from './descriptor.ts';
import { DescriptorReserve } from './descriptor-reserve.ts';

/** A reserve on a machine with so many descriptors left. */
function reserveWith(left: number) {
  const state = { left, opened: 0 };
  const reserve = new DescriptorReserve({
    open() {
      if (state.left === 0) {
        return null;
      }
      state.left -= 1;
      state.opened += 1;
      return new Descriptor(100 + state.opened);
    },
    close(fd) {
      if (fd.release() !== null) {
        state.left += 1;
      }
    },
  });
  return { reserve, state };
}

it('holds nothing unless asked to', () => {
  const { reserve, state } = reserveWith(10);
  reserve.refill();
  expect([reserve.release(), state.opened]).toEqual([false, 0]);
});

it('lets go for a start, and takes again what is left then', () => {
  const { reserve, state } = reserveWith(10);
  reserve.resize(8);
  expect(state.left).toBe(2);
  expect(reserve.release()).toBe(true);
  expect(state.left).toBe(10);
  state.left = 5;
  reserve.refill();
  expect(state.left).toBe(0);
  state.left = 7;
  reserve.refill();
  expect(state.left).toBe(4);
});

it('is given up when it is not needed any more', () => {
  const { reserve, state } = reserveWith(10);
  reserve.resize(8);
  reserve.resize(0);
  expect(state.left).toBe(10);
  reserve.refill();
  expect(state.left).toBe(10);
});
