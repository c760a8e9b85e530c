import type { SupervisorEvent } from './types.ts';

/**
 * Numbers events from 0 as they are first asked for, each once. The numbers of all pools together outlive a restart of the
 * configuration, those of one pool end with it.
 */
export class EventSerials {
  readonly #serials = new WeakMap<SupervisorEvent, number>();
  #next = 0;

  of(event: SupervisorEvent): number {
    let serial = this.#serials.get(event);
    if (serial === undefined) {
      serial = this.#next;
      this.#next += 1;
      this.#serials.set(event, serial);
    }
    return serial;
  }

  has(event: SupervisorEvent): boolean {
    return this.#serials.has(event);
  }
}
