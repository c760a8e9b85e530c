const escape = 0x1b;
const bracket = 0x5b;

/** Bytes that end an escape sequence. Source: B16.6; the set of the original, which knows no others. */
const isTerminator = new Uint8Array(256);
for (const letter of 'HfABCDRsuJKhlpm') {
  isTerminator[letter.charCodeAt(0)] = 1;
}

type State = 'text' | 'escape' | 'sequence';

/**
 * Removes `ESC [` up to the next terminator from a stream. How the stream is cut into chunks makes no
 * difference (in the original a sequence cut in two leaves its second half behind).
 */
export class AnsiStripper {
  #state: State = 'text';
  #scratch: Uint8Array = new Uint8Array(0);

  /** The chunk without escape sequences: itself when it has none, else valid until the next call. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#state === 'text' && !chunk.includes(escape)) {
      return chunk;
    }
    if (this.#scratch.length < chunk.length + 1) {
      this.#scratch = new Uint8Array(chunk.length + 1);
    }
    const kept = this.#scratch;
    let length = 0;
    let state = this.#state;
    for (const byte of chunk) {
      if (state === 'sequence') {
        state = isTerminator[byte] === 1 ? 'text' : 'sequence';
        continue;
      }
      if (state === 'escape') {
        if (byte === bracket) {
          state = 'sequence';
          continue;
        }
        kept[length] = escape;
        length += 1;
        state = 'text';
      }
      if (byte === escape) {
        state = 'escape';
      } else {
        kept[length] = byte;
        length += 1;
      }
    }
    this.#state = state;
    return kept.subarray(0, length);
  }

  /** The stream has ended; returns a last ESC that nothing followed. */
  end(): Uint8Array {
    const rest = this.#state === 'escape' ? Uint8Array.of(escape) : new Uint8Array(0);
    this.#state = 'text';
    return rest;
  }
}
