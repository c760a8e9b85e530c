/** Who is let in, and what is refused though he is: over real servers, hostile requests included. */
import { afterEach, describe, expect, it } from 'vitest';
import { serveApi } from '../api/api.fixture.ts';
import { ask } from '../server.fixture.ts';

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
    const { request, token } = await start(inet);
    const headers = { 'X-Supervisor-Token': await token() };
    const body = { ...credentials, password: 'wrong' };
    const wrong = await request('POST', '/session', { headers, body });
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
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
  it('is slowed down, for the address that does it', async () => {
    const { request, host } = await start(inet);
    const guess = (password: string, client: string) =>
      request('GET', '/state', { headers: { ...basic('ann', password), 'X-Forwarded-For': client } });
    for (let turn = 0; turn < 10; turn += 1) {
      expect((await guess(`wrong ${turn}`, '192.0.2.1')).status).toBe(401);
    }
    const refused = await guess('pä:ss', '192.0.2.1');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '300']);
    // What it says of earlier stations is not believed.
    expect((await guess('other', '192.0.2.9, 192.0.2.1')).status).toBe(429);
    expect((await guess('pä:ss', '192.0.2.2')).status).toBe(200);
    host.clock.advance(300_000);
    expect((await guess('pä:ss', '192.0.2.1')).status).toBe(200);
  });

  it('does not end a session that was begun before', async () => {
    const { request, token } = await start(inet);
    const headers = { 'X-Supervisor-Token': await token() };
    const begun = await request('POST', '/session', { headers, body: credentials });
    const Cookie = begun.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    for (let turn = 0; turn < 11; turn += 1) {
      await request('POST', '/session', { headers, body: { username: 'ann', password: `wrong ${turn}` } });
    }
    const limited = await request('POST', '/session', { headers, body: credentials });
    expect(limited.status).toBe(429);
    expect((await request('GET', '/state', { headers: { Cookie } })).status).toBe(200);
  });

  it('is not what an agent does that sends the same old password again and again', async () => {
    const { request } = await start(inet);
    for (let turn = 0; turn < 30; turn += 1) {
      expect((await request('GET', '/state', { headers: basic('ann', 'old') })).status).toBe(401);
    }
    expect((await request('GET', '/state', { headers: right })).status).toBe(200);
  });

  it('is no matter on a unix socket, which has its mode', async () => {
    const { request } = await start({ credentials });
    for (let turn = 0; turn < 20; turn += 1) {
      await request('GET', '/state', { headers: basic('ann', `wrong ${turn}`) });
    }
    expect((await request('GET', '/state', { headers: right })).status).toBe(200);
  });
});

describe('a name that somebody else has made lead here (DNS rebinding)', () => {
  const state = '/api/v1/state';

  it('is refused to browsers, and everywhere below the JSON API', async () => {
    const { at } = await start({ family: 'inet' });
    const Host = 'evil.example:9001';
    for (const target of ['/', '/ok.html', '/logtail/web', '/mainlogtail', state]) {
      expect((await ask(at, 'GET', target, { headers: { ...browser, Host } })).status, target).toBe(421);
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
