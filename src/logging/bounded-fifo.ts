const firstCapacity = 1024;

/** Keeps the last `maxBytes` of what is put into it. Memory grows with what is kept, not with the limit. */
export class BoundedFifo {
  readonly #maxBytes: number;
  /** A ring: the oldest byte is at `#start`. */
  #ring: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #start = 0;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): void {
    const bytes = chunk.subarray(Math.max(0, chunk.length - this.#maxBytes));
    this.#reserve(Math.min(this.#maxBytes, this.#length + bytes.length));
    const capacity = this.#ring.length;
    const excess = Math.max(0, this.#length + bytes.length - capacity);
    if (capacity === 0 || bytes.length === 0) {
      return;
    }
    this.#start = (this.#start + excess) % capacity;
    this.#length -= excess;
    const end = (this.#start + this.#length) % capacity;
    const fitting = Math.min(bytes.length, capacity - end);
    this.#ring.set(bytes.subarray(0, fitting), end);
    this.#ring.set(bytes.subarray(fitting), 0);
    this.#length += bytes.length;
  }

  /** Everything that is kept, as a copy; it is empty afterwards. */
  take(): Uint8Array {
    const all = this.#copy(this.#length);
    this.#ring = new Uint8Array(0);
    this.#start = 0;
    this.#length = 0;
    return all;
  }

  #copy(capacity: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(capacity);
    const fitting = Math.min(this.#length, this.#ring.length - this.#start);
    copy.set(this.#ring.subarray(this.#start, this.#start + fitting));
    copy.set(this.#ring.subarray(0, this.#length - fitting), fitting);
    return copy;
  }

  #reserve(needed: number): void {
    if (needed > this.#ring.length) {
      const capacity = Math.min(this.#maxBytes, Math.max(needed, this.#ring.length * 2, firstCapacity));
      this.#ring = this.#copy(capacity);
      this.#start = 0;
    }
  }
}
