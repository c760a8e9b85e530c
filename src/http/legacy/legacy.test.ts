/** Old addresses, over a scripted daemon. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask as askAsScript, serveFake } from '../server.fixture.ts';

const closers: (() => Promise<void>)[] = [];
const page = {
  contentType: 'text/html; charset=utf-8',
  body: '<!doctype html><title>page</title><noscript>none</noscript>',
};
const browser = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)' };

/** As a browser asks. */
const ask = (...[at, method, target, options = {}]: Parameters<typeof askAsScript>) =>
  askAsScript(at, method, target, { ...options, headers: { ...browser, ...options.headers } });

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start() {
  const served = await serveFake({ assets: new Map([['/index.html', page]]) });
  closers.push(served.close);
  const { control } = served.host;
  const hostile = '"><script>alert(1)</script>';
  control.addFakeGroup('web', [{ name: 'web' }]);
  control.addFakeGroup('g', [{ name: hostile }]);
  const web = control.process('web');
  web.onStart = (one) => one.become('RUNNING', { pid: 7 });
  control.process('g', hostile).onStart = (one) => one.become('RUNNING', { pid: 8 });
  web.onStop = (one) => one.become('STOPPED', { pid: 0 });
  const submit = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(served.file, 'POST', '/index.html', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  return { ...served, control, web, hostile, submit };
}

/** Fields of the form in a page, as a browser would send them. */
function fieldsIn(html: string): Record<string, string> {
  const found = [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(
    found.map(([, name = '', value = '']) => [
      name,
      value
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    ]),
  );
}

describe('B19.2: an address that acts', () => {
  it.each(['/index.html', '/'])(
    '%s asks first, acts when the form is sent, and leads back',
    async (address) => {
      const { file, web, submit } = await start();
      const asked = await ask(file, 'GET', `${address}?processname=web&action=start`);
      expect(asked.status).toBe(200);
      expect(asked.body).toContain('<h1>Start web?</h1>');
      expect(web.calls).toEqual([]);
      const done = await submit(fieldsIn(asked.body));
      expect(done.status).toBe(303);
      expect(done.headers.location).toBe('./?message=Process%20web%20started');
      expect(web.calls).toEqual(['start']);
    },
  );

  it.each([
    ['stop', ['stop'], /Process%20web%20stopped/],
    ['restart', ['stop', 'start'], /Process%20web%20restarted/],
    ['clearlog', ['clear'], /Log%20for%20web%20cleared/],
    ['stopall', ['stop'], /All%20stopped%20at/],
    ['restartall', ['stop', 'start'], /All%20restarted%20at/],
    ['start', [], /ERROR%3A%20Process%20web%3A%20ALREADY_STARTED/],
  ])('%s', async (action, calls, location) => {
    const { file, web, submit } = await start();
    web.state = 'RUNNING';
    const asked = await ask(file, 'GET', `/?processname=web&action=${action}`);
    expect((await submit(fieldsIn(asked.body))).headers.location).toMatch(location);
    expect(web.calls).toEqual(calls);
  });

  it('does nothing without the token, for another origin, or for what it does not know', async () => {
    const { file, web, submit } = await start();
    const fields = fieldsIn((await ask(file, 'GET', '/?processname=web&action=start')).body);
    expect((await submit({ ...fields, token: 'x' })).status).toBe(403);
    expect((await submit(fields, { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await submit({ ...fields, action: 'explode' })).status).toBe(400);
    expect((await submit({ ...fields, processname: '' })).status).toBe(400);
    expect((await submit({ ...fields, x: 'x'.repeat(20_000) })).status).toBe(413);
    expect((await ask(file, 'GET', '/?action=explode')).status).toBe(400);
    expect(web.calls).toEqual([]);
  });

  it('shows names as texts', async () => {
    const { file, hostile } = await start();
    const name = `g:${hostile}`;
    const asked = await ask(file, 'GET', `/?processname=${encodeURIComponent(name)}&action=stop`);
    expect(asked.body).not.toContain('<script>');
    expect(fieldsIn(asked.body)['processname']).toBe(name);
    const unknown = await ask(file, 'GET', `/?action=${encodeURIComponent(hostile)}`);
    expect(unknown.body).not.toContain('<script>');
  });

  it('which only reads needs no question', async () => {
    const { file } = await start();
    expect((await ask(file, 'GET', '/?action=refresh')).headers.location).toBe('./?message=Page%20refreshed');
    for (const address of ['/', '/index.html', '/?message=x', '/index.html?action=']) {
      expect((await ask(file, 'GET', address)).body).toContain('<title>page</title>');
    }
  });
});

describe('B19.2: an address that acts, asked for by a script', () => {
  const get = (file: string, target: string, headers: Record<string, string> = {}) =>
    askAsScript(file, 'GET', target, { headers: { Host: 'ops:9001', ...headers } });

  it.each([
    ['start', 'STOPPED', ['start'], /^http:\/\/ops:9001\/\?message=Process%20web%20started$/],
    ['start', 'RUNNING', [], /ERROR%3A%20Process%20web%3A%20already%20started$/],
    ['stop', 'RUNNING', ['stop'], /Process%20web%20stopped$/],
    ['stop', 'STOPPED', [], /unexpected%20rpc%20fault%20%5B70%5D%20NOT_RUNNING%3A%20web$/],
    ['restart', 'RUNNING', ['stop', 'start'], /Process%20web%20restarted$/],
    ['clearlog', 'RUNNING', ['clear'], /Log%20for%20web%20cleared$/],
    ['stopall', 'RUNNING', ['stop'], /All%20stopped%20at%20\w{3}%20\w{3}%20(?:%20)?\d+%20\d\d%3A/],
    ['restartall', 'RUNNING', ['stop', 'start'], /All%20restarted%20at/],
  ] as const)('%s of one that is %s', async (action, state, calls, location) => {
    const { file, web } = await start();
    web.state = state;
    const answer = await get(file, `/index.html?processname=web&action=${action}`);
    expect([answer.status, web.calls]).toEqual([301, calls]);
    expect(answer.headers.location).toMatch(location);
  });

  it('names a process that is not there, and fails at what it does not know', async () => {
    const { file } = await start();
    const unknown = await get(file, '/?processname=a%20b/c*&action=start');
    expect(unknown.headers.location).toMatch(/message=No%20such%20process%20named%20a%20b\/c%2A$/);
    expect((await get(file, '/?processname=g:*&action=stop')).headers.location).toMatch(
      /No%20such%20process/,
    );
    expect((await get(file, '/?action=explode')).status).toBe(500);
    expect((await get(file, '/?action=start')).status).toBe(500);
    expect((await get(file, '/?action=constructor&processname=web')).status).toBe(500);
  });

  it.each<Record<string, string>>([
    browser,
    { Origin: 'http://ops:9001' },
    { Referer: 'http://ops:9001/' },
    { Cookie: 'a=b' },
    { 'Sec-Fetch-Dest': 'image' },
    { 'User-Agent': 'x Mozilla/4.0' },
  ])('is not what a browser asks: %j', async (headers) => {
    const { file, web } = await start();
    web.state = 'RUNNING';
    const answer = await get(file, '/index.html?processname=web&action=stop', headers);
    expect([answer.status, web.calls]).toEqual([200, []]);
  });

  it('acts on a POST as well, and on a HEAD never', async () => {
    const { file, web } = await start();
    web.state = 'RUNNING';
    const posted = await askAsScript(file, 'POST', '/index.html', { body: 'processname=web&action=stop' });
    expect([posted.status, web.calls]).toEqual([301, ['stop']]);
    web.state = 'RUNNING';
    await askAsScript(file, 'HEAD', '/index.html?processname=web&action=stop');
    expect(web.calls).toEqual(['stop']);
  });

  it('needs a name of ours, on a server without a password', async () => {
    const served = await serveFake({ family: 'inet', allowedHosts: ['ops.example.com', '*.example.net'] });
    closers.push(served.close);
    served.host.control.addFakeGroup('web', [{ name: 'web' }]);
    const web = served.host.control.process('web');
    web.onStart = (one) => one.become('RUNNING', { pid: 7 });
    const target = '/index.html?processname=web&action=start';
    const refused = await askAsScript(served.port, 'GET', target, { headers: { Host: 'evil.example' } });
    expect([refused.status, web.calls]).toEqual([421, []]);
    const post = { headers: { Host: 'evil.example' }, body: 'processname=web&action=start' };
    expect((await askAsScript(served.port, 'POST', '/', post)).status).toBe(421);
    for (const Host of ['127.0.0.1:1', 'ops.example.com', 'OPS.example.com.:80', 'a.b.example.net']) {
      expect((await askAsScript(served.port, 'GET', target, { headers: { Host } })).status).toBe(301);
    }
    expect((await askAsScript(served.port, 'GET', target, { headers: { Host: 'example.net' } })).status).toBe(
      421,
    );
  });
});

describe('the page without a script', () => {
  it('has every process with state and description, as texts, at every load', async () => {
    const { file, web, hostile } = await start();
    const body = async (): Promise<string> => (await askAsScript(file, 'GET', '/')).body;
    expect(await body()).toMatch(/<noscript>[^]*statusnominal">stopped<[^]*<\/noscript>/);
    web.become('RUNNING', { pid: 7 });
    const { body: html, headers } = await askAsScript(file, 'GET', '/?message=%3Cb%3Ehi');
    expect(html).toContain('<td class="status"><span class="statusrunning">running</span></td>');
    expect(html).toContain('<a href="tail.html?processname=web">web</a>');
    expect(html).toContain('href="index.html?processname=web&amp;action=restart"');
    expect(html).toContain('<div class="status_msg">&lt;b&gt;hi</div>');
    expect(html).not.toContain(hostile);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('has the files of the original page', async () => {
    const { file } = await start();
    for (const [target, type] of [
      ['/stylesheets/supervisor.css', 'text/css'],
      ['/images/icon.png', 'image/png'],
      ['/images/supervisor.gif', 'image/gif'],
    ] as const) {
      const { status, headers } = await ask(file, 'GET', target);
      expect([status, headers['content-type']]).toEqual([200, type]);
    }
    expect((await ask(file, 'GET', '/images/nosuch.png')).status).toBe(404);
  });

  it('is found with several slashes in front', async () => {
    const { file } = await start();
    for (const target of [
      '//',
      '//index.html',
      '///ok.html',
      '//tail.html',
      '//stylesheets/supervisor.css',
    ]) {
      expect((await askAsScript(file, 'GET', target)).status, target).toBe(200);
    }
  });
});

describe('B19.4: /tail.html', () => {
  it('shows the end of a log as text, with a button to look again', async () => {
    const { file, web, directory } = await start();
    web.stdoutLogPath = path.join(directory, 'web.log');
    writeFileSync(web.stdoutLogPath, `${'x'.repeat(2000)}\n<b>&amp; "end"`);
    const answer = await ask(file, 'GET', '/tail.html?processname=web&limit=10');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const [, text = ''] = /<pre>(.*)<\/pre>/s.exec(answer.body) ?? [];
    expect(text).toMatch(/^x+\n&lt;b&gt;&amp;amp; &quot;end&quot;$/);
    expect(answer.body).toContain('<button>Refresh</button>');
    const longer = await ask(file, 'GET', '/tail.html?processname=web&limit=1500');
    expect(longer.body.length).toBeGreaterThan(answer.body.length + 400);
  });

  it.each(['', '?processname=nobody', '?processname=%3Cscript%3E&limit=x', '?processname=web'])(
    'with %j says what is wrong',
    async (query) => {
      const { file } = await start();
      const { status, body } = await ask(file, 'GET', `/tail.html${query}`);
      expect([status, body.includes('ERROR'), body.includes('<script>')]).toEqual([200, true, false]);
    },
  );
});
