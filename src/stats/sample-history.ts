/**
 * What was measured of one process, bounded: everything of the last minutes, and of the last hour one sample for
 * each quarter of a minute.
 */

/** Wall-clock milliseconds, percent of one processor (null: not known yet), bytes. */
export type Sample = readonly [atMs: number, cpuPercent: number | null, memoryBytes: number];

const recentMs = 4 * 60_000;
const keptMs = 60 * 60_000;
const thinnedIntervalMs = 15_000;

export class SampleHistory {
  /** Older than {@link recentMs}. */
  #thinned: Sample[] = [];
  #recent: Sample[] = [];

  get samples(): readonly Sample[] {
    return [...this.#thinned, ...this.#recent];
  }

  get latest(): Sample | null {
    return this.#recent.at(-1) ?? null;
  }

  add(sample: Sample): void {
    const [nowMs] = sample;
    this.#recent.push(sample);
    const firstRecent = this.#recent.findIndex(([atMs]) => atMs > nowMs - recentMs);
    for (const old of this.#recent.splice(0, firstRecent)) {
      const last = this.#thinned.at(-1);
      if (last === undefined || old[0] >= last[0] + thinnedIntervalMs) {
        this.#thinned.push(old);
      }
    }
    const firstKept = this.#thinned.findIndex(([atMs]) => atMs > nowMs - keptMs);
    this.#thinned.splice(0, firstKept === -1 ? this.#thinned.length : firstKept);
  }
}
