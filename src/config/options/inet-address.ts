/** B4.1: `host:port`, `*:port`, `:port` or `port`. */
import { parsed, refused, type Parsed } from '../python/parsed.ts';
import { parseInteger } from '../python/integer.ts';
import { repr } from '../python/repr.ts';
import type { Converter } from './converter.ts';

export interface InetAddress {
  /** Lower case; empty: all addresses. */
  readonly host: string;
  readonly port: number;
}

export const inetAddress: Converter<InetAddress> = {
  parse(value) {
    const colon = value.lastIndexOf(':');
    if (colon === -1) {
      const port = parsePort(value);
      return port.ok
        ? parsed({ host: '', port: port.value })
        : refused(`not a valid port number: ${repr(value)} `);
    }
    const digits = value.slice(colon + 1);
    if (digits === '') {
      return refused(`no port number specified in ${repr(digits)}`);
    }
    const port = parsePort(digits);
    const host = value.slice(0, colon).toLowerCase();
    return port.ok ? parsed({ host: host === '*' ? '' : host, port: port.value }) : port;
  },
  expected: 'host:port, *:port or port, with a port from 1 to 65535',
};

/** A port of TCP. */
export function parsePort(value: string): Parsed<number> {
  const port = parseInteger(value);
  if (!port.ok) {
    return port;
  }
  if (port.value < 1) {
    return refused(`${String(port.value)} is below lower bound (1)`);
  }
  return port.value > 65535 ? refused(`${String(port.value)} is above upper bound (65535)`) : port;
}
