import { type SizeLimits, unlimited } from './rotation.ts';

interface Waiting {
  readonly bytes: Uint8Array;
  readonly limits: SizeLimits;
}

/**
 * What a log would not take yet, in order. It holds copies, since read buffers are reused; it is bounded by
 * its writers, who stop writing while there is a backlog.
 */
export class Backlog {
  #waiting: Waiting[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** The chunk whose turn it is. */
  get first(): Waiting | null {
    return this.#waiting[0] ?? null;
  }

  push(chunk: Uint8Array, limits: SizeLimits = unlimited): void {
    this.#waiting.push({ bytes: Uint8Array.prototype.slice.call(chunk), limits });
    this.#bytes += chunk.length;
  }

  /** Puts bytes that are older than the rest in front; they become the backlog's own. */
  putBack(bytes: Uint8Array): void {
    this.#waiting.unshift({ bytes, limits: unlimited });
    this.#bytes += bytes.length;
  }

  /** Takes `count` bytes off the first chunk, which goes when nothing of it is left. */
  consume(count: number): void {
    const first = this.#waiting[0];
    if (first === undefined) {
      return;
    }
    this.#bytes -= count;
    if (count === first.bytes.length) {
      this.#waiting.shift();
    } else {
      this.#waiting[0] = { bytes: first.bytes.subarray(count), limits: first.limits };
    }
  }

  /** Takes everything out, as one piece. */
  takeAll(): Uint8Array {
    const all = Buffer.concat(this.#waiting.map(({ bytes }) => bytes));
    this.#waiting = [];
    this.#bytes = 0;
    return all;
  }
}
