/**
 * Tells those who follow a file that the daemon itself has just written to it, so that they need not look. Whoever writes
 * is told whether anybody follows, and says nothing as long as nobody does.
 */
export class WriteNotices {
  readonly #listeners = new Map<string, Set<() => void>>();
  #onFollowed: (path: string, on: boolean) => void = () => undefined;

  /** Sets who is told when the first one follows a file, and when the last one has left. */
  whenFollowed(onFollowed: (path: string, on: boolean) => void): void {
    this.#onFollowed = onFollowed;
  }

  /** Calls `listener` after writes to `path`; returns what ends it. */
  subscribe(path: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(path) ?? new Set();
    this.#listeners.set(path, listeners.add(listener));
    if (listeners.size === 1) {
      this.#onFollowed(path, true);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(path) === listeners) {
        this.#listeners.delete(path);
        this.#onFollowed(path, false);
      }
    };
  }

  isFollowed(path: string): boolean {
    return this.#listeners.has(path);
  }

  notifyWritten(path: string): void {
    this.#listeners.get(path)?.forEach((listener) => listener());
  }
}
