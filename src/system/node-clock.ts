import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from './clock.ts';

/** Longest delay that `setTimeout` takes, about 25 days; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * The machine's clocks. Deadlines that are reached at the same time are told in their order, each in a turn of its own, and
 * none before it is truly reached: `setTimeout` counts from a time that is up to a loop's turn old, in whole milliseconds, so that of
 * two timers the one that was set for later could fire first, and either of them too early.
 */
export class NodeClock implements Clock {
  /** By their deadlines; those with the same one as they came. */
  readonly #pending: NodeTimer[] = [];
  #stopWaiting: (() => void) | null = null;

  wallMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  schedule(atMs: number, callback: () => void): Timer {
    const timer: NodeTimer = new NodeTimer(atMs, callback, () => this.#remove(timer));
    const place = this.#placeAfter(atMs);
    this.#pending.splice(place, 0, timer);
    if (place === 0) {
      this.#wait();
    }
    return timer;
  }

  #remove(timer: NodeTimer): void {
    const place = this.#pending.indexOf(timer, this.#placeBefore(timer.atMs));
    if (place < 0) {
      return;
    }
    this.#pending.splice(place, 1);
    if (place === 0) {
      this.#wait();
    }
  }

  /** Waits for the first of them, and for no other. */
  #wait(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    const [first] = this.#pending;
    if (first === undefined) {
      return;
    }
    const delayMs = Math.ceil(first.atMs - performance.now());
    const timeout = setTimeout(() => this.#elapsed(), Math.min(Math.max(delayMs, 0), maxDelayMs));
    this.#stopWaiting = () => clearTimeout(timeout);
  }

  #elapsed(): void {
    this.#stopWaiting = null;
    const [first] = this.#pending;
    if (first === undefined || performance.now() < first.atMs) {
      this.#wait();
      return;
    }
    this.#pending.shift();
    try {
      first.callback();
    } finally {
      this.#goOn();
    }
  }

  /** Others may be due by now: they need not wait for a millisecond. */
  #goOn(): void {
    const [next] = this.#pending;
    if (next !== undefined && next.atMs <= performance.now()) {
      this.#stopWaiting?.();
      const immediate = setImmediate(() => this.#elapsed());
      this.#stopWaiting = () => clearImmediate(immediate);
    } else if (this.#stopWaiting === null) {
      this.#wait();
    }
  }

  /** Where the first one is that is not before a deadline. */
  #placeBefore(atMs: number): number {
    return this.#search((timer) => timer.atMs < atMs);
  }

  /** Where the first one is that is after a deadline. */
  #placeAfter(atMs: number): number {
    return this.#search((timer) => timer.atMs <= atMs);
  }

  #search(isBefore: (timer: NodeTimer) => boolean): number {
    let [low, high] = [0, this.#pending.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const timer = this.#pending[middle];
      if (timer !== undefined && isBefore(timer)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

class NodeTimer implements Timer {
  readonly atMs: number;
  readonly callback: () => void;
  readonly cancel: () => void;

  constructor(atMs: number, callback: () => void, cancel: () => void) {
    this.atMs = atMs;
    this.callback = callback;
    this.cancel = cancel;
  }
}
