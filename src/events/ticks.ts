/**
 * TICK events, at the multiples of their periods on the wall clock.
 *
 * Time is looked at only while somebody subscribes. Somebody may set the wall clock meanwhile, therefore the wait for the
 * next multiple is at most a minute long; each multiple that was passed, or gone back to, is told once.
 * Source: Supervisor manual, "TICK Event Type"; observed, B20.6.
 */
import type { Clock, Timer } from '../system/clock.ts';
import type { EventBus } from './bus.ts';
import { tickEvent, type TickPeriodSecs } from './payloads.ts';

const periodsSecs: readonly TickPeriodSecs[] = [5, 60, 3600];
const longestWaitMs = 60_000;

export class Ticks {
  readonly #bus: EventBus;
  readonly #clock: Clock;
  /** Of periods that are subscribed to: the multiple that was last told or that it began after. */
  readonly #last = new Map<TickPeriodSecs, number>();
  readonly #unwatch: () => void;
  #timer: Timer | null = null;

  constructor(bus: EventBus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
    this.#unwatch = bus.watchSubscriptions(() => this.#subscriptionsChanged());
    this.#subscriptionsChanged();
  }

  close(): void {
    this.#unwatch();
    this.#timer?.cancel();
    this.#timer = null;
  }

  #subscriptionsChanged(): void {
    for (const period of periodsSecs) {
      if (!this.#bus.hasSubscribers(`TICK_${period}`)) {
        this.#last.delete(period);
      } else if (!this.#last.has(period)) {
        this.#last.set(period, this.#multiple(period));
      }
    }
    this.#arm();
  }

  #look(): void {
    // A subscriber may change the subscriptions.
    for (const [period, last] of Array.from(this.#last)) {
      const multiple = this.#multiple(period);
      if (multiple !== last) {
        this.#last.set(period, multiple);
        this.#bus.publish(tickEvent(period, multiple));
      }
    }
    this.#arm();
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const wallMs = this.#clock.wallMs();
    const waitsMs = [...this.#last.keys()].map((period) => (this.#multiple(period) + period) * 1000 - wallMs);
    if (waitsMs.length > 0) {
      const atMs = this.#clock.monotonicMs() + Math.min(...waitsMs, longestWaitMs);
      this.#timer = this.#clock.schedule(atMs, () => this.#look());
    }
  }

  /** Seconds since the epoch. */
  #multiple(periodSecs: TickPeriodSecs): number {
    return Math.floor(this.#clock.wallMs() / 1000 / periodSecs) * periodSecs;
  }
}
