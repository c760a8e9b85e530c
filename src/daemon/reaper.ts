/**
 * Collecting children that have ended: a slice at once, and one in each later turn of the event loop while there are more. So
 * programs that end as soon as they are started keep neither signals nor requests waiting.
 */
import type { LogLevel } from '../config/settings.ts';
import { LineLimiter, twentyAMinute } from '../logging/line-limiter.ts';
import type { Children, ReapHost } from '../process/children.ts';
import type { Clock } from '../system/clock.ts';

export interface ReaperHost extends Omit<ReapHost, 'clock' | 'orphanEnded'> {
  readonly clock: Clock;
  readonly children: Pick<Children, 'reap'>;
  /** Of the daemon. */
  readonly pid: number;
  log(level: LogLevel, message: string): void;
}

export class Reaper {
  readonly #host: ReaperHost;
  readonly #orphans: LineLimiter;
  /** In this turn of the event loop. */
  #hasReaped = false;
  #mustReapAgain = false;

  constructor(host: ReaperHost) {
    this.#host = host;
    this.#orphans = new LineLimiter(twentyAMinute, {
      clock: host.clock,
      write: (line) => host.log(orphanLevel(host.pid), line),
      summary: (count) => `reaped ${count} more unknown pids`,
    });
  }

  /** To be called when a child may have ended. */
  reap(): void {
    if (this.#hasReaped) {
      this.#mustReapAgain = true;
      return;
    }
    this.#hasReaped = true;
    setImmediate(() => {
      this.#hasReaped = false;
      if (this.#mustReapAgain) {
        this.reap();
      }
    });
    this.#mustReapAgain = true;
    const { system, clock, children } = this.#host;
    this.#mustReapAgain =
      children.reap({
        system,
        clock,
        orphanEnded: (line) => this.#orphans.write(line),
        reportError: (where, error) => this.#host.reportError(where, error),
      }) === 'more';
  }

  /** Says how many orphans have not been mentioned yet. */
  flush(): void {
    this.#orphans.flush();
  }
}

/**
 * Process 1 hears of every orphan of the machine or container, and says so as the original does. Elsewhere they come
 * only because this daemon asked for them, and a program that daemonizes itself is nothing to mention.
 */
function orphanLevel(pid: number): LogLevel {
  return pid === 1 ? 'info' : 'debug';
}
