import { describe, expect, it } from 'vitest';
import { NodeClock } from './node-clock.ts';

const clock = new NodeClock();

/** Resolves with the monotonic time at which a deadline's callback ran. */
function firedAt(atMs: number): Promise<number> {
  return new Promise((resolve) => {
    clock.schedule(atMs, () => resolve(clock.monotonicMs()));
  });
}

describe('NodeClock', () => {
  it('never calls before the deadline, whole or fractional', async () => {
    const nowMs = clock.monotonicMs();
    const deadlines = Array.from({ length: 50 }, (_, i) => nowMs + i * 1.37);
    const fired = await Promise.all(deadlines.map(firedAt));
    expect(fired.filter((atMs, i) => atMs < (deadlines[i] ?? 0))).toEqual([]);
  });

  it('calls in a later turn, also for a deadline that has passed', async () => {
    let isLater = false;
    const fired = firedAt(clock.monotonicMs() - 1000).then(() => isLater);
    isLater = true;
    expect(await fired).toBe(true);
  });

  it('does not take a far deadline for a near one', async () => {
    let hasFired = false;
    const timer = clock.schedule(clock.monotonicMs() + 2 ** 32, () => {
      hasFired = true;
    });
    await firedAt(clock.monotonicMs() + 20);
    timer.cancel();
    expect(hasFired).toBe(false);
  });

  it('never calls after cancel', async () => {
    let hasFired = false;
    const timer = clock.schedule(clock.monotonicMs() + 5, () => {
      hasFired = true;
    });
    timer.cancel();
    timer.cancel();
    await firedAt(clock.monotonicMs() + 20);
    expect(hasFired).toBe(false);
  });

  it('calls in the order of the deadlines, whatever was scheduled when', async () => {
    const own = new NodeClock();
    const nowMs = own.monotonicMs();
    const called: number[] = [];
    const deadlines = Array.from({ length: 200 }, (_, i) => nowMs + 5 + ((i * 37) % 200) / 50);
    await new Promise<void>((resolve) => {
      for (const atMs of deadlines) {
        own.schedule(atMs, () => {
          called.push(atMs);
          if (called.length === deadlines.length) {
            resolve();
          }
        });
      }
    });
    expect(called).toEqual(deadlines.toSorted((a, b) => a - b));
  });

  it('calls those with one deadline in the order in which they came, each in a turn of its own', async () => {
    const own = new NodeClock();
    const atMs = own.monotonicMs() + 5;
    const called: string[] = [];
    await new Promise<void>((resolve) => {
      for (const name of ['a', 'b', 'c']) {
        own.schedule(atMs, () => {
          called.push(name);
          queueMicrotask(() => called.push(`after ${name}`));
          if (name === 'c') {
            setImmediate(resolve);
          }
        });
      }
    });
    expect(called).toEqual(['a', 'after a', 'b', 'after b', 'c', 'after c']);
  });

  it('goes on when one of those who are called has thrown, and when one is scheduled or cancelled by another', async () => {
    const own = new NodeClock();
    const nowMs = own.monotonicMs();
    const called: string[] = [];
    const thrown = new Promise<unknown>((resolve) => {
      const others = process.rawListeners('uncaughtException') as ((error: unknown) => void)[];
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        others.forEach((listener) => process.on('uncaughtException', listener));
        resolve(error);
      });
    });
    await new Promise<void>((resolve) => {
      own.schedule(nowMs + 2, () => {
        own.schedule(nowMs - 1, () => called.push('past'));
        cancelled.cancel();
        throw new Error('of a timer');
      });
      const cancelled = own.schedule(nowMs + 3, () => called.push('cancelled'));
      own.schedule(nowMs + 4, () => {
        called.push('last');
        resolve();
      });
    });
    expect(await thrown).toEqual(new Error('of a timer'));
    expect(called).toEqual(['past', 'last']);
  });

  it('reports wall time', () => {
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(60_000);
  });
});
