import { describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { StartOrder } from './start-order.ts';

function makeWorld() {
  const clock = new FakeClock();
  const order = new StartOrder(clock);
  const gone: string[] = [];
  const enter = (name: string) => {
    const place = order.enter();
    return { ready: () => place.ready(() => gone.push(name)), leave: () => place.leave() };
  };
  return { clock, gone, enter };
}

describe('those who are to be started', () => {
  it('go at once where nobody is before them', () => {
    const { gone, enter } = makeWorld();
    enter('a').ready();
    enter('b').ready();
    expect(gone).toEqual(['a', 'b']);
  });

  it('go in the order in which they came, whoever is ready first', async () => {
    const { gone, enter } = makeWorld();
    const [a, b, c] = [enter('a'), enter('b'), enter('c')];
    c.ready();
    b.ready();
    expect(gone).toEqual([]);
    a.ready();
    expect(gone).toEqual(['a']);
    await Promise.resolve();
    expect(gone).toEqual(['a', 'b', 'c']);
  });

  it('wait for nobody who has given up', async () => {
    const { gone, enter } = makeWorld();
    const [a, b] = [enter('a'), enter('b')];
    b.ready();
    a.leave();
    await Promise.resolve();
    expect(gone).toEqual(['b']);
    a.ready();
    expect(gone).toEqual(['b', 'a']);
  });

  it('wait a quarter of a second for one who takes long, who goes when he is ready', async () => {
    const { clock, gone, enter } = makeWorld();
    const [slow, b, c] = [enter('slow'), enter('b'), enter('c')];
    b.ready();
    clock.advance(249);
    c.ready();
    expect(gone).toEqual([]);
    clock.advance(1);
    expect(gone).toEqual(['b']);
    slow.ready();
    await Promise.resolve();
    expect(gone).toEqual(['b', 'slow', 'c']);
  });

  it('give way to others after ten milliseconds', async () => {
    const clock = new FakeClock();
    const order = new StartOrder(clock);
    const gone: number[] = [];
    const first = order.enter();
    for (let number = 1; number <= 20; number += 1) {
      order.enter().ready(() => {
        gone.push(number);
        clock.advance(3);
      });
    }
    first.leave();
    await Promise.resolve();
    expect(gone).toEqual([1, 2, 3, 4]);
    clock.advance(0);
    expect(gone.length).toBeGreaterThan(4);
    clock.advance(300);
    expect(gone).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('go when the one before has come to its end, and not within it', async () => {
    const order = new StartOrder(new FakeClock());
    const told: string[] = [];
    const [a, b] = [order.enter(), order.enter()];
    b.ready(() => told.push('b'));
    a.ready(() => told.push('a'));
    told.push('what a leads to');
    await Promise.resolve();
    expect(told).toEqual(['a', 'what a leads to', 'b']);
  });
});
