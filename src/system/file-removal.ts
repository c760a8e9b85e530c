import fs from 'node:fs';

import { errnoOf } from './system-error.ts';

const { O_NOFOLLOW } = fs.constants;
/** Node has no name for it; on Linux it is the same wherever Node runs. */
const O_PATH = 0o10000000;

/** Freeing the space of a smaller file takes no longer than asking another thread for it. */
const largeBytes = 1024 * 1024;
/** How many descriptors it may take meanwhile; what is beyond is waited for. */
const maxPending = 4;

/** Closes a descriptor on a thread of the pool. */
type CloseLater = (fd: number, done: () => void) => void;

/**
 * Removes files without waiting until the file system has freed their space, which takes it 15 ms for 50 MB.
 *
 * The name goes at once. The space is freed when nobody holds the file any more, and here a descriptor does, which a
 * thread of the pool closes. If the daemon is killed in between the kernel closes it.
 */
export class FileRemoval {
  readonly #close: CloseLater;
  #pending = 0;

  constructor(close: CloseLater = (fd, done) => fs.close(fd, done)) {
    this.#close = close;
  }

  /** `entry` is a file or a link, of so many bytes. Throws errors of the system. */
  unlink(entry: string, bytes: number): void {
    const held = bytes >= largeBytes && this.#pending < maxPending ? hold(entry) : null;
    try {
      fs.unlinkSync(entry);
    } finally {
      if (held !== null) {
        this.#letGo(held);
      }
    }
  }

  #letGo(held: number): void {
    this.#pending += 1;
    this.#close(held, () => {
      this.#pending -= 1;
    });
  }
}

/** Opened for nothing but to keep it; null when that is refused, since it can be removed without. */
function hold(entry: string): number | null {
  try {
    return fs.openSync(entry, O_PATH | O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === null) {
      throw error;
    }
    return null;
  }
}
