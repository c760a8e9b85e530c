import type { Clock, Timer } from '../system/clock.ts';
import { type PaceIntervalMs, paceIntervalsMs } from './pace.ts';

/** A pipe that has so little to say so often that waking for each piece costs more than looking now and then. */
export interface PacedPipe {
  /** Reads what is there. */
  look(): void;
}

/**
 * Looks at all paced pipes of an interval together, so that many small writes become few larger reads. Has no timer while
 * there are none.
 */
export class ReadPacer {
  readonly #groups: ReadonlyMap<PaceIntervalMs, Group>;

  constructor(clock: Clock) {
    this.#groups = new Map(paceIntervalsMs.map((ms) => [ms, new Group(clock, ms)]));
  }

  /** From now on, and no more at any other interval. */
  add(pipe: PacedPipe, intervalMs: PaceIntervalMs): void {
    for (const [ms, group] of this.#groups) {
      if (ms === intervalMs) {
        group.add(pipe);
      } else {
        group.remove(pipe);
      }
    }
  }

  remove(pipe: PacedPipe): void {
    this.#groups.forEach((group) => group.remove(pipe));
  }
}

/** The pipes of one interval. */
class Group {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #pipes = new Set<PacedPipe>();
  #timer: Timer | null = null;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  add(pipe: PacedPipe): void {
    this.#pipes.add(pipe);
    this.#lookLater(this.#clock.monotonicMs());
  }

  remove(pipe: PacedPipe): void {
    this.#pipes.delete(pipe);
    if (this.#pipes.size === 0) {
      this.#timer?.cancel();
      this.#timer = null;
    }
  }

  #lookLater(nowMs: number): void {
    this.#timer ??= this.#clock.schedule(nowMs + this.#intervalMs, () => {
      this.#timer = null;
      this.#lookAtAll();
    });
  }

  #lookAtAll(): void {
    const startMs = this.#clock.monotonicMs();
    // One that goes and comes back meanwhile is not looked at twice.
    const present = [...this.#pipes];
    for (const pipe of present) {
      if (this.#pipes.has(pipe)) {
        pipe.look();
      }
    }
    if (this.#pipes.size > 0) {
      this.#lookLater(startMs);
    }
  }
}
