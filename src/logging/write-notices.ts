/**
 * Tells those who follow a file that the daemon itself has just written to it, so that they need not look.
 * Costs a look into an empty map as long as nobody follows anything.
 */
export class WriteNotices {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Calls `listener` after each write to `path`, in the same turn; returns what ends it. */
  subscribe(path: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(path) ?? new Set();
    this.#listeners.set(path, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(path) === listeners) {
        this.#listeners.delete(path);
      }
    };
  }

  notifyWritten(path: string): void {
    if (this.#listeners.size > 0) {
      this.#listeners.get(path)?.forEach((listener) => listener());
    }
  }
}
