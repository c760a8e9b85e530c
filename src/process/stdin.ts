/**
 * The writable end of a child's stdin. It stays open as long as the child lives, so that programs that read stdin
 * see no end of file.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { System } from '../system/system.ts';

export interface ProcessStdin {
  /** Queues bytes; `closed` when the child has closed its end. */
  write(bytes: Uint8Array): 'ok' | 'closed';
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

  write(bytes: Uint8Array): 'ok' | 'closed' {
    if (this.#closed) {
      return 'closed';
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
    this.#socket.write(Uint8Array.from(bytes));
  }
}
