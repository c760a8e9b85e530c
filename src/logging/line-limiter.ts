/**
 * Lines of one kind of which there may be thousands: in each period the first are written, the others counted and
 * summed up in one line at its end.
 */
import type { Clock, Timer } from '../system/clock.ts';

export interface LineLimit {
  /** Lines written in full in each period. */
  readonly atMost: number;
  readonly periodMs: number;
}

/** Few enough to be read, and enough to see what it is about. */
export const twentyAMinute: LineLimit = { atMost: 20, periodMs: 60_000 };

export interface LineLimiterContext {
  readonly clock: Clock;
  write(line: string): void;
  /** The line that stands for so many. */
  summary(count: number): string;
}

export class LineLimiter {
  readonly #limit: LineLimit;
  readonly #context: LineLimiterContext;
  #endsAtMs = Number.NEGATIVE_INFINITY;
  #written = 0;
  #held = 0;
  /** Armed only while lines are held back. */
  #timer: Timer | null = null;

  constructor(limit: LineLimit, context: LineLimiterContext) {
    this.#limit = limit;
    this.#context = context;
  }

  /** Writes the line, or counts it. */
  write(line: string): void {
    const { clock } = this.#context;
    const nowMs = clock.monotonicMs();
    if (this.#timer === null && nowMs >= this.#endsAtMs) {
      this.#endsAtMs = nowMs + this.#limit.periodMs;
      this.#written = 0;
    }
    if (this.#written < this.#limit.atMost) {
      this.#written += 1;
      this.#context.write(line);
      return;
    }
    this.#held += 1;
    this.#timer ??= clock.schedule(this.#endsAtMs, () => this.flush());
  }

  /** Writes the summary of what is held back now, without waiting for the end of the period. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#held > 0) {
      const count = this.#held;
      this.#held = 0;
      this.#context.write(this.#context.summary(count));
    }
  }
}
