/**
 * The writable end of a child's stdin. It stays open as long as the child lives, so that programs that read stdin
 * see no end of file.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { System } from '../system/system.ts';

/** `closed`: the child has closed its end. `full`: so much waits to be read that nothing was added. */
export type StdinOutcome = 'ok' | 'closed' | 'full';

/** What may wait for a child that does not read; a single write may go beyond it, as requests are limited themselves. */
const maxWaitingBytes = 16 * 1024 * 1024;

export interface ProcessStdin {
  /** Queues bytes, all or nothing. */
  write(bytes: Uint8Array): StdinOutcome;
  close(): void;
}

/**
 * Writes to a non-blocking pipe, owning its descriptor. What the pipe takes at once is written at once, so that a
 * closed reader is noticed in the call; a socket that waits for room is made only when the pipe is full.
 */
export class PipeStdin implements ProcessStdin {
  readonly #fd: number;
  readonly #system: Pick<System, 'close'>;
  #socket: Socket | null = null;
  #closed = false;

  constructor(fd: number, system: Pick<System, 'close'>) {
    this.#fd = fd;
    this.#system = system;
  }

  write(bytes: Uint8Array): StdinOutcome {
    if (this.#closed) {
      return 'closed';
    }
    if (this.#socket !== null && this.#socket.writableLength >= maxWaitingBytes) {
      return 'full';
    }
    const written = this.#socket === null ? this.#writeNow(bytes) : 0;
    if (written === null) {
      return 'closed';
    }
    if (written < bytes.length) {
      this.#writeLater(bytes.subarray(written));
    }
    return 'ok';
  }

  close(): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    if (this.#socket === null) {
      this.#system.close(this.#fd);
    } else {
      this.#socket.destroy();
    }
  }

  /** Bytes written, 0 when the pipe is full, null when nobody reads it. */
  #writeNow(bytes: Uint8Array): number | null {
    try {
      return writeSync(this.#fd, bytes);
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 0 : null;
    }
  }

  #writeLater(bytes: Uint8Array): void {
    if (this.#socket === null) {
      this.#socket = new Socket({ fd: this.#fd, readable: false, writable: true });
      // The reader went away: the next write says so.
      this.#socket.on('error', () => {
        this.#closed = true;
      });
    }
    this.#socket.write(Uint8Array.prototype.slice.call(bytes));
  }
}
