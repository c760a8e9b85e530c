/**
 * One of the program's output streams: text in the order it was given, wholly out before the program ends.
 */
import type { Writable } from 'node:stream';

export class Output {
  readonly #stream: Writable;
  /** Resolves when nobody reads the stream any more (`supervisorctl tail -f x | head`). */
  readonly broken: Promise<void>;
  #isBroken = false;

  /** The stream stays the caller's; from now on its errors are quiet. */
  constructor(stream: Writable) {
    this.#stream = stream;
    this.broken = new Promise((resolve) => {
      stream.on('error', () => {
        this.#isBroken = true;
        resolve();
      });
    });
  }

  line(text: string): void {
    this.text(`${text}\n`);
  }

  text(text: string): void {
    if (!this.#isBroken) {
      this.#stream.write(text);
    }
  }

  /** Writes bytes and waits until the stream has taken them. */
  bytes(bytes: Uint8Array): Promise<void> {
    return this.#written(bytes);
  }

  /** Resolves when everything given so far is out, or can never be. */
  async flush(): Promise<void> {
    await this.#written('');
  }

  #written(data: string | Uint8Array): Promise<void> {
    if (this.#isBroken) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#stream.write(data, () => {
        resolve();
      });
    });
  }
}
