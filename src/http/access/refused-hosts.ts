/** Which refused names were told of lately: one line a minute for each, however many requests come. */

const repeatMs = 60_000;
/** Names are invented easily; beyond so many a minute the rest is not told. */
const maxNames = 20;
const maxNameLength = 100;

export class RefusedHosts {
  readonly #toldAtMs = new Map<string, number>();

  /** The name as it may be told, cut to a bearable length; null: not now. */
  tell(host: string, nowMs: number): string | null {
    for (const [name, atMs] of this.#toldAtMs) {
      if (nowMs - atMs >= repeatMs) {
        this.#toldAtMs.delete(name);
      }
    }
    const name = host.slice(0, maxNameLength);
    if (this.#toldAtMs.has(name) || this.#toldAtMs.size >= maxNames) {
      return null;
    }
    this.#toldAtMs.set(name, nowMs);
    return name;
  }
}
