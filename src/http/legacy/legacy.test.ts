/** Old addresses, over a scripted daemon. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, serveFake } from '../server.fixture.ts';

const closers: (() => Promise<void>)[] = [];
const page = { contentType: 'text/html; charset=utf-8', body: '<!doctype html><title>page</title>' };

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
      expect((await ask(file, 'GET', address)).body).toBe(page.body);
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
