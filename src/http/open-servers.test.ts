import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../test/helpers/free-port.ts';
import { openHttpServers } from './open-servers.ts';
import { appOf } from './server.fixture.ts';

const host = {
  pid: process.pid,
  warn: () => undefined,
  maxDescriptors: Number.POSITIVE_INFINITY,
  memory: null,
};
let close: () => Promise<void> = () => Promise.resolve();

afterEach(() => close());

/** What is logged at the start of a server on that host. */
async function linesOf(name: string, credentials: { username: string; password: string } | null) {
  const port = await freePort();
  const opened = await openHttpServers(
    [
      {
        section: 'inet_http_server',
        name: null,
        credentials,
        family: 'inet',
        host: name,
        port,
        allowedHosts: [],
        trustedProxies: [],
      },
    ],
    host,
  );
  if (!opened.ok) {
    throw new Error(opened.message);
  }
  close = () => opened.servers.close();
  const lines: string[] = [];
  opened.servers.start(
    { ...appOf([]), log: (level, message) => lines.push(`${level} ${message}`) },
    () => undefined,
  );
  return { lines, port };
}

const usual = "critical Server 'inet_http_server' running without any HTTP authentication checking";

describe('a server without a password', () => {
  it('that only this machine can reach is told in the words of the original', async () => {
    expect((await linesOf('127.0.0.1', null)).lines).toEqual([usual]);
  });

  it.each([
    ['', 'all addresses of this machine'],
    ['0.0.0.0', '0.0.0.0'],
  ])('that others can reach at %j is told as a danger, too', async (name, where) => {
    const { lines, port } = await linesOf(name, null);
    const who = process.getuid?.() === 0 ? 'root' : 'the user of this daemon';
    expect(lines).toEqual([
      usual,
      `critical Whoever reaches ${where}, port ${port}, can do here what ${who} can: set username and password in ` +
        `[inet_http_server], or port=127.0.0.1:${port}`,
    ]);
  });
});

describe('a server with a password', () => {
  it('needs no word', async () => {
    expect((await linesOf('', { username: 'ann', password: 'p' })).lines).toEqual([]);
  });
});
