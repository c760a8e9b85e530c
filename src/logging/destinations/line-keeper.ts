import type { Clock, Timer } from '../../system/clock.ts';

const newline = 0x0a;
/** How long an unfinished line waits for its end before others may write behind it. */
const patienceMs = 100;
const maxKeptBytes = 64 * 1024;

/**
 * Holds back the end of one writer's output up to the next newline, so that several writers into one
 * descriptor do not write into each other's lines. A line that takes too long or gets too long goes out in
 * pieces. The time during which the writer is held back does not count.
 */
export class LineKeeper {
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #timer: Timer | null = null;
  #isHeld = false;

  constructor(clock: Clock, write: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  push(chunk: Uint8Array): void {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      const lines = chunk.subarray(0, end);
      this.#write(this.#keptBytes === 0 ? lines : this.#takeKept(lines));
    }
    if (end < chunk.length) {
      this.#keep(chunk.subarray(end));
    }
  }

  /** The writer is held back, and cannot finish its line. */
  hold(): void {
    this.#isHeld = true;
    this.#stopWaiting();
  }

  /** The writer goes on. */
  release(): void {
    this.#isHeld = false;
    this.#wait();
  }

  /** Writes the unfinished line as it is. */
  flush(): void {
    if (this.#keptBytes > 0) {
      this.#write(this.#takeKept(new Uint8Array(0)));
    }
  }

  #keep(piece: Uint8Array): void {
    this.#kept.push(Uint8Array.prototype.slice.call(piece));
    this.#keptBytes += piece.length;
    if (this.#keptBytes > maxKeptBytes) {
      this.flush();
      return;
    }
    this.#wait();
  }

  #wait(): void {
    if (this.#keptBytes > 0 && !this.#isHeld) {
      this.#timer ??= this.#clock.schedule(this.#clock.monotonicMs() + patienceMs, () => this.flush());
    }
  }

  #stopWaiting(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #takeKept(end: Uint8Array): Uint8Array {
    this.#stopWaiting();
    const whole = Buffer.concat([...this.#kept, end]);
    this.#kept = [];
    this.#keptBytes = 0;
    return whole;
  }
}
