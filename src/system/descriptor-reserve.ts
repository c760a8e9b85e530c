/**
 * Descriptors that are held for starting programs, so that nobody who connects can take the last ones: what a program that
 * ended gave back may be a connection by the time it is started again.
 *
 * They refer to /dev/null, and are let go when a start finds no other; whatever is free afterwards is taken again at once, in
 * the same turn of the event loop, before another connection is accepted.
 */
import { openSync } from 'node:fs';
import { Descriptor } from './descriptor.ts';

/** Three pipes, and a log of stdout and of stderr, for one start at a time. */
export const spawnDescriptors = 8;

export interface ReserveHost {
  /** One descriptor more that a program may use; null: there is none. */
  open(): Descriptor | null;
  close(fd: Descriptor): void;
}

export class DescriptorReserve {
  readonly #host: ReserveHost;
  readonly #held: Descriptor[] = [];
  #size = 0;

  constructor(host: ReserveHost) {
    this.#host = host;
  }

  /** Holds so many from now on; 0: none. */
  resize(size: number): void {
    this.#size = size;
    this.#letGo(size);
    this.refill();
  }

  /** Lets all go; false when none was held. */
  release(): boolean {
    return this.#letGo(0);
  }

  /** Takes again what {@link release} has let go, as far as it is there. */
  refill(): void {
    while (this.#held.length < this.#size) {
      const fd = this.#host.open();
      if (fd === null) {
        return;
      }
      this.#held.push(fd);
    }
  }

  #letGo(keep: number): boolean {
    const spare = this.#held.splice(keep);
    spare.forEach((fd) => this.#host.close(fd));
    return spare.length > 0;
  }
}

/** Null where none is left. */
export function openNull(): Descriptor | null {
  try {
    return new Descriptor(openSync('/dev/null', 'r'));
  } catch {
    return null;
  }
}
