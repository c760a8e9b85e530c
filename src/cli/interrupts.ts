/**
 * What ^C does: end the innermost thing that can be ended by it.
 *
 * Without any such thing the signal keeps its default action. A terminal in raw mode sends no signal; its reader
 * calls {@link Interrupts.interrupt} instead.
 */
export class Interrupts {
  readonly #handlers: (() => void)[] = [];
  readonly #onSignal = (): void => {
    this.interrupt();
  };

  /** Does `work` until it is done or interrupted; the signal is aborted then, and nobody waits for the rest. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | 'interrupted'> {
    const controller = new AbortController();
    const handler = (): void => {
      controller.abort();
    };
    const interrupted = new Promise<'interrupted'>((resolve) => {
      controller.signal.addEventListener('abort', () => {
        resolve('interrupted');
      });
    });
    this.#add(handler);
    try {
      return await Promise.race([interrupted, work(controller.signal)]);
    } finally {
      this.#remove(handler);
    }
  }

  /** Ends what can be ended, or this process as the signal would. */
  interrupt(): void {
    const handler = this.#handlers.at(-1);
    if (handler === undefined) {
      process.kill(process.pid, 'SIGINT');
    } else {
      handler();
    }
  }

  #add(handler: () => void): void {
    if (this.#handlers.length === 0) {
      process.on('SIGINT', this.#onSignal);
    }
    this.#handlers.push(handler);
  }

  #remove(handler: () => void): void {
    this.#handlers.splice(this.#handlers.lastIndexOf(handler), 1);
    if (this.#handlers.length === 0) {
      process.off('SIGINT', this.#onSignal);
    }
  }
}
