/**
 * The body of a response on its way from a connection to whoever reads it.
 */

/** What the stream may ask of the connection that fills it. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** Nobody reads on: ends the exchange if it is still running. */
  abandon(): void;
}

/** Bytes that may wait for their reader before the connection has to. */
const mostWaiting = 256 * 1024;

export class BodyStream {
  readonly #source: BodySource;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #end: { readonly failure: unknown } | null = null;
  #wake: (() => void) | null = null;

  constructor(source: BodySource) {
    this.#source = source;
  }

  push(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > mostWaiting) {
      this.#source.pause();
    }
    this.#wake?.();
  }

  /** @param failure thrown to the reader behind the last bytes; null at a proper end. */
  end(failure: unknown): void {
    this.#end = { failure };
    this.#wake?.();
  }

  /** The bytes as they come; to be called once. Leaving the loop early ends the exchange. */
  async *read(): AsyncGenerator<Buffer, void, void> {
    try {
      for (;;) {
        if (this.#waiting.length > 0) {
          const bytes = Buffer.concat(this.#waiting.splice(0));
          this.#waitingBytes = 0;
          this.#source.resume();
          yield bytes;
        } else if (this.#end === null) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else if (this.#end.failure === null) {
          return;
        } else {
          throw this.#end.failure;
        }
      }
    } finally {
      this.#source.abandon();
    }
  }
}
