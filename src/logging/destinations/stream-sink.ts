import type { DescriptorWatch } from '../../native/descriptors.ts';
import type { Clock, Timer } from '../../system/clock.ts';
import type { Descriptor } from '../../system/descriptor.ts';
import type { Errno } from '../../system/system.ts';
import { Backlog } from '../backlog.ts';
import type { FileKind, LogIo } from '../io.ts';
import type { Answer, SinkObserver } from './destination.ts';
import type { ReplaceableSink } from './replaceable-sink.ts';

/** Errors that mean: nobody is there to read, and waiting will not bring anybody back. */
const goneErrors: ReadonlySet<Errno> = new Set(['EPIPE', 'ECONNRESET', 'ENOTCONN', 'EIO', 'ENXIO', 'EBADF']);

const firstRetryMs = 5;
const lastRetryMs = 200;
const errorRetryMs = 1000;

export interface StreamSinkOptions {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly fd: Descriptor;
  /** The descriptor is ours to close. */
  readonly isOwned: boolean;
  readonly kind: FileKind;
  /** For messages. */
  readonly name: string;
  readonly observer: SinkObserver;
}

/**
 * A descriptor that is written to in order and never rotated: a pipe, a socket, a terminal, a device, or a
 * file that was open before we started. It never blocks: what is not taken at once waits, for a pipe or
 * socket until the kernel says that there is room, for a terminal or device until a timer fires. When the
 * reader is gone for good, output is dropped.
 */
export class StreamSink implements ReplaceableSink {
  readonly keepsLines = true;
  readonly #options: StreamSinkOptions;
  readonly #backlog = new Backlog();
  readonly #fd: Descriptor;
  #watch: DescriptorWatch | null = null;
  /** The event loop says when there is room. */
  #isWatching = false;
  #timer: Timer | null = null;
  #retryMs = firstRetryMs;
  /** Since when nothing has been taken of what waits. */
  #waitingSinceMs: number | null = null;
  #isGone = false;
  #isFailing = false;

  constructor(options: StreamSinkOptions) {
    this.#options = options;
    this.#fd = options.fd;
  }

  get backlogBytes(): number {
    return this.#backlog.bytes;
  }

  get isBehind(): boolean {
    return this.backlogBytes > 0;
  }

  get isOpen(): boolean {
    return true;
  }

  get isStale(): boolean {
    return this.#isGone;
  }

  get blockedForMs(): number {
    const { clock } = this.#options;
    return this.#waitingSinceMs === null ? 0 : clock.monotonicMs() - this.#waitingSinceMs;
  }

  takePipe(): null {
    return null;
  }

  follow(): void {
    // Nobody reads back what is written here.
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

  refresh(refreshed: Answer): void {
    refreshed(null);
  }

  reopen(): void {
    // What has a path is opened again by whoever has opened it.
  }

  clear(cleared: Answer): void {
    cleared(null);
  }

  leave(): Uint8Array {
    this.#stop();
    return this.#backlog.takeAll();
  }

  close(closed: () => void): void {
    if (this.backlogBytes > 0) {
      const { name, observer } = this.#options;
      observer.report('error', `lost up to ${this.backlogBytes} bytes of output for '${name}'`);
    }
    this.leave();
    closed();
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#release();
  }

  #release(): void {
    const { isOwned, io } = this.#options;
    this.#watch?.close();
    this.#watch = null;
    this.#isWatching = false;
    if (isOwned) {
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
      this.#waitingSinceMs = null;
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
    this.#waitingSinceMs ??= this.#options.clock.monotonicMs();
    if (this.#timer !== null || this.#isWatching || this.#watchForRoom()) {
      return;
    }
    const { clock } = this.#options;
    this.#timer = clock.schedule(clock.monotonicMs() + this.#retryMs, () => {
      this.#timer = null;
      this.#retryMs = Math.max(this.#retryMs, Math.min(this.#retryMs * 2, lastRetryMs));
      this.#writeOn();
    });
  }

  /** False where the kernel cannot say that there is room, or somebody else waits for it: a timer will do. */
  #watchForRoom(): boolean {
    const { io, kind } = this.#options;
    if ((kind !== 'fifo' && kind !== 'socket') || this.#isFailing) {
      return false;
    }
    if (this.#watch === null) {
      const watch = io.watch(this.#fd, () => this.#hasRoom());
      if (typeof watch === 'string') {
        return false;
      }
      this.#watch = watch;
    }
    this.#isWatching = this.#watch.start('write') === null;
    return this.#isWatching;
  }

  #hasRoom(): void {
    this.#watch?.stop();
    this.#isWatching = false;
    this.#writeOn();
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

  #settleBacklog(): void {
    if (this.#isGone) {
      this.#backlog.takeAll();
    }
    if (this.backlogBytes > 0) {
      this.#waitForRoom();
      return;
    }
    this.#options.observer.drained();
  }
}
