import type { Descriptor } from '../system/descriptor.ts';
import type { LogIo } from './io.ts';

/** What a pipe holds unless somebody has changed it. */
export const ordinaryPipeBytes = 64 * 1024;
/** What one is widened to: a fourth of the wake-ups; still wider ones gain nothing more. */
const widePipeBytes = 256 * 1024;
/** How often a pipe has to be found full before it is widened. */
export const fullReads = 16;
/**
 * The kernel grants a user without privileges so many pages in all pipes together, and makes further pipes tiny when
 * they are used up. So only a few are widened at a time; they also bound what one turn of the event loop reads.
 */
const maxWide = 8;

/** Widens the pipes of programs that write as fast as they can, so that each wake-up brings more. */
export class WidePipes {
  readonly #io: LogIo;
  #count = 0;

  constructor(io: LogIo) {
    this.#io = io;
  }

  /** False: there are too many already, or the kernel refuses. A widened pipe is to be given back when it is closed. */
  widen(fd: Descriptor): boolean {
    if (this.#count >= maxWide || typeof this.#io.resizePipe(fd, widePipeBytes) === 'string') {
      return false;
    }
    this.#count += 1;
    return true;
  }

  /** A widened pipe has been closed. */
  release(): void {
    this.#count -= 1;
  }
}
