import type { DescriptorWatch } from '../native/descriptors.ts';
import type { Clock } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { LogIo } from './io.ts';
import { Pace, type PaceIntervalMs, quickestPaceMs, slowestPaceMs } from './pace.ts';
import type { PacedPipe, ReadPacer } from './read-pacer.ts';
import { fullReads, ordinaryPipeBytes, type WidePipes } from './wide-pipes.ts';

/**
 * What is read at the end of a process at most: the largest pipe an ordinary user can make. Who still writes
 * after that is not the process that ended.
 */
const maxDrainBytes = 1024 * 1024;

/** What all pipe readers share. */
export interface PipeContext {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly pacer: ReadPacer;
  readonly widePipes: WidePipes;
  /** Read into by all of them in turn; `readBufferBytes` long. */
  readonly buffer: Uint8Array;
}

/** Larger than any pipe gets, so that one read empties it, and the next wake-up is somebody else's. */
export const readBufferBytes = 512 * 1024;

export interface PipeReaderOptions {
  /** False: every byte is handed on as soon as it comes. */
  readonly isPaced: boolean;
  /** Gets a view of the shared buffer, valid during the call. False: hold back until `resume`. */
  readonly onChunk: (chunk: Uint8Array) => boolean;
}

/**
 * Reads the pipe of a child and owns it. Woken by the event loop; by the pacer while the child writes little
 * and often; not at all while held back. Reads one buffer at a time, so that others get their turn.
 */
export class PipeReader implements PacedPipe {
  readonly #context: PipeContext;
  readonly #options: PipeReaderOptions;
  readonly #fd: Descriptor;
  /** Null where the kernel will not have one more: the pipe is looked at by the pacer instead, always. */
  readonly #watch: DescriptorWatch | null;
  #state: 'waiting' | 'paced' | 'held' | 'closed' = 'waiting';
  readonly #pace = new Pace();
  /** While it is paced. */
  #intervalMs: PaceIntervalMs = slowestPaceMs;
  #capacityBytes: number;
  #fullReads = 0;
  #isWide = false;

  /** Takes over the non-blocking read end of a pipe. */
  constructor(fd: Descriptor, context: PipeContext, options: PipeReaderOptions) {
    this.#context = context;
    this.#options = options;
    this.#fd = fd;
    const watch = context.io.watch(fd, () => this.#woken());
    this.#watch = typeof watch === 'string' ? null : watch;
    this.#capacityBytes = this.#askCapacity();
    this.#waitForEvents();
  }

  /** False once the writers have closed their end, or an error has ended it. */
  get isOpen(): boolean {
    return this.#state !== 'closed';
  }

  /** Stops reading until `resume`. */
  hold(): void {
    if (this.#state !== 'closed') {
      this.#rest('held');
    }
  }

  /** The destination takes more. */
  resume(): void {
    if (this.#state === 'held') {
      this.#waitForEvents();
    }
  }

  look(): void {
    const count = this.#read();
    if (count === 0) {
      if (this.isOpen) {
        this.#waitForEvents();
      }
      return;
    }
    const nowMs = this.#context.clock.monotonicMs();
    const takesMore = this.#options.onChunk(this.#view(count));
    if (this.#state !== 'paced') {
      return;
    }
    if (!takesMore) {
      this.hold();
      return;
    }
    const intervalMs = this.#pace.afterLook(nowMs, count, this.#capacityBytes, this.#intervalMs);
    if (intervalMs === null) {
      this.#waitForEvents(quickestPaceMs);
    } else if (intervalMs !== this.#intervalMs) {
      this.#lookEvery(intervalMs);
    }
  }

  /** Reads what is in the pipe now, whatever state it is in. */
  drain(): void {
    for (let total = 0; this.isOpen && total < maxDrainBytes;) {
      const count = this.#read();
      if (count === 0) {
        return;
      }
      this.#options.onChunk(this.#view(count));
      total += count;
    }
  }

  /** Closes the descriptor. Idempotent. */
  close(): void {
    if (this.#state === 'closed') {
      return;
    }
    this.#rest('closed');
    if (this.#isWide) {
      this.#context.widePipes.release();
    }
    this.#context.io.close(this.#fd);
  }

  /** Gives the pipe back, unread, as it is. */
  release(): Descriptor {
    this.#rest('closed');
    if (this.#isWide) {
      this.#context.widePipes.release();
    }
    this.#watch?.close();
    return this.#fd;
  }

  /** Bytes that are in the buffer now; 0 when nothing is there, also for good: then the pipe is closed. */
  #read(): number {
    const count = this.#context.io.readAvailable(this.#fd, this.#context.buffer);
    if (count === 0 || (typeof count === 'string' && count !== 'EAGAIN' && count !== 'EINTR')) {
      this.close();
    }
    return typeof count === 'string' ? 0 : count;
  }

  #view(count: number): Uint8Array {
    return this.#context.buffer.subarray(0, count);
  }

  #woken(): void {
    const count = this.#read();
    if (count === 0) {
      return;
    }
    const nowMs = this.#context.clock.monotonicMs();
    const takesMore = this.#options.onChunk(this.#view(count));
    if (this.#state !== 'waiting') {
      return;
    }
    if (!takesMore) {
      this.hold();
      return;
    }
    this.#widenIfFull(count);
    const intervalMs = this.#pace.afterEvent(nowMs, count, this.#capacityBytes);
    if (this.#options.isPaced && intervalMs !== null) {
      this.#watch?.stop();
      this.#lookEvery(intervalMs);
    }
  }

  /** A pipe that is found full again and again is too small for what its child writes. */
  #widenIfFull(count: number): void {
    if (this.#isWide || count < ordinaryPipeBytes) {
      return;
    }
    this.#fullReads += 1;
    if (this.#fullReads === fullReads) {
      this.#isWide = this.#context.widePipes.widen(this.#fd);
      this.#capacityBytes = this.#askCapacity();
      this.#fullReads = 0;
    }
  }

  /** Neither the event loop nor the pacer looks at the pipe any more. */
  #rest(state: 'held' | 'closed'): void {
    this.#context.pacer.remove(this);
    this.#watch?.stop();
    this.#state = state;
  }

  /** `withoutMs`: how often it is looked at if there is nothing to wait for. */
  #waitForEvents(withoutMs: PaceIntervalMs = slowestPaceMs): void {
    this.#context.pacer.remove(this);
    this.#state = 'waiting';
    if (this.#watch === null || this.#watch.start('read') !== null) {
      this.#lookEvery(withoutMs);
    }
  }

  #lookEvery(intervalMs: PaceIntervalMs): void {
    this.#state = 'paced';
    this.#intervalMs = intervalMs;
    this.#context.pacer.add(this, intervalMs);
  }

  /** Less than usual where the kernel has granted a user all it will. */
  #askCapacity(): number {
    const bytes = this.#context.io.pipeBytes(this.#fd);
    return typeof bytes === 'string' ? ordinaryPipeBytes : bytes;
  }
}
