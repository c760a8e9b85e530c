/** Who is let in, and what is refused though he is: over real servers, hostile requests included. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveApi } from '../api/api.fixture.ts';
import { hashPassword } from './password.ts';
import { ask, RawConnection } from '../server.fixture.ts';

const closers: (() => Promise<void>)[] = [];
const credentials = { username: 'ann', password: 'pä:ss' };
const inet = { family: 'inet', credentials } as const;
const browser = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(options: Parameters<typeof serveApi>[0] = {}) {
  const served = await serveApi(options);
  closers.push(served.close);
  served.control.addFakeGroup('web', [{ name: 'web' }]);
  return served;
}

type Served = Awaited<ReturnType<typeof start>>;

/** The status of an answer that waits, and for how many milliseconds it did. */
async function late(
  { host }: Served,
  ask: () => Promise<{ readonly status: number }>,
): Promise<readonly [number, number]> {
  const answer = ask();
  await vi.waitFor(() => expect(host.clock.pending).toBe(1));
  const before = host.clock.monotonicMs();
  while (host.clock.pending > 0) {
    host.clock.advance(100);
  }
  return [(await answer).status, host.clock.monotonicMs() - before];
}

function basic(username: string, password: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

const right = basic(credentials.username, credentials.password);

describe('an action', () => {
  it('needs the token, and the right one', async () => {
    const { request, token, control } = await start();
    for (const headers of [{}, { 'X-Supervisor-Token': '' }, { 'X-Supervisor-Token': `${await token()}x` }]) {
      const answer = await request('POST', '/processes/web/start', { headers, body: {} });
      expect(answer.status).toBe(403);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
    expect(control.process('web').calls).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['another origin', { Origin: 'http://evil.example' }],
    ['an origin without a name', { Origin: 'null' }],
    ['another port', { Origin: 'http://localhost:1', Host: 'localhost:2' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another host of the site', { 'Sec-Fetch-Site': 'same-site' }],
  ])('of %s is refused even with the token', async (_what, headers) => {
    const { request, token, control } = await start();
    const all = { ...headers, 'X-Supervisor-Token': await token() };
    expect((await request('POST', '/processes/web/start', { headers: all, body: {} })).status).toBe(403);
    expect(control.process('web').calls).toEqual([]);
  });

  it.each<Record<string, string>>([
    { Origin: 'http://localhost:9001', Host: 'localhost:9001' },
    { Origin: 'https://ops.example.com', Host: '127.0.0.1:9001', 'X-Forwarded-Host': 'ops.example.com' },
    { 'Sec-Fetch-Site': 'same-origin' },
  ])('of our own page is carried out: %j', async (headers) => {
    const { request, token, control } = await start();
    control.process('web').onStart = (web) => web.become('RUNNING', { pid: 1 });
    const all = { ...headers, 'X-Supervisor-Token': await token() };
    expect((await request('POST', '/processes/web/start', { headers: all, body: {} })).status).toBe(200);
  });

  it('is no GET: every operation that is one leaves everything as it is', async () => {
    const { get, control } = await start();
    for (const target of ['/processes/web/start', '/daemon/shutdown', '/config/reread', '/log/clear']) {
      expect((await get(target)).status, target).toBe(405);
    }
    expect(control.process('web').calls).toEqual([]);
    expect(control.state).toBe('RUNNING');
  });

  it("of one user does not pass with another's token", async () => {
    const { request, token } = await start({ credentials });
    const headers = { ...right, 'X-Supervisor-Token': await token() };
    expect((await request('POST', '/processes/web/start', { headers, body: {} })).status).toBe(403);
  });
});

describe('a session', () => {
  it('is begun with the password, kept by a cookie, and ended', async () => {
    const { request, token } = await start(inet);
    expect((await request('GET', '/session')).json).toMatchObject({ authenticated: false, required: true });
    const first = await request('POST', '/session', {
      headers: { 'X-Supervisor-Token': await token() },
      body: credentials,
    });
    expect(first.json).toMatchObject({ authenticated: true, required: true, user: 'ann' });
    const [cookie = ''] = first.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^supervisor_[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const Cookie = `other=1; ${cookie.split(';')[0]}`;
    expect((await request('GET', '/processes', { headers: { Cookie } })).status).toBe(200);
    expect((await request('GET', '/processes', { headers: { Cookie: `${Cookie}x` } })).status).toBe(401);
    const headers = { Cookie, 'X-Supervisor-Token': await token({ Cookie }) };
    expect((await request('DELETE', '/session', { headers })).status).toBe(200);
    expect((await request('GET', '/processes', { headers: { Cookie } })).status).toBe(401);
  });

  it('is only marked secure where the browser speaks TLS to a proxy', async () => {
    const { request, token } = await start(inet);
    const headers = { 'X-Supervisor-Token': await token(), 'X-Forwarded-Proto': 'https' };
    const { headers: sent } = await request('POST', '/session', { headers, body: credentials });
    expect(sent['set-cookie']?.[0]).toContain('; Secure');
  });

  it('is not begun with a wrong password, or from another origin', async () => {
    const { request, token, host } = await start(inet);
    const headers = { 'X-Supervisor-Token': await token() };
    const body = { ...credentials, password: 'wrong' };
    const wrong = request('POST', '/session', { headers, body });
    await vi.waitFor(() => expect(host.clock.pending).toBe(1));
    host.clock.advance(100);
    const { status, headers: sent } = await wrong;
    expect([status, sent['set-cookie']]).toEqual([401, undefined]);
    const foreign = { ...headers, Origin: 'http://evil.example' };
    expect((await request('POST', '/session', { headers: foreign, body: credentials })).status).toBe(403);
  });

  it('ends after twelve hours without use', async () => {
    const { request, token, host } = await start(inet);
    const begun = await request('POST', '/session', {
      headers: { 'X-Supervisor-Token': await token() },
      body: credentials,
    });
    const Cookie = begun.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    host.clock.advance(11 * 3_600_000);
    expect((await request('GET', '/state', { headers: { Cookie } })).status).toBe(200);
    host.clock.advance(13 * 3_600_000);
    expect((await request('GET', '/state', { headers: { Cookie } })).status).toBe(401);
  });
});

describe('who has not logged in', () => {
  it('is asked for a password, by the browser only for the page itself', async () => {
    const { at, request } = await start(inet);
    const page = await ask(at, 'GET', '/', { headers: browser });
    expect([page.status, page.headers['www-authenticate']]).toEqual([401, 'Basic realm="default"']);
    const program = await request('GET', '/processes');
    expect([program.status, program.headers['www-authenticate']]).toEqual([401, 'Basic realm="default"']);
    const script = await request('GET', '/processes', { headers: browser });
    expect([script.status, script.headers['www-authenticate']]).toEqual([401, undefined]);
    expect(script.json).toMatchObject({ status: 401 });
  });
});

describe('guessing passwords', () => {
  const guess = ({ request }: Served, password: string, headers: Record<string, string> = {}) =>
    request('GET', '/state', { headers: { ...basic('ann', password), ...headers } });

  it('is answered late, and told once', async () => {
    const served = await start(inet);
    const [status, waitedMs] = await late(served, () => guess(served, 'wrong'));
    expect([status, waitedMs]).toEqual([401, 100]);
    expect((await late(served, () => guess(served, 'other')))[1]).toBe(200);
    expect(served.host.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn wrong user name or password: "ann" from 127.0.0.1, at [inet_http_server]',
    ]);
  });

  it('keeps nobody waiting who knows the right one, from the same address', async () => {
    const served = await start(inet);
    const wrong = Array.from({ length: 70 }, (_, turn) =>
      guess(served, `wrong ${turn}`).then(({ status }) => status, String),
    );
    await vi.waitFor(() => expect(served.host.clock.pending).toBe(64));
    expect((await guess(served, 'pä:ss')).status).toBe(200);
    const logIn = await served.request('POST', '/session', {
      headers: { 'X-Supervisor-Token': await served.token() },
      body: credentials,
    });
    expect(logIn.status).toBe(200);
    served.host.clock.advance(10 * 60_000);
    const answers = await Promise.all(wrong);
    expect(answers.filter((answer) => answer === 401)).toHaveLength(64);
  });

  it('counts for the clients of a proxy that is trusted, and only of such a one', async () => {
    const from = (address: string) => ({ 'X-Forwarded-For': address });
    const trusting = await start({ ...inet, trustedProxies: ['127.0.0.1'] });
    for (const client of ['192.0.2.1', '192.0.2.2']) {
      expect((await late(trusting, () => guess(trusting, `of ${client}`, from(client))))[1]).toBe(100);
    }
    expect((await late(trusting, () => guess(trusting, 'again', from('192.0.2.1'))))[1]).toBe(200);
    const wary = await start(inet);
    const delays: number[] = [];
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      delays.push((await late(wary, () => guess(wary, `of ${client}`, from(client))))[1]);
    }
    expect(delays).toEqual([100, 200, 400]);
  });

  it('ends when the client goes away', async () => {
    const served = await start(inet);
    const connection = new RawConnection(served.at);
    const { Authorization } = basic('ann', 'wrong');
    connection.write(`GET /ok.html HTTP/1.1\r\nAuthorization: ${Authorization}\r\n\r\n`);
    await vi.waitFor(() => expect(served.host.clock.pending).toBe(1));
    connection.socket.destroy();
    // One that has only nothing more to say is waited for, for a second.
    await vi.waitFor(() => expect(served.host.clock.pending).toBe(0), { timeout: 20_000 });
    expect(served.errors).toEqual([]);
  });

  it('is found out beside the event loop where the password is a {SCRYPT}', async () => {
    const stored = await hashPassword('pä:ss');
    const served = await start({ ...inet, credentials: { username: 'ann', password: stored } });
    expect((await guess(served, 'pä:ss')).status).toBe(200);
    expect((await late(served, () => guess(served, 'wrong')))[0]).toBe(401);
    expect((await late(served, () => guess(served, stored)))[0]).toBe(401);
    expect((await guess(served, 'pä:ss')).status).toBe(200);
  });

  it('is told, but not late, on a unix socket, which has its mode', async () => {
    const served = await start({ credentials });
    expect((await guess(served, 'wrong')).status).toBe(401);
    expect(served.host.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn wrong user name or password: "ann" from a socket file, at [unix_http_server]',
    ]);
  });
});

describe('a name that somebody else has made lead here (DNS rebinding)', () => {
  const state = '/api/v1/state';

  it('is refused to browsers, and everywhere below the JSON API', async () => {
    const { at } = await start({ family: 'inet' });
    const Host = 'evil.example:9001';
    for (const target of ['/', '/ok.html', '/logtail/web', '/mainlogtail', state]) {
      expect((await ask(at, 'GET', target, { headers: { ...browser, Host } })).status, target).toBe(421);
      // A page can set this header.
      const disguised = { 'User-Agent': 'x', Host };
      expect((await ask(at, 'GET', target, { headers: disguised })).status, target).toBe(421);
      expect((await ask(at, 'HEAD', target, { headers: disguised })).status, target).toBe(421);
    }
    expect((await ask(at, 'GET', state, { headers: { Host } })).status).toBe(421);
    const forged = { Host, Origin: `http://${Host}` };
    expect((await ask(at, 'POST', '/RPC2', { headers: forged, body: '<x/>' })).status).toBe(421);
  });

  it('is no matter to XML-RPC clients, which may call the host what they like', async () => {
    const { at } = await start({ family: 'inet' });
    const body = '<methodCall><methodName>supervisor.getState</methodName></methodCall>';
    const headers = { Host: 'supervisor.prod.example.com', 'Content-Type': 'text/xml' };
    expect((await ask(at, 'POST', '/RPC2', { headers, body })).status).toBe(200);
  });

  it.each([
    '127.0.0.1:9001',
    '[::1]:9001',
    '10.1.2.3',
    'localhost',
    'LOCALHOST:9001',
    'web1',
    'nas.local',
    'supervisor.default.svc.cluster.local:9001',
  ])('does not concern %s', async (Host) => {
    const { at } = await start({ family: 'inet' });
    expect((await ask(at, 'GET', state, { headers: { ...browser, Host } })).status).toBe(200);
  });

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', 'a b', 'x@127.0.0.1', '[::1'])(
    'is %s as well',
    async (Host) => {
      const { at } = await start({ family: 'inet' });
      expect((await ask(at, 'GET', state, { headers: { ...browser, Host } })).status).toBe(421);
    },
  );

  it('may be any where there is a password, since no browser has one for it', async () => {
    const { at } = await start(inet);
    const headers = { ...browser, ...right, Host: 'supervisor.example.com' };
    expect((await ask(at, 'GET', state, { headers })).status).toBe(200);
  });
});
