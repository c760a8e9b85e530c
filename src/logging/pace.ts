/** When a pipe is rather looked at now and then than waited for: decided by how fast it fills. Pure. */

/**
 * How often paced pipes are looked at, the slowest first: the longer, the fewer and larger the reads, and the older a line may
 * be before it is in the log; at 20 ms nobody watching a log can tell.
 */
export const paceIntervalsMs = [20, 5, 1] as const;

export type PaceIntervalMs = (typeof paceIntervalsMs)[number];

export const slowestPaceMs: PaceIntervalMs = 20;
export const quickestPaceMs: PaceIntervalMs = 1;

/** What came in less time than this may be a burst, and says nothing of how it goes on. */
const glimpseMs = 2;
/** So long bytes are counted before they are counted anew. */
const windowMs = 20;
/** For so many intervals a pipe that has filled in one is not looked at as seldom again: its writer waits a fiftieth of the time. */
const distrustIntervals = 50;

/**
 * The pace of one pipe. An interval is taken if by all that is known a fourth of the pipe at most fills in it. A pipe that is
 * found fuller than that is waited for from then on: the rest of it fills in microseconds, and its writer would stand still
 * until the next look.
 */
export class Pace {
  #sinceMs = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Intervals from this one on are too long until then. */
  #distrustedMs: number = slowestPaceMs;
  #distrustUntilMs = Number.NEGATIVE_INFINITY;

  /** After a read that an event has brought about: how often to look from now on. Null: go on waiting for events. */
  afterEvent(nowMs: number, bytes: number, capacityBytes: number): PaceIntervalMs | null {
    if (nowMs - this.#lastMs >= slowestPaceMs) {
      this.#begin(nowMs);
      return null;
    }
    const bytesPerMs = this.#count(nowMs, bytes, glimpseMs);
    return bytesPerMs === null ? null : this.#intervalFor(bytesPerMs, nowMs, capacityBytes);
  }

  /** After a look that found something, at an interval: how often to look from now on. Null: wait for events. */
  afterLook(
    nowMs: number,
    bytes: number,
    capacityBytes: number,
    intervalMs: PaceIntervalMs,
  ): PaceIntervalMs | null {
    if (bytes >= capacityBytes / 4) {
      // It may be no more than that the look was late; who knows how much there would have been of what filled the pipe.
      const expectedBytes = (bytes / (nowMs - this.#lastMs)) * intervalMs;
      if (expectedBytes >= capacityBytes / 4 || bytes > capacityBytes / 2) {
        this.#distrustedMs = intervalMs;
        this.#distrustUntilMs = nowMs + distrustIntervals * intervalMs;
      }
      this.#begin(nowMs);
      return null;
    }
    const bytesPerMs = this.#count(nowMs, bytes, windowMs);
    return bytesPerMs === null ? intervalMs : this.#intervalFor(bytesPerMs, nowMs, capacityBytes);
  }

  #begin(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#lastMs = nowMs;
    this.#bytes = 0;
  }

  /** Bytes a millisecond, once as much time has passed. */
  #count(nowMs: number, bytes: number, leastMs: number): number | null {
    this.#bytes += bytes;
    this.#lastMs = nowMs;
    const elapsedMs = nowMs - this.#sinceMs;
    if (elapsedMs < leastMs) {
      return null;
    }
    const bytesPerMs = this.#bytes / elapsedMs;
    if (elapsedMs >= windowMs) {
      this.#begin(nowMs);
    }
    return bytesPerMs;
  }

  #intervalFor(bytesPerMs: number, nowMs: number, capacityBytes: number): PaceIntervalMs | null {
    const tooLongMs = nowMs < this.#distrustUntilMs ? this.#distrustedMs : Number.POSITIVE_INFINITY;
    return paceIntervalsMs.find((ms) => ms < tooLongMs && bytesPerMs * ms < capacityBytes / 4) ?? null;
  }
}
