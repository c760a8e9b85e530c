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

  it('reports wall time', () => {
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(60_000);
  });
});
