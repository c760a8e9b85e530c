/**
 * Gives memory back once the programs are started, and after much was sent or received: what both leave behind is otherwise collected
 * only when there is more of it, and in a daemon that does nothing else it stays for days. Nothing is done while little comes in.
 */
import type { Clock, Timer } from '../../system/clock.ts';
import type { Memory } from '../../system/memory.ts';

/** Milliseconds after the last start: what is RUNNING after a second is so by then. */
const settleAfterMs = 1500;
/** Bytes of traffic after which the memory is looked at. */
const trafficBytes = 4 * 1024 * 1024;
/** Bytes of growth that are worth the work. */
const growthBytes = 8 * 1024 * 1024;
/** Milliseconds between the traffic and the look. */
const lookAfterMs = 200;
/** Milliseconds after which it is tried again when it has not helped; each time twice as many, up to the last. */
const retryAfterMs = 2000;
const lastRetryMs = 60_000;

export class MemoryKeeper {
  readonly #memory: Memory;
  readonly #clock: Pick<Clock, 'monotonicMs' | 'schedule'>;
  #traffic = 0;
  #timer: Timer | null = null;
  #settling: Timer | null = null;
  /** When it looks next. */
  #dueMs = Number.POSITIVE_INFINITY;
  /** The least that it has taken up since there was traffic. */
  #floorBytes = Number.POSITIVE_INFINITY;
  /** What it takes up even when everything is given back. */
  #heldBytes = 0;
  #hasEnded = false;

  constructor(memory: Memory, clock: Pick<Clock, 'monotonicMs' | 'schedule'>) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /** Before any traffic. */
  begin(): void {
    this.#memory.returnLargeBlocks();
    this.#floorBytes = this.#memory.residentBytes();
  }

  /** All is started that starts by itself. The start takes several times as much as what stays of it. */
  settleSoon(): void {
    this.#settling = this.#clock.schedule(this.#clock.monotonicMs() + settleAfterMs, () => {
      this.#settling = null;
      this.#giveBack(() => undefined);
    });
  }

  /** So many bytes were received or sent, or are about to be. */
  noticed(bytes: number): void {
    this.#traffic += bytes;
    if (this.#traffic >= trafficBytes && this.#dueMs > this.#clock.monotonicMs() + lookAfterMs) {
      this.#lookAfter(lookAfterMs, retryAfterMs);
    }
  }

  /** There will be no more traffic. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#settling?.cancel();
    this.#settling = null;
    this.#hasEnded = true;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  #lookAfter(ms: number, retryMs: number): void {
    this.#timer?.cancel();
    this.#dueMs = this.#clock.monotonicMs() + ms;
    this.#timer = this.#clock.schedule(this.#dueMs, () => {
      this.#timer = null;
      this.#dueMs = Number.POSITIVE_INFINITY;
      this.#look(retryMs);
    });
  }

  #look(retryMs: number): void {
    const isCalm = this.#traffic < trafficBytes;
    this.#traffic = 0;
    const before = this.#memory.residentBytes();
    this.#floorBytes = Math.min(this.#floorBytes, before);
    if (before < this.#floorBytes + growthBytes) {
      return;
    }
    if (isCalm || before > this.#heldBytes + growthBytes) {
      this.#giveBack(() => this.#lookAgain(retryMs));
    } else {
      this.#lookAgain(retryMs);
    }
  }

  /** Connections that hold it may be gone by then. */
  #lookAgain(retryMs: number): void {
    if (this.#heldBytes >= this.#floorBytes + growthBytes && retryMs <= lastRetryMs) {
      this.#lookAfter(retryMs, retryMs * 2);
    }
  }

  #giveBack(given: () => void): void {
    this.#memory.giveBack(() => {
      if (!this.#hasEnded) {
        this.#heldBytes = this.#memory.residentBytes();
        this.#floorBytes = Math.min(this.#floorBytes, this.#heldBytes);
        given();
      }
    });
  }
}
