/**
 * Time as the rest of the program sees it.
 *
 * Two clocks, never mixed: the monotonic one decides (deadlines, delays, uptime), the wall clock only
 * reports (log lines, `start` and `stop` in process info). So setting the machine's clock changes no delay.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch; only ever reported, never computed with. */
  wallMs(): number;
  /** Monotonic time in milliseconds from an arbitrary origin. */
  monotonicMs(): number;
  /**
   * Calls `callback` once, as soon as `monotonicMs() >= atMs`, always in a later turn of the event loop.
   * The timer keeps the daemon alive until it fires or is cancelled.
   */
  schedule(atMs: number, callback: () => void): Timer;
}

/** A pending call made by {@link Clock.schedule}; whoever scheduled it owns it and cancels it. */
export interface Timer {
  /** Idempotent; after it the callback is never called. */
  cancel(): void;
}
