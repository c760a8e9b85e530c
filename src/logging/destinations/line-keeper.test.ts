import { describe, expect, it } from 'vitest';

import { FakeClock } from '../../system/fake-clock.ts';
import { LineKeeper } from './line-keeper.ts';

function make() {
  const clock = new FakeClock();
  const written: string[] = [];
  const keeper = new LineKeeper(clock, (bytes) => void written.push(Buffer.from(bytes).toString()));
  const push = (text: string): void => keeper.push(Buffer.from(text));
  return { clock, written, keeper, push };
}

describe('LineKeeper', () => {
  it('hands on whole lines and keeps the rest for its end', () => {
    const { written, push, clock, keeper } = make();
    push('one\ntwo\nth');
    push('r');
    expect(keeper.keptBytes).toBe(3);
    push('ee\nfour\n');
    expect(written).toEqual(['one\ntwo\n', 'three\nfour\n']);
    expect(clock.pending).toBe(0);
  });

  it('lets an unfinished line go after a moment', () => {
    const { written, push, clock } = make();
    push('prompt> ');
    clock.advance(99);
    expect(written).toEqual([]);
    clock.advance(1);
    expect(written).toEqual(['prompt> ']);
    expect(clock.pending).toBe(0);
  });

  it('lets a line go that gets too long, and one that is to be flushed', () => {
    const { written, push, keeper, clock } = make();
    push('x'.repeat(70_000));
    expect(written).toHaveLength(1);
    push('end');
    keeper.flush();
    keeper.flush();
    expect(written.slice(1)).toEqual(['end']);
    expect([keeper.keptBytes, clock.pending]).toEqual([0, 0]);
  });

  it('gives a writer that is held back all the time it needs', () => {
    const { clock, keeper, push, written } = make();
    push('on');
    keeper.hold();
    clock.advance(1000);
    push('e');
    clock.advance(1000);
    expect([written, clock.pending]).toEqual([[], 0]);
    keeper.release();
    clock.advance(99);
    expect(written).toEqual([]);
    clock.advance(1);
    expect(written).toEqual(['one']);
  });
});
