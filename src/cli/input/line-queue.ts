/**
 * Lines that have arrived and nobody has asked for yet, or the one who waits for the next.
 */
export class LineQueue {
  readonly #lines: string[] = [];
  #isEnded = false;
  #waiting: ((line: string | null) => void) | null = null;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  push(line: string): void {
    if (this.#waiting === null) {
      this.#lines.push(line);
    } else {
      this.#waiting(line);
    }
  }

  /** No more lines come. */
  end(): void {
    this.#isEnded = true;
    this.#waiting?.(null);
  }

  /** More may come after an {@link end}: a terminal goes on after ^D. */
  reopen(): void {
    this.#isEnded = false;
  }

  /** The next line, or null at the end. Rejects with the signal's reason; a later line is kept for the next. */
  next(signal?: AbortSignal): Promise<string | null> {
    signal?.throwIfAborted();
    const line = this.#lines.shift();
    if (line !== undefined) {
      return Promise.resolve(line);
    }
    if (this.#isEnded) {
      return Promise.resolve(null);
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = null;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting = (next) => {
        this.#waiting = null;
        signal?.removeEventListener('abort', onAbort);
        resolve(next);
      };
    });
  }
}
