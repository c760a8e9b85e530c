import { describe, expect, it } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { HeldAnswers } from './held-answers.ts';

function makeHeld() {
  const time = { nowMs: 0 };
  const held = new HeldAnswers(100, () => time.nowMs);
  const dropped: string[] = [];
  const add = (name: string, bytes: number): (() => void) => {
    let over = (): void => undefined;
    held.add({
      request: { socket: { destroy: () => dropped.push(name) } },
      response: { writableLength: bytes },
      whenOver: (callback: () => void) => {
        over = callback;
      },
    } as unknown as Pick<Exchange, 'request' | 'response' | 'whenOver'>);
    return over;
  };
  return { time, dropped, add };
}

describe('HeldAnswers', () => {
  it('drops who has waited longest, and for a while', () => {
    const { time, dropped, add } = makeHeld();
    add('first', 60);
    time.nowMs = 1000;
    add('second', 60);
    expect(dropped).toEqual([]);
    time.nowMs = 2000;
    add('third', 10);
    expect(dropped).toEqual(['first']);
  });

  it('drops at once when there is far too much', () => {
    const { dropped, add } = makeHeld();
    for (const name of ['first', 'second', 'third']) {
      add(name, 100);
    }
    expect(dropped).toEqual([]);
    add('fourth', 1);
    expect(dropped).toEqual(['first']);
  });

  it('forgets what was taken', () => {
    const { time, dropped, add } = makeHeld();
    add('taken', 100)();
    time.nowMs = 5000;
    add('next', 100);
    expect(dropped).toEqual([]);
  });
});
