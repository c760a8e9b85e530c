import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { networkOf, plainAddress, TrustedProxies } from './addresses.ts';

describe('plainAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['nonsense:x', 'nonsense:x'],
  ])('%s is %s', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2a01:4f8::1', '2a01:4f8:0:0::/64'],
    ['2a01:04f8:0:0:1::', '2a01:4f8:0:0::/64'],
    ['2a01:4f8:1:2:3:4:5:6', '2a01:4f8:1:2::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

function from(
  remoteAddress: string | undefined,
  forwarded?: string,
): Pick<IncomingMessage, 'socket' | 'headers'> {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as Pick<IncomingMessage, 'socket' | 'headers'>;
}

describe('TrustedProxies', () => {
  const proxies = new TrustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);

  it.each([
    ['a client that only pretends', from('192.0.2.1', '198.51.100.7'), '192.0.2.1'],
    ['a client of a proxy', from('127.0.0.1', '192.0.2.1'), '192.0.2.1'],
    ['one that invents earlier stations', from('::ffff:10.1.2.3', '1.2.3.4, 192.0.2.1'), '192.0.2.1'],
    ['a client of two proxies', from('fd00::1', '192.0.2.1, 10.0.0.1'), '192.0.2.1'],
    ['a proxy that says nothing of use', from('127.0.0.1', 'unknown'), '127.0.0.1'],
    ['a proxy itself', from('127.0.0.1'), '127.0.0.1'],
    ['a socket file', from(undefined, '192.0.2.1'), null],
  ])('know %s', (_what, request, expected) => {
    expect(proxies.clientOf(request)).toBe(expected);
  });

  it('are none by default', () => {
    expect(new TrustedProxies([]).clientOf(from('127.0.0.1', '192.0.2.1'))).toBe('127.0.0.1');
  });
});
