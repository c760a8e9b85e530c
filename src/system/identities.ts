/**
 * Who the users of programs are, remembered.
 *
 * The name service may take minutes to answer, or not answer at all. So it is waited for only when a configuration is read
 * ({@link Identities.learn}). Before a start it is asked again beside the event loop, so that a changed list of groups
 * counts from the next start on; the start waits a moment for the answer, and then takes what is known.
 */
import type { Clock, Timer } from './clock.ts';
import type { IdentityResult } from './system.ts';

/** Answers of this age are taken as they are: many programs of a user that start together ask once. */
const freshMs = 1000;

/** Longest that a start waits for an answer. */
const patienceMs = 1000;

/** After so long another look-up is begun beside one that hangs, in case that never ends. */
const hangingMs = 60_000;

/** Each takes a thread and a descriptor, for as long as it hangs. */
const maxLookups = 4;

export interface IdentitySource {
  /** Waits for the answer. */
  ask(uid: number): IdentityResult;
  /** Calls `answered` once, at once or later. */
  askLater(uid: number, answered: (result: IdentityResult) => void): void;
}

interface Remembered {
  readonly result: IdentityResult;
  readonly askedAtMs: number;
}

interface Lookup {
  readonly uid: number;
  readonly askedAtMs: number;
}

interface Waiting {
  readonly uid: number;
  readonly timer: Timer;
  readonly proceed: () => void;
}

export class Identities {
  readonly #source: IdentitySource;
  readonly #clock: Clock;
  readonly #known = new Map<number, Remembered>();
  /** To be asked for, in this order, one at a time. */
  readonly #wanted = new Set<number>();
  readonly #lookups = new Set<Lookup>();
  readonly #waiting = new Set<Waiting>();

  constructor(source: IdentitySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Asks for these users and waits for the answers. */
  learn(uids: ReadonlySet<number>): void {
    for (const uid of uids) {
      const askedAtMs = this.#clock.monotonicMs();
      this.#remember(uid, { result: this.#source.ask(uid), askedAtMs });
    }
  }

  /** What is known. */
  of(uid: number): IdentityResult {
    return this.#known.get(uid)?.result ?? { ok: false, trouble: 'it has not been looked up yet' };
  }

  /**
   * Has a user asked for again, unless that was done just now. True: `proceed` is called, once, when the answer is there or has
   * taken too long; false: there is nothing to wait for.
   */
  renew(uid: number, proceed: () => void): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#isFresh(uid, nowMs)) {
      return false;
    }
    if (!this.#isAsked(uid, nowMs)) {
      this.#wanted.add(uid);
      this.#askNext();
    }
    if (this.#isFresh(uid, nowMs) || this.#isHanging(patienceMs)) {
      return false;
    }
    const waiting: Waiting = {
      uid,
      proceed,
      timer: this.#clock.schedule(nowMs + patienceMs, () => this.#proceed(waiting)),
    };
    this.#waiting.add(waiting);
    return true;
  }

  #isFresh(uid: number, nowMs: number): boolean {
    const known = this.#known.get(uid);
    return known !== undefined && nowMs - known.askedAtMs < freshMs;
  }

  #isAsked(uid: number, nowMs: number): boolean {
    return [...this.#lookups].some((lookup) => lookup.uid === uid && nowMs - lookup.askedAtMs < freshMs);
  }

  /** Whether every look-up under way has taken so long already. */
  #isHanging(forMs: number): boolean {
    const latestMs = this.#clock.monotonicMs() - forMs;
    return this.#lookups.size > 0 && [...this.#lookups].every(({ askedAtMs }) => askedAtMs <= latestMs);
  }

  #askNext(): void {
    const [uid] = this.#wanted;
    const mayAsk =
      this.#lookups.size === 0 || (this.#lookups.size < maxLookups && this.#isHanging(hangingMs));
    if (uid === undefined || !mayAsk) {
      return;
    }
    this.#wanted.delete(uid);
    const lookup = { uid, askedAtMs: this.#clock.monotonicMs() };
    this.#lookups.add(lookup);
    this.#source.askLater(uid, (result) => this.#answered(lookup, result));
  }

  #answered(lookup: Lookup, result: IdentityResult): void {
    const { uid, askedAtMs } = lookup;
    this.#lookups.delete(lookup);
    this.#remember(uid, { result, askedAtMs });
    for (const waiting of [...this.#waiting].filter((other) => other.uid === uid)) {
      this.#proceed(waiting);
    }
    this.#askNext();
  }

  /** Trouble takes nothing away from what is known, and an answer that was long on its way nothing from a later one. */
  #remember(uid: number, { result, askedAtMs }: Remembered): void {
    const known = this.#known.get(uid);
    if (known !== undefined && known.askedAtMs > askedAtMs) {
      return;
    }
    const isKept = known !== undefined && isTrouble(result) && !isTrouble(known.result);
    this.#known.set(uid, { result: isKept ? known.result : result, askedAtMs });
  }

  #proceed(waiting: Waiting): void {
    if (this.#waiting.delete(waiting)) {
      waiting.timer.cancel();
      waiting.proceed();
    }
  }
}

function isTrouble(result: IdentityResult): boolean {
  return !result.ok && result.trouble !== null;
}
