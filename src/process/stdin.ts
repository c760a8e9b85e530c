/**
 * The writable end of a child's stdin. It stays open as long as the child lives, so that programs that read stdin
 * see no end of file.
 */
import type { DescriptorWatch } from '../native/descriptors.ts';
import type { Descriptor, DescriptorIo } from '../system/descriptor.ts';

/** `closed`: the child has closed its end. `full`: so much waits to be read that nothing was added. */
export type StdinOutcome = 'ok' | 'closed' | 'full';

/** What may wait for a child that does not read; a single write may go beyond it, as requests are limited themselves. */
const maxWaitingBytes = 16 * 1024 * 1024;

export interface ProcessStdin {
  /** Queues bytes, all or nothing. */
  write(bytes: Uint8Array): StdinOutcome;
  close(): void;
}

type StdinIo = Pick<DescriptorIo, 'writeSome' | 'watch' | 'close'>;

/**
 * Writes to a non-blocking pipe, owning its descriptor. What the pipe takes at once is written at once, so that a
 * closed reader is noticed in the call; the rest waits for room in the event loop.
 */
export class PipeStdin implements ProcessStdin {
  readonly #fd: Descriptor;
  readonly #io: StdinIo;
  #watch: DescriptorWatch | null = null;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(fd: Descriptor, io: StdinIo) {
    this.#fd = fd;
    this.#io = io;
  }

  write(bytes: Uint8Array): StdinOutcome {
    if (!this.#fd.isOpen) {
      return 'closed';
    }
    if (this.#waitingBytes >= maxWaitingBytes) {
      return 'full';
    }
    const written = this.#waitingBytes === 0 ? this.#writeNow(bytes) : 0;
    if (written === null) {
      return 'closed';
    }
    if (written < bytes.length) {
      this.#writeLater(Uint8Array.prototype.slice.call(bytes, written));
    }
    return 'ok';
  }

  close(): void {
    this.#io.close(this.#fd);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Bytes written, 0 when the pipe is full, null when nobody reads it. */
  #writeNow(bytes: Uint8Array): number | null {
    const written = this.#io.writeSome(this.#fd, bytes, 0);
    if (written === 'EAGAIN' || written === 'EINTR') {
      return 0;
    }
    return typeof written === 'string' ? null : written;
  }

  #writeLater(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#watch === null) {
      const watch = this.#io.watch(this.#fd, () => this.#writeOn());
      this.#watch = typeof watch === 'string' ? null : watch;
    }
    if (this.#watch === null || this.#watch.start('write') !== null) {
      // Nothing can wait for room, so what is left would never be written.
      this.close();
    }
  }

  #writeOn(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const written = this.#writeNow(first);
      if (written === null) {
        // The reader went away: the next write says so.
        this.close();
        return;
      }
      this.#waitingBytes -= written;
      if (written < first.length) {
        this.#waiting[0] = first.subarray(written);
        return;
      }
      this.#waiting.shift();
    }
    this.#watch?.stop();
  }
}
