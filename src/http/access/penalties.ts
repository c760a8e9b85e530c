/**
 * Slows down the guessing of passwords, and tells of it.
 *
 * A wrong password is answered late, the later the more different ones came from its address within five minutes, and only one of an
 * address at a time. A right one is answered at once, whatever others do from the same address, so that nobody locks anybody out.
 */
import type { Clock } from '../../system/clock.ts';
import { pause } from '../../system/pause.ts';

/** Milliseconds for which a wrong password counts. */
const countsForMs = 5 * 60_000;
/** Milliseconds that the answer to the first takes; each further one takes twice as long, up to the longest. */
const firstDelayMs = 100;
const longestDelayMs = 2000;
/** Wrong passwords of an address that wait for their answer; those beyond get none. */
const maxWaiting = 64;
/** Addresses that are remembered; beyond this the one that was seen first is forgotten. */
const maxSources = 4096;
/** Milliseconds after which it is told again of an address. */
const repeatMs = 60_000;

interface Source {
  /** Digests of what was wrong, and until when they count. */
  readonly wrong: Map<string, number>;
  /** When the answer of the last of those that wait is due. */
  lastDueMs: number;
  waiting: number;
  toldAtMs: number;
  /** Since it was told. */
  untold: number;
}

export interface Penalty {
  /** Milliseconds until it may be answered; null: not at all. */
  readonly delayMs: number | null;
  /** How many there were since it was told last, this one included; null: it is not to be told now. */
  readonly tell: number | null;
}

export class Penalties {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'schedule'>;
  readonly #sources = new Map<string, Source>();

  constructor(clock: Pick<Clock, 'monotonicMs' | 'schedule'>) {
    this.#clock = clock;
  }

  /** Something wrong was tried; `digest` stands for what it was. Whoever waits for the answer calls {@link served} after it. */
  wrong(address: string, digest: string): Penalty {
    const nowMs = this.#clock.monotonicMs();
    const source = this.#source(address, nowMs);
    source.wrong.set(digest, nowMs + countsForMs);
    source.untold += 1;
    const tell = nowMs - source.toldAtMs >= repeatMs ? source.untold : null;
    if (tell !== null) {
      source.toldAtMs = nowMs;
      source.untold = 0;
    }
    if (source.waiting >= maxWaiting) {
      return { delayMs: null, tell };
    }
    const delayMs = Math.min(firstDelayMs * 2 ** Math.min(source.wrong.size - 1, 16), longestDelayMs);
    source.lastDueMs = Math.max(nowMs, source.lastDueMs) + delayMs;
    source.waiting += 1;
    return { delayMs: source.lastDueMs - nowMs, tell };
  }

  /** The answer has been given, or nobody waits for it any more: others of the address wait all the same. */
  served(address: string): void {
    const source = this.#sources.get(address);
    if (source !== undefined) {
      source.waiting -= 1;
    }
  }

  /** Waits out a penalty. Rejects with the reason of `signal` when nobody waits for the answer any more. */
  async serve(address: string, delayMs: number, signal: AbortSignal): Promise<void> {
    try {
      await pause(this.#clock, delayMs, signal);
      signal.throwIfAborted();
    } finally {
      this.served(address);
    }
  }

  /** Without what no longer counts. */
  #source(address: string, nowMs: number): Source {
    const source: Source = this.#sources.get(address) ?? {
      wrong: new Map(),
      lastDueMs: nowMs,
      waiting: 0,
      toldAtMs: Number.NEGATIVE_INFINITY,
      untold: 0,
    };
    for (const [digest, endsMs] of source.wrong) {
      if (endsMs <= nowMs || source.wrong.size > maxWrong) {
        source.wrong.delete(digest);
      }
    }
    this.#sources.delete(address);
    this.#sources.set(address, source);
    if (this.#sources.size > maxSources) {
      const [first = ''] = this.#sources.keys();
      this.#sources.delete(first);
    }
    return source;
  }
}

/** More make no difference. */
const maxWrong = 16;
