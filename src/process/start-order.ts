/** In which order processes are spawned whose logs are opened, and whose users are looked up, side by side. */
import type { Clock, Timer } from '../system/clock.ts';

/** How long one that takes long keeps those after it waiting. */
export const orderPatienceMs = 250;
/** Milliseconds of spawning after which others get their turn; one takes about one. */
const sliceMs = 10;

/**
 * Those who have entered go one after the other, in the order in which they came, however long each of them has taken to
 * get ready: as if getting ready took no time. Who is ready and has waited for a while goes before those who are not.
 */
export class StartOrder {
  readonly #clock: Clock;
  readonly #places: Place[] = [];
  #isToAdvance = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A place behind all others. */
  enter(): Place {
    const place: Place = new Place({
      clock: this.#clock,
      isFirst: () => this.#places[0] === place,
      advance: () => this.#advance(),
      leave: () => this.#leave(place),
    });
    this.#places.push(place);
    return place;
  }

  #leave(place: Place): void {
    const index = this.#places.indexOf(place);
    if (index >= 0) {
      this.#places.splice(index, 1);
      this.#advanceSoon();
    }
  }

  /** What the start of the one before leads to comes first. */
  #advanceSoon(): void {
    if (!this.#isToAdvance && this.#places[0]?.isReady === true) {
      this.#isToAdvance = true;
      queueMicrotask(() => {
        this.#isToAdvance = false;
        this.#advance();
      });
    }
  }

  #advance(): void {
    const endMs = this.#clock.monotonicMs() + sliceMs;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (this.#clock.monotonicMs() >= endMs) {
        this.#clock.schedule(endMs, () => this.#advance());
        return;
      }
      next.go();
    }
  }

  #next(): Place | undefined {
    const [first] = this.#places;
    return first?.isReady === true ? first : this.#places.find(({ isOverdue }) => isOverdue);
  }
}

interface PlaceHost {
  readonly clock: Clock;
  isFirst(): boolean;
  advance(): void;
  leave(): void;
}

/** Where somebody stands in the order. */
export class Place {
  readonly #host: PlaceHost;
  #go: (() => void) | null = null;
  #readySinceMs = 0;
  #hasLeft = false;
  #patience: Timer | null = null;

  constructor(host: PlaceHost) {
    this.#host = host;
  }

  get isReady(): boolean {
    return this.#go !== null;
  }

  get isOverdue(): boolean {
    return this.isReady && this.#host.clock.monotonicMs() - this.#readySinceMs >= orderPatienceMs;
  }

  /** Calls `go` when it is this one's turn, within the call if possible; at once if it has had its turn. */
  ready(go: () => void): void {
    const { clock } = this.#host;
    if (this.#hasLeft) {
      go();
      return;
    }
    this.#go = go;
    if (this.#host.isFirst()) {
      this.go();
      return;
    }
    this.#readySinceMs = clock.monotonicMs();
    this.#patience = clock.schedule(this.#readySinceMs + orderPatienceMs, () => this.#host.advance());
  }

  /** It is this one's turn. */
  go(): void {
    const go = this.#go;
    this.leave();
    go?.();
  }

  /** Gives up the place. Idempotent. */
  leave(): void {
    this.#hasLeft = true;
    this.#patience?.cancel();
    this.#patience = null;
    this.#go = null;
    this.#host.leave();
  }
}
