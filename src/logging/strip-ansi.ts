const escape = 0x1b;
const bracket = 0x5b;

/** Bytes that end an escape sequence. Source: B16.6; the set of the original, which knows no others. */
const isTerminator = new Uint8Array(256);
for (const letter of 'HfABCDRsuJKhlpm') {
  isTerminator[letter.charCodeAt(0)] = 1;
}

type State = 'text' | 'escape' | 'sequence';

/** One for all, since what is in it is used up at once. Grows to the largest chunk. */
let scratch: Uint8Array = new Uint8Array(0);

/**
 * Removes `ESC [` up to the next terminator from a stream. How the stream is cut into chunks makes no
 * difference (in the original a sequence cut in two leaves its second half behind).
 */
export class AnsiStripper {
  #state: State = 'text';

  /** The chunk without escape sequences: itself when it has none, else valid until any stripper's next call. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#state === 'text' && !chunk.includes(escape)) {
      return chunk;
    }
    if (scratch.length < chunk.length + 1) {
      scratch = new Uint8Array(chunk.length + 1);
    }
    let length = 0;
    for (let position = 0; position < chunk.length;) {
      if (this.#state === 'text') {
        const found = chunk.indexOf(escape, position);
        const end = found < 0 ? chunk.length : found;
        scratch.set(chunk.subarray(position, end), length);
        length += end - position;
        position = end + 1;
        this.#state = found < 0 ? 'text' : 'escape';
      } else if (this.#state === 'sequence') {
        this.#state = isTerminator[chunk[position] ?? 0] === 1 ? 'text' : 'sequence';
        position += 1;
      } else if (chunk[position] === bracket) {
        this.#state = 'sequence';
        position += 1;
      } else {
        scratch[length] = escape;
        length += 1;
        this.#state = 'text';
      }
    }
    return scratch.subarray(0, length);
  }

  /** The stream has ended; returns a last ESC that nothing followed. */
  end(): Uint8Array {
    const rest = this.#state === 'escape' ? Uint8Array.of(escape) : new Uint8Array(0);
    this.#state = 'text';
    return rest;
  }
}
