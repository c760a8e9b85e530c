import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeMethodCall } from '../rpc/xml/encode.ts';
import { decodeMethodResponse } from '../rpc/xml/decode.ts';
import type { XmlRpcValue } from '../rpc/xml/value.ts';
import type { Exchange } from './exchange.ts';
import { sendContent } from './reply.ts';
import type { Route } from './routes.ts';
import { ask, RawConnection, serveFake } from './server.fixture.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) {
    await cleanup();
  }
});

async function start(options: Parameters<typeof serveFake>[0] = {}) {
  const world = await serveFake(options);
  cleanups.push(world.close);
  return world;
}

const credentials = { username: 'u', password: 'p' };
const authorization = `Basic ${Buffer.from('u:p').toString('base64')}`;

function xml(method: string, ...params: readonly XmlRpcValue[]): string {
  return encodeMethodCall({ method, params });
}

function post(target: string, body: string, version = '1.1', header = ''): string {
  return `POST ${target} HTTP/${version}\r\nHost: x\r\n${header}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const getState = xml('supervisor.getState');
const isComplete = (text: string): boolean => text.endsWith('</methodResponse>\n');

describe('the XML-RPC endpoint', () => {
  it.each(['/RPC2', '/RPC2/', '/RPC2?x=1', '/%52PC2'])('B18.1: answers at %s', async (target) => {
    const { file } = await start();
    const answer = await ask(file, 'POST', target, { body: getState });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/xml']);
    expect(Number(answer.headers['content-length'])).toBe(Buffer.byteLength(answer.body));
    expect(decodeMethodResponse(answer.body)).toEqual({
      ok: true,
      message: { ok: true, value: { statecode: 1, statename: 'RUNNING' } },
    });
  });

  it.each([
    ['GET', '/RPC2', '', 400],
    ['POST', '/RPC2', '<x', 400],
    ['POST', '/RPC2', '<methodCall></methodCall>', 400],
    ['POST', '/RPC2', '<!DOCTYPE x><methodCall><methodName>a.b</methodName></methodCall>', 400],
    ['POST', '/nothing', getState, 400],
    ['GET', '/nothing', '', 404],
    ['GET', '/%', '', 400],
  ])('B18.1: %s %s %j is refused with %s', async (method, target, body, status) => {
    const { file } = await start();
    expect((await ask(file, method, target, { body })).status).toBe(status);
  });

  it('B18.1: a request without a length is refused with 411', async () => {
    const { file } = await start();
    const connection = new RawConnection(file);
    connection.write('POST /RPC2 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await connection.receive((text) => text.includes('\r\n\r\n'))).toMatch(
      /^HTTP\/1.1 411 Length Required\r\n/,
    );
    connection.socket.destroy();
  });

  it('B18.1: a body in chunks and one without <params> are accepted', async () => {
    const { file } = await start();
    const body = '<methodCall><methodName>supervisor.getPID</methodName></methodCall>';
    const answer = await ask(file, 'POST', '/RPC2', { headers: { 'Transfer-Encoding': 'chunked' }, body });
    expect(answer.body).toContain('<int>4711</int>');
  });

  it('B18.1: requests without a Host header, of HTTP 1.0 and 1.1, and several on one connection', async () => {
    const { file } = await start();
    const connection = new RawConnection(file);
    const request = `POST /RPC2 HTTP/1.1\r\nContent-Length: ${getState.length}\r\n\r\n${getState}`;
    connection.write(request + request);
    await connection.receive((text) => text.split('</methodResponse>').length === 3);
    connection.write(post('/RPC2', getState, '1.0'));
    expect((await connection.untilClosed()).match(/200 OK/g)).toHaveLength(3);
  });

  it('B18.1: HTTP 1.0 with keep-alive leaves the connection open', async () => {
    const { file } = await start();
    const connection = new RawConnection(file);
    connection.write(post('/RPC2', getState, '1.0', 'Connection: keep-alive\r\n'));
    expect(await connection.receive(isComplete)).toMatch(/\r\nConnection: keep-alive\r\n/i);
    connection.write(post('/RPC2', getState, '1.0'));
    expect((await connection.untilClosed()).match(/200 OK/g)).toHaveLength(2);
  });

  it('B18.1: what fails in an unknown way is 500, logged, and harms nobody else', async () => {
    const { file, host } = await start();
    Object.defineProperty(host.control, 'pid', {
      get: () => {
        throw new Error('broken');
      },
    });
    expect((await ask(file, 'POST', '/RPC2', { body: xml('supervisor.getPID') })).status).toBe(500);
    expect(host.lines.some((line) => line.startsWith('critical Handling XML-RPC request with data'))).toBe(
      true,
    );
    expect((await ask(file, 'POST', '/RPC2', { body: getState })).status).toBe(200);
  });

  it('B18.1: refused bodies are logged, shortened', async () => {
    const { file, host } = await start();
    await ask(file, 'POST', '/RPC2', { body: '<a' });
    await ask(file, 'POST', '/RPC2', { body: '<a></a>' });
    await ask(file, 'POST', '/RPC2', { body: `<${'x'.repeat(5000)}` });
    const errors = host.lines.filter((line) => line.startsWith('error'));
    expect(errors.slice(0, 2)).toEqual([
      "error XML-RPC request data '<a' is invalid: unmarshallable",
      "error XML-RPC request data '<a></a>' is invalid: unmarshallable",
    ]);
    expect(errors[2]?.length).toBeLessThan(1100);
  });

  it('a body that is too large is refused without being read', async () => {
    const { file } = await start();
    const connection = new RawConnection(file);
    connection.write('POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n');
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 413 /);
  });

  it('a page of another site is refused, the own one and other programs are not', async () => {
    const { file } = await start();
    const foreign = { Host: 'localhost:9001', Origin: 'http://evil.example' };
    const own = { Host: 'localhost:9001', Origin: 'http://localhost:9001' };
    expect((await ask(file, 'POST', '/RPC2', { headers: foreign, body: getState })).status).toBe(403);
    expect((await ask(file, 'POST', '/RPC2', { headers: own, body: getState })).status).toBe(200);
    const fetched = { ...own, 'Sec-Fetch-Site': 'cross-site' };
    expect((await ask(file, 'POST', '/RPC2', { headers: fetched, body: getState })).status).toBe(403);
  });

  it('a waiting call ends when its client goes away', async () => {
    const { file, host } = await start();
    host.control.addFakeGroup('cat', [{ name: 'cat' }]);
    const cat = host.control.process('cat');
    const connection = new RawConnection(file);
    const started = new Promise<void>((resolve) => {
      cat.onStart = () => {
        cat.become('STARTING');
        resolve();
      };
    });
    connection.write(post('/RPC2', xml('supervisor.startProcess', 'cat')));
    await started;
    expect(cat.listeners).toBe(1);
    connection.socket.destroy();
    await until(() => cat.listeners === 0);
    expect(host.lines.filter((line) => line.startsWith('critical Handling'))).toEqual([]);
  });
});

describe('authentication', () => {
  it.each(['/RPC2', '/', '/ok.html', '/logtail/x', '/mainlogtail', '/api/v1/state', '/nothing'])(
    'B19.5: %s needs it, and without it the connection is closed',
    async (target) => {
      const { file } = await start({ credentials });
      const connection = new RawConnection(file);
      connection.write(post(target, getState));
      const answer = await connection.untilClosed();
      expect(answer).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n/);
      expect(answer).toMatch(/\r\nWWW-Authenticate: Basic realm="default"\r\n/);
      expect(answer).toMatch(/\r\nConnection: close\r\n/);
    },
  );

  it('B19.5: lets in who has it', async () => {
    const { file } = await start({ credentials });
    const answer = await ask(file, 'POST', '/RPC2', {
      headers: { Authorization: authorization },
      body: getState,
    });
    expect(answer.status).toBe(200);
    expect((await ask(file, 'GET', '/ok.html', { headers: { Authorization: 'Basic dQ==' } })).status).toBe(
      400,
    );
  });

  it('B4.3: a server without it is named in the log, one with it is not', async () => {
    const open = await start();
    const closed = await start({ credentials });
    const line = "critical Server 'unix_http_server' running without any HTTP authentication checking";
    expect(open.host.lines).toEqual([line]);
    expect(closed.host.lines).toEqual([]);
  });
});

describe('pages and the JSON API', () => {
  const page = { contentType: 'text/html; charset=utf-8', body: '<!doctype html>' };

  it('B19.4: /ok.html says OK', async () => {
    const { file } = await start();
    const { status, body, headers } = await ask(file, 'GET', '/ok.html');
    expect([status, body, headers['content-type']]).toEqual([200, 'OK', 'text/plain']);
  });

  it('B19.4: assets come with a validator, / is /index.html, HEAD has no body', async () => {
    const { file } = await start({
      assets: new Map([
        ['/index.html', page],
        ['/main.css', page],
      ]),
    });
    const first = await ask(file, 'GET', '/');
    expect([first.status, first.body, first.headers['cache-control']]).toEqual([200, page.body, 'no-store']);
    const asset = await ask(file, 'GET', '/main.css');
    expect(asset.headers['cache-control']).toBe('no-cache');
    const etag = String(asset.headers.etag);
    expect((await ask(file, 'GET', '/main.css', { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const head = await ask(file, 'HEAD', '/');
    expect([head.status, head.body, head.headers['content-length']]).toEqual([
      200,
      '',
      String(page.body.length),
    ]);
    const browser = { 'User-Agent': 'Mozilla/5.0' };
    expect((await ask(file, 'POST', '/', { body: 'x', headers: browser })).status).toBe(403);
  });

  it('large assets are compressed for who takes that', async () => {
    const script = { contentType: 'text/javascript', body: 'x'.repeat(5000) };
    const { file } = await start({ assets: new Map([['/main.js', script]]) });
    const sizes: Record<string, string | undefined> = {};
    for (const accepted of ['', 'br', 'gzip, br', 'br;q=1.0, gzip;q=0.5', 'gzip;q=0', 'gzip; q=0.0']) {
      const headers = accepted === '' ? {} : { 'Accept-Encoding': accepted };
      const answer = await ask(file, 'GET', '/main.js', { headers });
      expect(Number(answer.headers['content-length']) < 100).toBe(
        answer.headers['content-encoding'] === 'gzip',
      );
      expect(answer.headers.vary).toBe('Accept-Encoding');
      sizes[accepted] = answer.headers['content-encoding'];
    }
    expect(sizes).toEqual({
      '': undefined,
      br: undefined,
      'gzip, br': 'gzip',
      'br;q=1.0, gzip;q=0.5': 'gzip',
      'gzip;q=0': undefined,
      'gzip; q=0.0': undefined,
    });
  });

  it('every answer forbids framing, foreign scripts and guessing of types', async () => {
    const { file } = await start();
    for (const target of ['/ok.html', '/nothing', '/api/v1/state']) {
      const { headers } = await ask(file, 'GET', target);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

describe('the server', () => {
  it('answers what is no HTTP with 400 and closes the connection', async () => {
    const { file } = await start();
    const connection = new RawConnection(file);
    connection.write('garbage\r\n\r\n');
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  });

  it('refuses a header that is too large', async () => {
    const { file } = await start();
    const connection = new RawConnection(file);
    connection.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 431 /);
  });

  it('contains a route that throws, before and after its header was sent', async () => {
    const broken: readonly Route[] = [
      {
        path: '/before',
        match: 'exact',
        methods: ['GET'],
        handle: () => {
          throw new Error('broken before');
        },
      },
      {
        path: '/after',
        match: 'exact',
        methods: ['GET'],
        handle: async ({ response }: Exchange) => {
          response.write('x');
          await Promise.resolve();
          throw new Error('broken after');
        },
      },
    ];
    const { file, errors } = await start({ routes: broken });
    expect((await ask(file, 'GET', '/before')).status).toBe(500);
    await expect(ask(file, 'GET', '/after')).rejects.toThrow();
    expect(errors).toEqual([
      'the request GET /before: Error: broken before',
      'the request GET /after: Error: broken after',
    ]);
  });

  it('close lets an answer under way be completed and ends connections that wait', async () => {
    const finishers: (() => void)[] = [];
    const slow: Route = {
      path: '/slow',
      match: 'exact',
      methods: ['GET'],
      handle: ({ response }) =>
        new Promise((resolve) => {
          finishers.push(() => {
            sendContent(response, 200, { contentType: 'text/plain', body: 'done' });
            resolve();
          });
        }),
    };
    const { file, servers } = await start({ routes: [slow] });
    const idle = new RawConnection(file);
    const answer = ask(file, 'GET', '/slow');
    await until(() => finishers.length > 0);
    const closed = servers.close();
    finishers[0]?.();
    await closed;
    expect((await answer).body).toBe('done');
    expect(await idle.untilClosed()).toBe('');
  });

  it('close ends calls that still wait, and nothing can connect any more', async () => {
    const { file, host, servers } = await start();
    host.control.addFakeGroup('cat', [{ name: 'cat' }]);
    const cat = host.control.process('cat');
    const connection = new RawConnection(file);
    connection.write(post('/RPC2', xml('supervisor.startProcess', 'cat')));
    await until(() => cat.listeners === 1);
    await servers.close();
    expect(await connection.untilClosed()).toBe('');
    expect(cat.listeners).toBe(0);
    await expect(
      new Promise((resolve, reject) => {
        connect(file).on('error', reject).on('connect', resolve);
      }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** Resolves once a condition holds that other turns of the event loop bring about; the test's time limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
