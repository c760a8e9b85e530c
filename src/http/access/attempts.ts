/**
 * Slows down the guessing of passwords.
 *
 * Only different wrong ones count, and each for five minutes, so that an agent with an old password, which sends the same one
 * again and again, locks nobody out who shares its address. Beyond ten of them an address gets no answer to any password
 * for a while; sessions that were begun before go on, and other addresses notice nothing.
 */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../system/clock.ts';

const countsForMs = 5 * 60_000;
const maxOfAddress = 10;
/** For a proxy as a whole, whose clients are told apart by what it says of them. */
const maxOfProxy = 200;
/** Beyond this, what was counted first is forgotten. */
const maxAddresses = 4096;

export class Attempts {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** By address: digests of what was wrong, and until when it counts. */
  readonly #wrong = new Map<string, Map<string, number>>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** `known`: it was wrong before, and need not be looked at. Otherwise the seconds to wait, 0 if it may be tried. */
  judge(request: IncomingMessage, digest: string): 'known' | number {
    let waitMs = 0;
    for (const { address, limit } of sourcesOf(request)) {
      const wrong = this.#current(address);
      if (wrong.has(digest)) {
        return 'known';
      }
      if (wrong.size >= limit) {
        const [firstEndsMs = 0] = wrong.values();
        waitMs = Math.max(waitMs, firstEndsMs - this.#clock.monotonicMs());
      }
    }
    return Math.ceil(waitMs / 1000);
  }

  /** What was tried was wrong. */
  failed(request: IncomingMessage, digest: string): void {
    for (const { address } of sourcesOf(request)) {
      const wrong = this.#current(address);
      wrong.set(digest, this.#clock.monotonicMs() + countsForMs);
      this.#wrong.delete(address);
      this.#wrong.set(address, wrong);
    }
    while (this.#wrong.size > maxAddresses) {
      const [oldest = ''] = this.#wrong.keys();
      this.#wrong.delete(oldest);
    }
  }

  /** Without what no longer counts. */
  #current(address: string): Map<string, number> {
    const nowMs = this.#clock.monotonicMs();
    const wrong = this.#wrong.get(address) ?? new Map<string, number>();
    for (const [digest, endsMs] of wrong) {
      if (endsMs <= nowMs) {
        wrong.delete(digest);
      }
    }
    return wrong;
  }
}

interface Source {
  readonly address: string;
  readonly limit: number;
}

/** None for a unix socket: who may open it is decided by its mode. */
function sourcesOf({ socket, headers }: IncomingMessage): readonly Source[] {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '');
  if (address === undefined) {
    return [];
  }
  const forwarded = headers['x-forwarded-for'];
  const isLocal = address === '::1' || address.startsWith('127.');
  if (isLocal && typeof forwarded === 'string') {
    // The proxy itself has appended the last one; those before come from anybody.
    const client = forwarded.split(',').at(-1)?.trim().slice(0, 64) ?? '';
    return [
      { address: `forwarded ${network(client)}`, limit: maxOfAddress },
      { address: 'proxy', limit: maxOfProxy },
    ];
  }
  return [{ address: network(address), limit: maxOfAddress }];
}

/** Of IPv6 the half that a provider gives to one customer. */
function network(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address;
}
