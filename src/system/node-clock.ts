import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from './clock.ts';

/** Longest delay that `setTimeout` takes, about 25 days; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** The machine's clocks. */
export class NodeClock implements Clock {
  wallMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  schedule(atMs: number, callback: () => void): Timer {
    return new NodeTimer(atMs, callback);
  }
}

/**
 * Waits until the deadline is truly reached: `setTimeout` counts from a time that is up to a loop's turn old, in whole
 * milliseconds, and can fire before it.
 */
class NodeTimer implements Timer {
  readonly #atMs: number;
  readonly #callback: () => void;
  #timeout: NodeJS.Timeout;

  constructor(atMs: number, callback: () => void) {
    this.#atMs = atMs;
    this.#callback = callback;
    this.#timeout = this.#arm();
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }

  #arm(): NodeJS.Timeout {
    const delayMs = Math.ceil(this.#atMs - performance.now());
    return setTimeout(() => this.#elapsed(), Math.min(Math.max(delayMs, 0), maxDelayMs));
  }

  #elapsed(): void {
    if (performance.now() < this.#atMs) {
      this.#timeout = this.#arm();
      return;
    }
    this.#callback();
  }
}
