import type { Clock, Timer } from '../system/clock.ts';

/**
 * How often busy pipes are emptied. Longer saves more work and lets an output line be that much older before
 * it is in the log; at 20 ms nobody watching a log can tell.
 */
const intervalMs = 20;

/** A pipe that has so little to say so often that waking for each piece costs more than looking now and then. */
export interface PacedPipe {
  /** Reads what is there. False: it has gone back to being woken. */
  poll(): boolean;
}

/**
 * Empties all busy pipes together at fixed intervals, so that many small writes become few larger reads. Has
 * no timer while no pipe is busy.
 */
export class ReadPacer {
  readonly intervalMs = intervalMs;
  readonly #clock: Clock;
  readonly #pipes = new Set<PacedPipe>();
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(pipe: PacedPipe): void {
    this.#pipes.add(pipe);
    this.#timer ??= this.#clock.schedule(this.#clock.monotonicMs() + intervalMs, () => this.#tick());
  }

  remove(pipe: PacedPipe): void {
    this.#pipes.delete(pipe);
    if (this.#pipes.size === 0) {
      this.#timer?.cancel();
      this.#timer = null;
    }
  }

  #tick(): void {
    const nextMs = this.#clock.monotonicMs() + intervalMs;
    for (const pipe of this.#pipes) {
      if (!pipe.poll()) {
        this.#pipes.delete(pipe);
      }
    }
    this.#timer = this.#pipes.size === 0 ? null : this.#clock.schedule(nextMs, () => this.#tick());
  }
}
