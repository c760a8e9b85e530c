import type { Clock, Timer } from '../../system/clock.ts';
import type { Errno } from '../../system/system.ts';
import type { LogDestination, LogReport } from './destination.ts';

/** The system's log. `send` hands over one message without waiting; `EAGAIN`: not now. */
export interface Syslog {
  send(message: Uint8Array): Errno | null;
}

const newline = 0x0a;
/** A line that gets longer than this goes out in pieces; syslog daemons cut at about as much. */
const maxLineBytes = 8 * 1024;
/** How long an unfinished line waits for its end. */
const patienceMs = 1000;
/**
 * How long a receiver that is behind is given. Its queue may hold as few as ten messages, which it takes in no time
 * once it reads; one that has stopped is asked less and less often.
 */
const firstRetryMs = 1;
const lastRetryMs = 50;

export interface SyslogOptions {
  readonly syslog: Syslog;
  readonly clock: Clock;
  /** Put in front of each line; empty, or ends in a blank. */
  readonly prefix: string;
  readonly report: LogReport;
  readonly onDrain: () => void;
}

/**
 * Sends one message for each line. Blank lines at the end of a chunk are dropped.
 *
 * Source: B16.8. Lines are put together across reads, where the original sends what a read happens to end with.
 */
export class SyslogDestination implements LogDestination {
  readonly #options: SyslogOptions;
  readonly #prefix: Uint8Array;
  #unfinished: Uint8Array = new Uint8Array(0);
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #patience: Timer | null = null;
  #retry: Timer | null = null;
  #retryMs = firstRetryMs;
  #isFailing = false;

  constructor(options: SyslogOptions) {
    this.#options = options;
    this.#prefix = Buffer.from(options.prefix);
  }

  get backlogBytes(): number {
    return this.#waitingBytes;
  }

  write(chunk: Uint8Array): boolean {
    const end = chunk.lastIndexOf(newline);
    if (end >= 0) {
      this.#queueLines(this.#takeUnfinished(chunk.subarray(0, end)));
    }
    if (end + 1 < chunk.length) {
      this.#keep(chunk.subarray(end + 1));
    }
    this.#sendOn();
    return this.#waiting.length === 0;
  }

  settle(): void {
    if (this.#unfinished.length > 0) {
      this.#queueLines(this.#takeUnfinished(new Uint8Array(0)));
      this.#sendOn();
    }
  }

  reopen(): void {
    // The connection is the syslog's own.
  }

  clear(): Errno | null {
    return null;
  }

  close(): void {
    this.settle();
    this.#retry?.cancel();
    this.#retry = null;
    if (this.#waiting.length > 0) {
      this.#options.report('error', `lost ${this.#waitingBytes} bytes of output for syslog`);
      this.#waiting = [];
      this.#waitingBytes = 0;
    }
  }

  #keep(piece: Uint8Array): void {
    let rest: Uint8Array = Buffer.concat([this.#unfinished, piece]);
    while (rest.length > maxLineBytes) {
      this.#queue(rest.subarray(0, maxLineBytes));
      rest = rest.subarray(maxLineBytes);
    }
    this.#unfinished = rest;
    this.#waitForEnd();
  }

  /** The time during which the writer is held back does not count. */
  #waitForEnd(): void {
    const { clock } = this.#options;
    this.#patience ??= clock.schedule(clock.monotonicMs() + patienceMs, () => {
      this.#patience = null;
      if (this.#waiting.length === 0) {
        this.settle();
      }
    });
  }

  #takeUnfinished(end: Uint8Array): Uint8Array {
    this.#patience?.cancel();
    this.#patience = null;
    const whole = this.#unfinished.length === 0 ? end : Buffer.concat([this.#unfinished, end]);
    this.#unfinished = new Uint8Array(0);
    return whole;
  }

  #queueLines(text: Uint8Array): void {
    let end = text.length;
    while (end > 0 && text[end - 1] === newline) {
      end -= 1;
    }
    for (let start = 0; start <= end;) {
      const next = text.indexOf(newline, start);
      const stop = next < 0 || next > end ? end : next;
      this.#queueLine(text.subarray(start, stop));
      start = stop + 1;
    }
  }

  #queueLine(line: Uint8Array): void {
    for (let start = 0; start === 0 || start < line.length; start += maxLineBytes) {
      this.#queue(line.subarray(start, start + maxLineBytes));
    }
  }

  #queue(line: Uint8Array): void {
    const message = Buffer.concat([this.#prefix, line]);
    this.#waiting.push(message);
    this.#waitingBytes += message.length;
  }

  #sendOn(): void {
    if (this.#retry !== null) {
      return;
    }
    const { syslog, clock } = this.#options;
    let sent = 0;
    for (const message of this.#waiting) {
      const errno = syslog.send(message);
      if (errno === 'EAGAIN') {
        this.#retry = clock.schedule(clock.monotonicMs() + this.#retryMs, () => this.#retryNow());
        this.#retryMs = Math.min(2 * this.#retryMs, lastRetryMs);
        break;
      }
      this.#note(errno);
      this.#retryMs = firstRetryMs;
      this.#waitingBytes -= message.length;
      sent += 1;
    }
    this.#waiting = this.#waiting.slice(sent);
  }

  #retryNow(): void {
    this.#retry = null;
    this.#sendOn();
    if (this.#waiting.length === 0) {
      if (this.#unfinished.length > 0) {
        this.#patience?.cancel();
        this.#patience = null;
        this.#waitForEnd();
      }
      this.#options.onDrain();
    }
  }

  /** Without a syslog daemon messages are dropped, as everywhere; that is worth one line. */
  #note(errno: Errno | null): void {
    if (errno !== null && !this.#isFailing) {
      this.#options.report(
        'error',
        `cannot write to syslog: ${errno}; its output is dropped until it works again`,
      );
    } else if (errno === null && this.#isFailing) {
      this.#options.report('info', 'can write to syslog again');
    }
    this.#isFailing = errno !== null;
  }
}
