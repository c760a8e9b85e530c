import { describe, expect, it } from 'vitest';

import { Pace, type PaceIntervalMs, slowestPaceMs } from './pace.ts';

const pipeBytes = 64 * 1024;

interface Seen {
  readonly events: number;
  readonly looks: number;
  /** Most that was in the pipe when it was read. */
  readonly mostBytes: number;
  readonly intervalMs: PaceIntervalMs | null;
}

/** A writer of so many bytes every so many milliseconds, who stops while the pipe is full, for two seconds. */
function simulate(writeBytes: number, everyMs: number, lateMs = 0): Seen {
  const pace = new Pace();
  const stepMs = 0.25;
  let [events, looks, mostBytes, inPipe, toWrite] = [0, 0, 0, 0, 0];
  let intervalMs: PaceIntervalMs | null = null;
  let lookAtMs = 0;
  for (let nowMs = 0; nowMs < 2000; nowMs += stepMs) {
    toWrite += nowMs % everyMs === 0 ? writeBytes : 0;
    const written = Math.min(toWrite, pipeBytes - inPipe);
    inPipe += written;
    toWrite -= written;
    const isLook: boolean = intervalMs !== null;
    if (isLook ? nowMs < lookAtMs : inPipe === 0) {
      continue;
    }
    mostBytes = Math.max(mostBytes, inPipe);
    if (intervalMs === null) {
      events += 1;
      intervalMs = pace.afterEvent(nowMs, inPipe, pipeBytes);
    } else {
      looks += 1;
      intervalMs = inPipe === 0 ? null : pace.afterLook(nowMs, inPipe, pipeBytes, intervalMs);
    }
    inPipe = 0;
    lookAtMs = nowMs + (intervalMs ?? 0) + lateMs;
  }
  return { events, looks, mostBytes, intervalMs };
}

describe('the pace of a pipe', () => {
  it.each([
    ['a line now and then', 100, 50, null],
    ['lines often', 100, 10, 20],
    ['lines very often', 100, 0.25, 20],
    ['a megabyte a second', 1000, 1, 5],
    ['ten megabytes a second', 5000, 0.5, 1],
    ['as fast as it can', 16 * 1024, 0.25, null],
  ])('%s', (_what, bytes, everyMs, expected) => {
    const { intervalMs, mostBytes } = simulate(bytes, everyMs);
    expect(intervalMs).toBe(expected);
    expect(mostBytes).toBeLessThanOrEqual(pipeBytes / 4);
  });

  it('makes two looks of twenty lines', () => {
    const { events, looks } = simulate(100, 2);
    expect(events).toBeLessThan(5);
    expect(looks).toBeLessThan(105);
  });

  it('is not lost by looks that come late', () => {
    const { events } = simulate(1000, 1, 20);
    expect(events).toBeLessThan(200);
  });
});

describe('a paced pipe that is found a fourth full', () => {
  /** One that is looked at every 20 ms, last at 40. */
  function makePaced(): Pace {
    const pace = new Pace();
    pace.afterEvent(0, 100, pipeBytes);
    expect(pace.afterEvent(10, 100, pipeBytes)).toBe(slowestPaceMs);
    expect(pace.afterLook(40, 100, pipeBytes, slowestPaceMs)).toBe(slowestPaceMs);
    return pace;
  }

  it('is waited for at once, and not looked at as seldom for a second', () => {
    const pace = makePaced();
    expect(pace.afterLook(60, pipeBytes, pipeBytes, slowestPaceMs)).toBeNull();
    expect(pace.afterEvent(65, 10, pipeBytes)).toBe(5);
    expect(pace.afterEvent(1050, 10, pipeBytes)).toBeNull();
    expect(pace.afterEvent(1059, 10, pipeBytes)).toBe(5);
    expect(pace.afterEvent(1060, 10, pipeBytes)).toBe(slowestPaceMs);
  });

  it('is trusted again when the look was late', () => {
    const pace = makePaced();
    expect(pace.afterLook(100, 20_000, pipeBytes, slowestPaceMs)).toBeNull();
    expect(pace.afterEvent(110, 10, pipeBytes)).toBe(slowestPaceMs);
  });

  it('is one that holds little as well', () => {
    expect(makePaced().afterLook(60, 2048, 8192, slowestPaceMs)).toBeNull();
    expect(makePaced().afterLook(60, 2047, 8192, slowestPaceMs)).toBe(slowestPaceMs);
  });
});
