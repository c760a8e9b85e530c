import { repr } from '../config/python/repr.ts';
import type { LogReport } from './destinations/destination.ts';

/** As much as the largest ordinary pipe holds. */
const maxBytes = 1024 * 1024;

/**
 * Bounds what the runs of one program leave waiting for a log that cannot be written. A run that goes on is held back
 * in its pipe, but one that has ended leaves what is in its pipe, and a program may crash and be started again any
 * number of times while the disk is full. Beyond a mebibyte the last output of further runs is dropped, and counted.
 */
export class LeftBehind {
  readonly #processName: string;
  readonly #channel: string;
  readonly #report: LogReport;
  #keptBytes = 0;
  #lostBytes = 0;

  constructor(processName: string, channel: string, report: LogReport) {
    this.#processName = processName;
    this.#channel = channel;
    this.#report = report;
  }

  get #subject(): string {
    return `${repr(this.#processName)} ${this.#channel}`;
  }

  /** True once the last output of a run is to be dropped. */
  get isFull(): boolean {
    return this.#keptBytes >= maxBytes;
  }

  /** A run has ended and left so much in line. */
  keep(bytes: number): void {
    this.#keptBytes += bytes;
  }

  /** A run has ended and so much was dropped. */
  lose(bytes: number): void {
    if (this.#lostBytes === 0 && bytes > 0) {
      this.#report(
        'error',
        `${this.#subject}: the last output of runs is dropped while the log cannot be written`,
      );
    }
    this.#lostBytes += bytes;
  }

  /** Everything in line has been written. */
  written(): void {
    this.#keptBytes = 0;
    if (this.#lostBytes > 0) {
      this.#report('error', `${this.#subject}: lost ${this.#lostBytes} bytes of output`);
      this.#lostBytes = 0;
    }
  }
}
