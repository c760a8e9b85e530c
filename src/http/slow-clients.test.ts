/** Clients that take their time, with limits short enough to be awaited. */
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import { sendContent, sendError } from './reply.ts';
import type { Route } from './routes.ts';
import { appOf, makeDirectory, RawConnection, unixSettings } from './server.fixture.ts';
import { HttpServer, type ServerLimits, usualLimits } from './server.ts';

const noLimits: ServerLimits = {
  ...usualLimits,
  firstRequestTimeoutMs: 60_000,
  nextRequestCheckMs: 60_000,
  maxWaiting: 100,
  idleTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
};

describe('a slow client', () => {
  let file: string;
  let end: (() => Promise<void>) | null = null;
  let remove: () => void;

  beforeEach(() => {
    const made = makeDirectory();
    remove = made.remove;
    file = path.join(made.directory, 's.sock');
  });

  afterEach(async () => {
    await end?.();
    end = null;
    remove();
  });

  async function serve(limits: Partial<ServerLimits>, handle: Route['handle']): Promise<void> {
    const http = new HttpServer(unixSettings(file), { ...noLimits, ...limits });
    end = () => http.close(0);
    await new Promise<void>((resolve) => http.server.listen(file, resolve));
    const routes: readonly Route[] = [{ path: '/', match: 'prefix', methods: ['GET', 'POST'], handle }];
    http.start(appOf(routes));
  }

  function sendOk({ response }: Exchange): void {
    sendContent(response, 200, { contentType: 'text/plain', body: 'OK' });
  }

  it('that never completes the header of its first request is dropped', async () => {
    await serve({ firstRequestTimeoutMs: 20 }, sendOk);
    const connection = new RawConnection(file);
    connection.write('GET / HTTP/1.1\r\nX-Slow: ');
    expect(await connection.untilClosed()).toBe('');
  });

  it('that never completes the header of a later request is dropped', async () => {
    await serve({ nextRequestCheckMs: 20 }, sendOk);
    const connection = new RawConnection(file);
    connection.write('GET / HTTP/1.1\r\n\r\n');
    await connection.receive((text) => text.endsWith('OK'));
    connection.write('GET / HTTP/1.1\r\nX-Slow: ');
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 200 OK[^]*OK$/);
  });

  it('that does not send its next request is dropped in the end', async () => {
    await serve({ idleTimeoutMs: 20 }, sendOk);
    const connection = new RawConnection(file);
    connection.write('GET / HTTP/1.1\r\n\r\n');
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 200 OK/);
  });

  it.each([
    ['announced bytes', 'Content-Length: 10\r\n\r\nabc'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('that never completes its body of %s gets 408 and is dropped', async (_, rest) => {
    await serve({}, async (exchange) => {
      const read = await readBody(exchange, { maxBytes: 100, timeoutMs: 20 });
      const { response } = exchange;
      sendError(response, !read.ok && read.reason === 'too-slow' ? 408 : 500, { Connection: 'close' });
    });
    const connection = new RawConnection(file);
    connection.write(`POST / HTTP/1.1\r\n${rest}`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 408 /);
  });

  it('that sends more in chunks than is allowed gets 413 and is dropped', async () => {
    await serve({}, async (exchange) => {
      const read = await readBody(exchange, { maxBytes: 100, timeoutMs: 60_000 });
      const { response } = exchange;
      sendError(response, !read.ok && read.reason === 'too-large' ? 413 : 500, { Connection: 'close' });
    });
    const connection = new RawConnection(file);
    connection.write('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n');
    connection.write(`40\r\n${'x'.repeat(64)}\r\n`.repeat(2));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 413 /);
  });

  it('that takes nothing of its answer is dropped', async () => {
    const body = 'x'.repeat(16 * 1024 * 1024);
    let closed: () => void = () => undefined;
    const dropped = new Promise<void>((resolve) => {
      closed = resolve;
    });
    await serve({ sendTimeoutMs: 20 }, ({ response }) => {
      response.once('close', closed);
      sendContent(response, 200, { contentType: 'text/plain', body });
    });
    // Nobody reads from it.
    const socket = connect(file);
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await dropped;
    expect(socket.bytesRead).toBeLessThan(body.length);
    socket.destroy();
  });

  it('that goes away in the middle of its body is noticed', async () => {
    let noticed: (reason: string) => void = () => undefined;
    const reason = new Promise<string>((resolve) => {
      noticed = resolve;
    });
    await serve({}, async (exchange) => {
      const read = await readBody(exchange, { maxBytes: 100, timeoutMs: 60_000 });
      noticed(read.ok ? 'complete' : read.reason);
    });
    const connection = new RawConnection(file);
    connection.socket.write('POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc', () => {
      connection.socket.destroy();
    });
    expect(await reason).toBe('gone');
  });

  it('that has closed its half of the connection gets the answer still', async () => {
    await serve({}, sendOk);
    const connection = new RawConnection(file);
    connection.socket.end('GET / HTTP/1.1\r\n\r\n');
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 200 OK[^]*OK$/);
  });

  it('that has closed its half gets an answer, too, that takes a while', async () => {
    await serve({}, async (exchange) => {
      await once(exchange.request.socket, 'end');
      sendOk(exchange);
    });
    const connection = new RawConnection(file);
    connection.socket.end('GET / HTTP/1.1\r\n\r\n');
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 200 OK[^]*OK$/);
  });

  it('that has closed its half is not waited for for ever', async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await serve({}, ({ signal }) => {
      signal.addEventListener('abort', ended);
      return new Promise<void>(() => undefined);
    });
    const connection = new RawConnection(file);
    connection.socket.end('GET / HTTP/1.1\r\n\r\n');
    await end;
    expect(await connection.untilClosed()).toBe('');
  });
});
