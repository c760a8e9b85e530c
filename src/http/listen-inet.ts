/**
 * Listening on an address and port.
 *
 * Source: checklist B4.
 */
import { lookup } from 'node:dns/promises';
import type { Server } from 'node:net';
import { isIP } from 'node:net';
import type { HttpServerSettings } from '../config/settings.ts';
import { bind } from './bind.ts';
import { codeOf, listenFailure, type ListenOutcome } from './listen.ts';

type InetSettings = Extract<HttpServerSettings, { readonly family: 'inet' }>;

/** Without IPv6 in the kernel, or with it switched off. */
const noIpv6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

/**
 * Listens where the settings say: an empty host is all addresses, of IPv4 and IPv6, `::` or `[::]` those of IPv6.
 *
 * Compat: a host name means its IPv4 address, if it has one.
 */
export async function listenInet(server: Server, { host, port }: InetSettings): Promise<ListenOutcome> {
  try {
    if (host === '') {
      await bindAll(server, port);
    } else {
      const address = await resolve(host.replace(/^\[(.*)\]$/, '$1'));
      await bind(server, { host: address, port, ipv6Only: address === '::' });
    }
  } catch (error) {
    return { ok: false, ...listenFailure(codeOf(error)) };
  }
  return { ok: true, release: () => undefined };
}

async function bindAll(server: Server, port: number): Promise<void> {
  try {
    await bind(server, { host: '::', port });
  } catch (error) {
    if (!noIpv6.has(codeOf(error))) {
      throw error;
    }
    await bind(server, { host: '0.0.0.0', port });
  }
}

async function resolve(host: string): Promise<string> {
  if (isIP(host) !== 0) {
    return host;
  }
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch {
    return (await lookup(host, { family: 6 })).address;
  }
}
