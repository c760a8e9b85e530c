import type { Clock, Timer } from '../../system/clock.ts';
import type { Errno } from '../../system/system.ts';
import type { Answer, LogDestination, LogReport } from './destination.ts';

/** The system's log. `send` hands over one message without waiting; `EAGAIN`: not now. */
export interface Syslog {
  send(message: Uint8Array): Errno | null;
}

const newline = 0x0a;
/** A line that gets longer than this goes out in pieces; syslog daemons cut at about as much. */
const maxLineBytes = 8 * 1024;
/** How long an unfinished line waits for its end. */
const patienceMs = 1000;
/** So many messages a turn of the event loop, since each is a system call; the rest follows in the next one. */
const maxPerTurn = 256;
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
  /** Lines that are to be sent from `#position` on, each with its newline; cut into messages as they are sent. */
  #waiting: Uint8Array = new Uint8Array(0);
  #position = 0;
  #patience: Timer | null = null;
  #retry: Timer | null = null;
  #retryMs = firstRetryMs;
  #isFailing = false;

  constructor(options: SyslogOptions) {
    this.#options = options;
    this.#prefix = Buffer.from(options.prefix);
  }

  get backlogBytes(): number {
    return this.#waiting.length - this.#position;
  }

  get isBehind(): boolean {
    return this.backlogBytes > 0;
  }

  get isOpen(): boolean {
    return true;
  }

  get blockedForMs(): number {
    return 0;
  }

  takePipe(): null {
    return null;
  }

  open(opened: Answer): void {
    opened(null);
  }

  write(chunk: Uint8Array): boolean {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      this.#queue(this.#takeUnfinished(chunk.subarray(0, end)));
    }
    if (end < chunk.length) {
      this.#keep(chunk.subarray(end));
    }
    this.#sendOn(maxPerTurn);
    this.#waiting = Uint8Array.prototype.slice.call(this.#waiting, this.#position);
    this.#position = 0;
    return this.#waiting.length === 0;
  }

  settle(): void {
    if (this.#unfinished.length > 0) {
      this.#queue(this.#takeUnfinished(Uint8Array.of(newline)));
      this.#sendOn(maxPerTurn);
    }
  }

  reopen(): void {
    // The connection is the syslog's own.
  }

  clear(cleared: Answer): void {
    cleared(null);
  }

  close(): void {
    this.settle();
    this.#stopRetrying();
    this.#sendOn(Number.POSITIVE_INFINITY);
    this.#stopRetrying();
    if (this.backlogBytes > 0) {
      this.#options.report('error', `lost ${this.backlogBytes} bytes of output for syslog`);
      this.#position = this.#waiting.length;
    }
  }

  #keep(piece: Uint8Array): void {
    let rest: Uint8Array = Buffer.concat([this.#unfinished, piece]);
    while (rest.length > maxLineBytes) {
      this.#queue(Buffer.concat([rest.subarray(0, maxLineBytes), Uint8Array.of(newline)]));
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
      if (this.backlogBytes === 0) {
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

  /** Puts lines, the last one with its newline too, behind those that wait. */
  #queue(lines: Uint8Array): void {
    let end = lines.length - 1;
    while (end > 0 && lines[end - 1] === newline) {
      end -= 1;
    }
    const text = lines.subarray(0, end + 1);
    const before = this.#waiting.subarray(this.#position);
    this.#waiting = before.length === 0 ? text : Buffer.concat([before, text]);
    this.#position = 0;
  }

  #sendOn(atMost: number): void {
    const { syslog } = this.#options;
    for (let sent = 0; this.#retry === null && this.backlogBytes > 0; sent += 1) {
      if (sent === atMost) {
        this.#retryIn(0);
        return;
      }
      const end = this.#waiting.indexOf(newline, this.#position);
      const isLong = end - this.#position > maxLineBytes;
      const line = this.#waiting.subarray(this.#position, isLong ? this.#position + maxLineBytes : end);
      const errno = syslog.send(Buffer.concat([this.#prefix, line]));
      if (errno === 'EAGAIN') {
        this.#retryIn(this.#retryMs);
        this.#retryMs = Math.min(2 * this.#retryMs, lastRetryMs);
        return;
      }
      this.#note(errno);
      this.#retryMs = firstRetryMs;
      this.#position += line.length + (isLong ? 0 : 1);
    }
  }

  #retryIn(ms: number): void {
    const { clock } = this.#options;
    this.#retry = clock.schedule(clock.monotonicMs() + ms, () => this.#retryNow());
  }

  #stopRetrying(): void {
    this.#retry?.cancel();
    this.#retry = null;
  }

  #retryNow(): void {
    this.#retry = null;
    this.#sendOn(maxPerTurn);
    if (this.backlogBytes === 0) {
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
