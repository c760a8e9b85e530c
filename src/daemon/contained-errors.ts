/**
 * Errors that nobody expected: defects of ours, or of a plugin. Each ends the piece of work that it came from and nothing
 * else, is logged with what that was, and counted for whoever watches the daemon.
 */
import { LineLimiter, twentyAMinute } from '../logging/line-limiter.ts';
import type { Clock } from '../system/clock.ts';

/** Takes an unexpected error; `where` says what was being done. */
export type ReportError = (where: string, error: unknown) => void;

type Write = (message: string) => void;

/** One for the life of the process; what is reported between two lives of the daemon is logged in the next. */
export class ContainedErrors {
  readonly #limiter: LineLimiter;
  readonly #kept: string[] = [];
  #write: Write = (message) => void this.#kept.push(message);
  #count = 0;

  constructor(clock: Clock) {
    this.#limiter = new LineLimiter(twentyAMinute, {
      clock,
      write: (line) => this.#write(line),
      summary: (count) => `${count} more unexpected errors were contained`,
    });
  }

  /** Since the process started. */
  get count(): number {
    return this.#count;
  }

  readonly report: ReportError = (where, error) => {
    this.#count += 1;
    try {
      this.#limiter.write(`unexpected error in ${where}: ${describeError(error)}`);
    } catch {
      // The log itself is what fails. Thrown from here, it would end the process; the count still tells.
    }
  };

  /** Sends the lines to a log, those first that were kept. Returns what ends that, with a sum if there is one. */
  attach(write: Write): () => void {
    this.#write = write;
    this.#kept.splice(0).forEach(write);
    return () => {
      this.#limiter.flush();
      if (this.#count > 0) {
        write(`${this.#count} unexpected errors were contained since the start`);
      }
      this.#write = (message) => void this.#kept.push(message);
    };
  }

  /** An error that nobody caught ends the work it came from, not the process. */
  containUncaught(): void {
    process.on('uncaughtException', (error, origin) => {
      this.report(origin === 'unhandledRejection' ? 'a promise' : 'the event loop', error);
    });
  }
}

/** With the stack, where there is one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
