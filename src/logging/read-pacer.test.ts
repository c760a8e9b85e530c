import { expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { type PacedPipe, ReadPacer } from './read-pacer.ts';

function makeWorld() {
  const clock = new FakeClock();
  const pacer = new ReadPacer(clock);
  const looks: string[] = [];
  const makePipe = (name: string, onLook: (pipe: PacedPipe) => void = () => undefined): PacedPipe => {
    const pipe: PacedPipe = {
      look: () => {
        looks.push(`${name} ${clock.monotonicMs()}`);
        onLook(pipe);
      },
    };
    return pipe;
  };
  return { clock, pacer, looks, makePipe };
}

it('looks at the pipes of an interval together', () => {
  const { clock, pacer, looks, makePipe } = makeWorld();
  pacer.add(makePipe('a'), 20);
  clock.advance(7);
  pacer.add(makePipe('b'), 20);
  pacer.add(makePipe('c'), 5);
  clock.advance(13);
  expect(looks).toEqual(['c 12', 'c 17', 'a 20', 'b 20']);
  expect(clock.pending).toBe(2);
});

it('has each pipe at one interval, the last that was asked for', () => {
  const { clock, pacer, looks, makePipe } = makeWorld();
  const pipe = makePipe('a');
  pacer.add(pipe, 1);
  pacer.add(pipe, 5);
  clock.advance(10);
  expect([looks, clock.pending]).toEqual([['a 5', 'a 10'], 1]);
  pacer.remove(pipe);
  clock.advance(100);
  expect([looks.length, clock.pending]).toEqual([2, 0]);
});

it('looks once at a pipe that goes and comes back meanwhile, and not at one that has gone', () => {
  const { clock, pacer, looks, makePipe } = makeWorld();
  const closed = makePipe('closed');
  const first = makePipe('a', (pipe) => {
    pacer.remove(closed);
    pacer.remove(pipe);
    pacer.add(pipe, 5);
  });
  pacer.add(first, 5);
  pacer.add(closed, 5);
  clock.advance(10);
  expect([looks, clock.pending]).toEqual([['a 5', 'a 10'], 1]);
});
