/** Addresses of clients: in one form however they are written, and told apart behind proxies that are trusted. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** IPv4 in IPv6 as IPv4, without the zone of a link. */
export function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const groups = plain.includes(':') ? expanded(plain) : null;
  if (groups === null || !groups.slice(0, 5).every((group) => group === 0) || groups[5] !== 0xffff) {
    return plain;
  }
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

/** What belongs to one customer of a provider: an IPv4 address, or of an IPv6 address its first 64 bits. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  const groups = plain.includes(':') ? expanded(plain) : null;
  return groups === null
    ? plain
    : `${groups
        .slice(0, 4)
        .map((group) => group.toString(16))
        .join(':')}::/64`;
}

/** The eight groups of an IPv6 address; null for what is none. */
function expanded(address: string): readonly number[] | null {
  if (isIP(address) !== 6) {
    return null;
  }
  const withoutDots = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [a, b, c, d]
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('')
      .replace(/(....)(....)/, '$1:$2'),
  );
  const [head = '', tail] = withoutDots.split('::');
  const before = groupsIn(head);
  const after = tail === undefined ? [] : groupsIn(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function groupsIn(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** Proxies whose word on where a request comes from is believed. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** Addresses, or networks as `10.0.0.0/8`. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      this.#list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
    }
  }

  has(address: string): boolean {
    const kind = isIP(address);
    return kind !== 0 && this.#list.check(address, kind === 6 ? 'ipv6' : 'ipv4');
  }

  /**
   * The address of a request's client; null on a socket file. Of `X-Forwarded-For` the last entry that is no trusted proxy
   * counts, and only when a trusted proxy has sent the request: everything before it may come from anybody.
   */
  clientOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string | null {
    if (socket.remoteAddress === undefined) {
      return null;
    }
    let client = plainAddress(socket.remoteAddress);
    const forwarded = headers['x-forwarded-for'];
    const stations = typeof forwarded === 'string' ? forwarded.split(',').slice(-maxStations) : [];
    while (this.has(client) && stations.length > 0) {
      const station = plainAddress((stations.pop() ?? '').trim());
      if (isIP(station) === 0) {
        break;
      }
      client = station;
    }
    return client;
  }
}

/** Proxies in a row that are looked at. */
const maxStations = 16;
