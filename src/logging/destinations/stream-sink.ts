import net from 'node:net';

import type { Clock, Timer } from '../../system/clock.ts';
import type { Errno } from '../../system/system.ts';
import { Backlog } from '../backlog.ts';
import type { FileKind, LogIo } from '../io.ts';
import type { LogSink, SinkObserver } from './destination.ts';

/** Errors that mean: nobody is there to read, and waiting will not bring anybody back. */
const goneErrors: ReadonlySet<Errno> = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EIO', 'ENXIO', 'EBADF']);

const firstRetryMs = 5;
const lastRetryMs = 200;
const errorRetryMs = 1000;

export interface StreamSinkOptions {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly fd: number;
  /** The descriptor is ours to close. */
  readonly isOwned: boolean;
  readonly kind: FileKind;
  /** For messages. */
  readonly name: string;
  /** Opens it anew for `reopen`; null: it is never reopened. */
  readonly open: (() => number | Errno) | null;
  readonly observer: SinkObserver;
}

/**
 * A descriptor that is written to in order and never rotated: a pipe, a socket, a terminal, a device, or a
 * file that was open before we started. It never blocks: what is not taken at once waits, for a pipe or
 * socket until the kernel says that there is room, for a terminal or device until a timer fires. When the
 * reader is gone for good, output is dropped.
 */
export class StreamSink implements LogSink {
  readonly keepsLines = true;
  readonly #options: StreamSinkOptions;
  readonly #backlog = new Backlog();
  #fd: number;
  #socket: net.Socket | null = null;
  /** Bytes handed to the socket, which has not written all of them. */
  #inFlightBytes = 0;
  #timer: Timer | null = null;
  #retryMs = firstRetryMs;
  #isGone = false;
  #isFailing = false;
  #mustReopen = false;

  constructor(options: StreamSinkOptions) {
    this.#options = options;
    this.#fd = options.fd;
  }

  get backlogBytes(): number {
    return this.#backlog.bytes + this.#inFlightBytes;
  }

  write(chunk: Uint8Array): void {
    if (this.#isGone) {
      return;
    }
    const written = this.backlogBytes === 0 ? this.#writeNow(chunk) : 0;
    if (written < chunk.length && !this.#isGone) {
      this.#backlog.push(chunk.subarray(written));
      this.#waitForRoom();
    }
  }

  refresh(): void {
    if (this.#isGone) {
      this.reopen();
    }
  }

  reopen(): void {
    const { open, isOwned, io } = this.#options;
    if (open === null) {
      return;
    }
    this.#mustReopen = this.backlogBytes > 0;
    if (this.#mustReopen) {
      return;
    }
    const fd = open();
    if (typeof fd === 'string') {
      this.#options.observer.report('error', `cannot open '${this.#options.name}': ${fd}`);
      return;
    }
    if (this.#socket !== null) {
      this.#socket.destroy();
      this.#socket = null;
    } else if (isOwned && !this.#isGone) {
      io.close(this.#fd);
    }
    this.#fd = fd;
    this.#isGone = false;
  }

  clear(): Errno | null {
    return null;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.backlogBytes > 0) {
      const { name, observer } = this.#options;
      observer.report('error', `lost up to ${this.backlogBytes} bytes of output for '${name}'`);
    }
    this.#backlog.takeAll();
    this.#inFlightBytes = 0;
    this.#release();
  }

  #release(): void {
    const { isOwned, io } = this.#options;
    if (this.#socket !== null) {
      this.#socket.destroy();
      this.#socket = null;
    } else if (isOwned && !this.#isGone) {
      io.close(this.#fd);
    }
  }

  /** Writes as much as is taken without waiting; returns how much. */
  #writeNow(chunk: Uint8Array): number {
    const { io, kind } = this.#options;
    let offset = 0;
    while (offset < chunk.length) {
      const written =
        kind === 'file' ? io.append(this.#fd, chunk, offset) : io.writeSome(this.#fd, chunk, offset);
      if (written === 'EINTR') {
        continue;
      }
      if (typeof written === 'string') {
        this.#failed(written);
        break;
      }
      if (written === 0) {
        break;
      }
      offset += written;
    }
    if (offset > 0) {
      this.#retryMs = firstRetryMs;
      this.#recovered();
    }
    return offset;
  }

  #failed(errno: Errno): void {
    const { name, observer } = this.#options;
    if (errno === 'EAGAIN') {
      return;
    }
    if (goneErrors.has(errno)) {
      this.#release();
      this.#isGone = true;
      observer.report('error', `cannot write to '${name}': ${errno}; its output is dropped from now on`);
      return;
    }
    this.#retryMs = errorRetryMs;
    if (!this.#isFailing) {
      this.#isFailing = true;
      observer.report(
        'error',
        `cannot write to '${name}': ${errno}; output is held back until it works again`,
      );
    }
  }

  #recovered(): void {
    if (this.#isFailing) {
      this.#isFailing = false;
      this.#options.observer.report('info', `can write to '${this.#options.name}' again`);
    }
  }

  #waitForRoom(): void {
    if (this.#timer !== null || this.#inFlightBytes > 0) {
      return;
    }
    const { clock, kind } = this.#options;
    if ((kind === 'fifo' || kind === 'socket') && !this.#isFailing && this.#writeThroughSocket()) {
      return;
    }
    this.#timer = clock.schedule(clock.monotonicMs() + this.#retryMs, () => {
      this.#timer = null;
      this.#retryMs = Math.max(this.#retryMs, Math.min(this.#retryMs * 2, lastRetryMs));
      this.#writeOn();
    });
  }

  #writeOn(): void {
    for (let next = this.#backlog.first; next !== null && !this.#isGone; next = this.#backlog.first) {
      const written = this.#writeNow(next.bytes);
      this.#backlog.consume(written);
      if (written < next.bytes.length) {
        break;
      }
    }
    this.#settleBacklog();
  }

  /** Gives the backlog to libuv, which waits for room with epoll. False when it will not have it. */
  #writeThroughSocket(): boolean {
    const socket = this.#socket ?? this.#createSocket();
    if (socket === null) {
      return false;
    }
    const bytes = this.#backlog.takeAll();
    this.#inFlightBytes = bytes.length;
    socket.write(bytes, (error) => {
      if (this.#socket !== socket) {
        return;
      }
      this.#inFlightBytes = 0;
      if (error instanceof Error) {
        this.#failed('code' in error && typeof error.code === 'string' ? error.code : 'EPIPE');
      }
      this.#settleBacklog();
    });
    return true;
  }

  #createSocket(): net.Socket | null {
    try {
      const socket = new net.Socket({ fd: this.#fd, readable: false, writable: true });
      socket.on('error', () => undefined);
      this.#socket = socket;
      return socket;
    } catch {
      // Somebody else waits on this descriptor already (such as `process.stdout`); a timer will do.
      return null;
    }
  }

  #settleBacklog(): void {
    if (this.#isGone) {
      this.#backlog.takeAll();
    }
    if (this.backlogBytes > 0) {
      this.#waitForRoom();
      return;
    }
    if (this.#mustReopen) {
      this.reopen();
    }
    this.#options.observer.drained();
  }
}
