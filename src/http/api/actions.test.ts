/** What can be done through the JSON API, over a scripted daemon. */
import { afterEach, describe, expect, it } from 'vitest';
import { serveApi } from './api.fixture.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(options: Parameters<typeof serveApi>[0] = {}) {
  const served = await serveApi(options);
  closers.push(served.close);
  served.control.addFakeGroup('web', [{ name: 'web' }]);
  served.control.addFakeGroup('g', [{ name: 'a' }, { name: 'b' }]);
  for (const [group, name] of [
    ['web', 'web'],
    ['g', 'a'],
    ['g', 'b'],
  ] as const) {
    const process = served.control.process(group, name);
    process.onStart = (one) => one.become('RUNNING', { pid: 7 });
    process.onStop = (one) => one.become('STOPPED', { pid: 0 });
  }
  return served;
}

const ok = (name: string) => ({ name, ok: true, fault: null, detail: 'OK' });

describe('an action', () => {
  it('on one process', async () => {
    const { post, control } = await start();
    expect((await post('/processes/web/start')).json).toEqual({ outcomes: [ok('web')] });
    expect((await post('/processes/web/start')).json).toEqual({
      outcomes: [{ name: 'web', ok: false, fault: 'ALREADY_STARTED', detail: 'ALREADY_STARTED: web' }],
    });
    expect((await post('/processes/web%3Aweb/signal', { signal: 'HUP' })).json).toEqual({
      outcomes: [ok('web')],
    });
    expect((await post('/processes/web/stdin', { text: 'hi\n' })).json).toEqual({ outcomes: [ok('web')] });
    expect((await post('/processes/web/clear')).json).toEqual({ outcomes: [ok('web')] });
    expect((await post('/processes/web/restart')).json).toEqual({ outcomes: [ok('web')] });
    expect((await post('/processes/web/stop', { wait: false })).json).toEqual({ outcomes: [ok('web')] });
    expect((await post('/processes/web/restart')).json).toEqual({ outcomes: [ok('web')] });
    expect(control.process('web').calls).toEqual([
      'start',
      'signal 1',
      'stdin hi\n',
      'clear',
      'stop',
      'start',
      'stop',
      'start',
    ]);
  });

  it('on a group', async () => {
    const { post, control } = await start();
    expect((await post('/groups/g/start')).json).toEqual({ outcomes: [ok('g:a'), ok('g:b')] });
    expect((await post('/groups/g/restart')).json).toEqual({ outcomes: [ok('g:a'), ok('g:b')] });
    expect((await post('/groups/g/clear')).json).toEqual({ outcomes: [ok('g:a'), ok('g:b')] });
    expect((await post('/groups/g/stop')).json).toEqual({ outcomes: [ok('g:a'), ok('g:b')] });
    expect(control.process('g', 'b').calls).toEqual(['start', 'stop', 'start', 'clear', 'stop']);
    expect((await post('/groups/nobody/stop')).status).toBe(404);
  });

  it('on many by name, each with an outcome of its own, and on all', async () => {
    const { post } = await start();
    const names = ['web:web', 'g:*', 'web', 'nobody'];
    expect((await post('/processes/start', { names })).json).toEqual({
      outcomes: [
        ok('web'),
        ok('g:a'),
        ok('g:b'),
        { name: 'nobody', ok: false, fault: 'BAD_NAME', detail: 'BAD_NAME: nobody' },
      ],
    });
    expect((await post('/processes/restart', { names: 'all' })).json).toEqual({
      outcomes: [ok('web'), ok('g:a'), ok('g:b')],
    });
    expect((await post('/processes/stop', { names: 'all' })).json).toEqual({
      outcomes: [ok('web'), ok('g:a'), ok('g:b')],
    });
  });

  it('is remembered with who asked for it, by which way', async () => {
    const { post, get, request, token } = await start({ credentials: { username: 'ann', password: 'p' } });
    const Authorization = `Basic ${Buffer.from('ann:p').toString('base64')}`;
    const headers = { Authorization, 'X-Supervisor-Token': await token({ Authorization }) };
    const browser = { ...headers, 'User-Agent': 'Mozilla/5.0 (X11)' };
    expect((await post('/processes/web/start')).status).toBe(401);
    await request('POST', '/processes/web/start', { headers, body: {} });
    await request('POST', '/processes/web/stdin', { headers: browser, body: { text: 'password' } });
    const timeline = await request('GET', '/timeline?limit=10', { headers });
    expect(timeline.json).toMatchObject({
      entries: [
        { kind: 'action', process: 'web', interface: 'json-api', user: 'ann', text: 'startProcess web' },
        { kind: 'action', process: 'web', interface: 'page', user: 'ann', text: 'sendProcessStdin web' },
      ],
    });
    expect(timeline.body).not.toContain('password');
    expect((await get('/timeline')).status).toBe(401);
  });

  it('on the daemon and its configuration', async () => {
    const { post, get, control } = await start();
    control.rereading = { ok: true, added: ['x'], changed: [], removed: ['y'] };
    expect((await post('/config/reread')).json).toEqual({ added: ['x'], changed: [], removed: ['y'] });
    control.rereading = { ok: false, message: 'line 3 is wrong' };
    const refused = await post('/config/reread');
    expect(refused.status).toBe(409);
    expect(refused.json).toMatchObject({ fault: 'CANT_REREAD', faultCode: 92, detail: 'line 3 is wrong' });
    expect((await get('/config/plan?mode=none')).status).toBe(400);
    expect((await post('/daemon/shutdown')).json).toEqual({ ok: true });
    expect(control.state).toBe('SHUTDOWN');
    const late = await post('/processes/web/start');
    expect(late.status).toBe(503);
    expect(late.json).toMatchObject({ fault: 'SHUTDOWN_STATE' });
  });
});

describe('a restart', () => {
  it('starts again what it has stopped, also when the client has gone away', async () => {
    const { control, request, token } = await start();
    const web = control.process('web');
    web.become('RUNNING', { pid: 7 });
    const stopped = new Promise<void>((resolve) => {
      web.onStop = (one) => {
        one.become('STOPPING');
        resolve();
      };
    });
    const headers = { 'X-Supervisor-Token': await token(), Connection: 'close' };
    const asked = request('POST', '/processes/web/restart', { headers, body: {} }).catch(() => 'gone');
    await stopped;
    const started = new Promise<void>((resolve) => {
      web.onStart = () => resolve();
    });
    web.become('STOPPED', { pid: 0 });
    await started;
    web.become('RUNNING', { pid: 8 });
    await asked;
    expect(web.calls).toContain('start');
  });
});

describe('a body', () => {
  it.each([
    ['no JSON', '{', 400],
    ['another type', '[]', 400],
    ['a member of another type', '{"wait": "yes"}', 400],
    ['an unknown member', '{"wiat": true}', 400],
    ['nothing at all', '', 200],
  ])('with %s', async (_what, body, status) => {
    const { post } = await start();
    const answer = await post('/processes/web/start', body);
    expect(answer.status).toBe(status);
    if (status === 400) {
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json).toMatchObject({ fault: 'INCORRECT_PARAMETERS' });
    }
  });

  it('that is too large', async () => {
    const { post } = await start();
    const answer = await post('/processes/web/stdin', { text: 'x'.repeat(5_000_000) });
    expect(answer.status).toBe(413);
  });
});
