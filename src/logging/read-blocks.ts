/**
 * Memory that followers read to, each again and again to its own.
 *
 * Large pieces cost far less than small ones, but a client may leave one lying as long as it likes. So only a few have a large
 * block at a time, who came first, and all the others small ones.
 */
import type { NativeBlock } from '../native/binding.ts';

export const smallBlockBytes = 64 * 1024;
export const largeBlockBytes = 256 * 1024;

/** 8 MiB in all. */
const maxLarge = 32;

export class ReadBlocks {
  readonly #make: (bytes: number) => NativeBlock | null;
  readonly #large = new Set<NativeBlock>();

  /** `make`: null without memory. */
  constructor(make: (bytes: number) => NativeBlock | null) {
    this.#make = make;
  }

  /** A large one for who takes so many bytes at a time, if there is one left. To be given back. Null without memory. */
  take(maxBytes: number): NativeBlock | null {
    if (maxBytes < largeBlockBytes || this.#large.size === maxLarge) {
      return this.#make(smallBlockBytes);
    }
    const block = this.#make(largeBlockBytes);
    if (block !== null) {
      this.#large.add(block);
    }
    return block;
  }

  /** What reads to it still may go on. */
  giveBack(block: NativeBlock): void {
    this.#large.delete(block);
  }
}
