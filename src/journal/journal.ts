/**
 * What has happened, for people who ask later and for those who look on: changes of state, what was asked for by whom
 * and by which way, groups that came and went. Bounded, in memory, each entry with a growing number, so that somebody
 * who looks on can say where he was when his connection broke.
 *
 * It outlives a restart of the daemon's configuration, not the daemon.
 */
import type { Cause } from '../process/record.ts';
import type { ProcessState } from '../process/states.ts';
import type { Clock } from '../system/clock.ts';

/** What an entry tells. */
export type JournalNews =
  | {
      readonly kind: 'state';
      /** Namespec. */
      readonly process: string;
      readonly from: ProcessState;
      readonly to: ProcessState;
      readonly cause: Cause | null;
      readonly text: string;
    }
  | { readonly kind: 'action'; readonly process: string | null; readonly cause: Cause; readonly text: string }
  | {
      readonly kind: 'group';
      readonly group: string;
      readonly change: 'added' | 'changed' | 'removed';
      /** Namespecs of its processes. */
      readonly processes: readonly string[];
      /** Namespecs of those that are no more. */
      readonly gone: readonly string[];
      readonly text: string;
    }
  | { readonly kind: 'daemon'; readonly text: string };

export type JournalEntry = JournalNews & {
  readonly id: number;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
};

const maxEntries = 2000;
/** No text, which may come from a client, is longer. */
const maxTextLength = 300;

export class Journal {
  readonly #clock: Clock;
  readonly #listeners = new Set<(entry: JournalEntry) => void>();
  #entries: JournalEntry[] = [];
  #lastId: number;
  #lifeBeganAtId: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    // So that a number of an earlier daemon is not taken for one of this.
    this.#lastId = clock.wallMs() * 1000;
    this.#lifeBeganAtId = this.#lastId;
  }

  /** Number of the newest entry. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Everything before is about processes that are no more: the configuration is started anew. */
  beginLife(): void {
    this.#lifeBeganAtId = this.#lastId;
  }

  add(news: JournalNews): void {
    this.#lastId += 1;
    const text = news.text.length > maxTextLength ? `${news.text.slice(0, maxTextLength)}…` : news.text;
    const entry: JournalEntry = { ...news, text, id: this.#lastId, atMs: this.#clock.wallMs() };
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * maxEntries) {
      this.#entries = this.#entries.slice(-maxEntries);
    }
    for (const listener of this.#listeners) {
      listener(entry);
    }
  }

  /** The newest entries, oldest of them first. */
  latest(count: number): readonly JournalEntry[] {
    return this.#entries.slice(-Math.min(Math.max(count, 1), maxEntries));
  }

  /** What came after an entry; null when it is not known any more what did. */
  since(id: number): readonly JournalEntry[] | null {
    const [first] = this.#entries;
    const oldest = Math.max(this.#lifeBeganAtId, (first?.id ?? this.#lastId + 1) - 1);
    return Number.isSafeInteger(id) && id >= oldest && id <= this.#lastId
      ? this.#entries.filter((entry) => entry.id > id)
      : null;
  }

  /** Calls `listener` with every new entry; returns what ends it. */
  subscribe(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
