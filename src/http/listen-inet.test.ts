import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { listenInet } from './listen-inet.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(host: string, port = 0) {
  const server = createServer();
  const outcome = await listenInet(server, {
    section: 'inet_http_server',
    name: null,
    credentials: null,
    family: 'inet',
    host,
    port,
    allowedHosts: [],
    trustedProxies: [],
  });
  if (outcome.ok) {
    servers.push(server);
  }
  return { outcome, address: outcome.ok ? (server.address() as AddressInfo) : null };
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const withoutIpv6 = hasIpv6 ? '' : ' (skipped: there is no IPv6 loopback)';

describe('listening on an address', () => {
  it('B4.1: an address, and a name as its IPv4 address', async () => {
    expect((await listen('127.0.0.1')).address).toMatchObject({ address: '127.0.0.1' });
    expect((await listen('localhost')).address).toMatchObject({ address: '127.0.0.1' });
  });

  it('B4.1: an empty host is all addresses', async () => {
    const { address } = await listen('');
    expect(await canConnect('127.0.0.1', address?.port ?? 0)).toBe(true);
    expect(await canConnect('::1', address?.port ?? 0)).toBe(hasIpv6);
  });

  it.skipIf(!hasIpv6)(`B4.2: IPv6 addresses work, with and without brackets${withoutIpv6}`, async () => {
    expect((await listen('[::1]')).address).toMatchObject({ address: '::1' });
    expect((await listen('::1')).address).toMatchObject({ address: '::1' });
    const { address } = await listen('[::]');
    expect(await canConnect('::1', address?.port ?? 0)).toBe(true);
    expect(await canConnect('127.0.0.1', address?.port ?? 0)).toBe(false);
  });

  it('B4.4: a port that is taken', async () => {
    const { address } = await listen('127.0.0.1');
    for (const host of ['127.0.0.1', '']) {
      expect((await listen(host, address?.port)).outcome).toMatchObject({
        ok: false,
        kind: 'in-use',
        message: expect.stringContaining('Another program is already listening on a port'),
      });
    }
  });

  it('B4.4: any other trouble is named by its errno', async () => {
    expect((await listen('192.0.2.1')).outcome).toEqual({
      ok: false,
      kind: 'system',
      message: 'Cannot open an HTTP server: socket.error reported errno.EADDRNOTAVAIL (99)',
    });
  });
});
