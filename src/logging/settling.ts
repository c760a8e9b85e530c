import type { Clock } from '../system/clock.ts';

/** Milliseconds that a reader waits for what is being written. Of a disk that works it is a few. */
const patienceMs = 250;

/** What somebody waits for who wants to read what has been written. */
interface Writing {
  readonly backlogBytes: number;
  /** How many milliseconds the file system has kept a call waiting; 0: it does not. */
  readonly blockedForMs: number;
}

/** Those who wait for the queue of one log to be empty. A log that is held up, or always written to, is not waited for. */
export class Settling {
  readonly #clock: Clock;
  readonly #waiting = new Map<() => void, Writing>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `done` once: within the call if nothing waits to be written, or it does so for too long already. */
  wait(writing: Writing, done: () => void): void {
    if (writing.backlogBytes === 0 || writing.blockedForMs >= patienceMs) {
      done();
      return;
    }
    const end = (): void => {
      timer.cancel();
      this.#waiting.delete(end);
      done();
    };
    const timer = this.#clock.schedule(this.#clock.monotonicMs() + patienceMs, end);
    this.#waiting.set(end, writing);
  }

  /** The queue has been empty, unless something has come since. */
  drained(): void {
    [...this.#waiting].filter(([, { backlogBytes }]) => backlogBytes === 0).forEach(([end]) => end());
  }
}
