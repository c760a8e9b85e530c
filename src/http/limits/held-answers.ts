/**
 * Answers that are complete, but whose clients have not taken them yet. Beyond a bound those are dropped that have waited for a
 * while, longest first, and beyond three times as much also those that have not.
 */
import type { Exchange } from '../exchange.ts';

interface Held {
  readonly bytes: number;
  readonly sinceMs: number;
  readonly drop: () => void;
}

/** Milliseconds in which a client on a usual line takes any answer. */
const graceMs = 2000;

export class HeldAnswers {
  readonly #maxBytes: number;
  readonly #nowMs: () => number;
  /** Longest wait first. */
  readonly #held = new Set<Held>();
  #bytes = 0;

  constructor(maxBytes: number, nowMs: () => number) {
    this.#maxBytes = maxBytes;
    this.#nowMs = nowMs;
  }

  /** An answer that has been ended. */
  add({ request, response, whenOver }: Pick<Exchange, 'request' | 'response' | 'whenOver'>): void {
    const held: Held = {
      bytes: response.writableLength,
      sinceMs: this.#nowMs(),
      drop: () => void request.socket.destroy(),
    };
    this.#held.add(held);
    this.#bytes += held.bytes;
    whenOver(() => this.#remove(held));
    for (const longest of this.#held) {
      const hasTime = this.#nowMs() - longest.sinceMs < graceMs && this.#bytes <= 3 * this.#maxBytes;
      if (this.#bytes <= this.#maxBytes || hasTime) {
        break;
      }
      this.#remove(longest);
      longest.drop();
    }
  }

  #remove(held: Held): void {
    if (this.#held.delete(held)) {
      this.#bytes -= held.bytes;
    }
  }
}
