/** What the JSON API tells, over a scripted daemon. */
import { afterEach, describe, expect, it } from 'vitest';
import { ask, serveFake } from '../server.fixture.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start() {
  const served = await serveFake({});
  closers.push(served.close);
  const get = async (target: string, method = 'GET') => {
    const answer = await ask(served.file, method, `/api/v1${target}`);
    return { ...answer, json: JSON.parse(answer.body) as unknown };
  };
  return { ...served, control: served.host.control, get };
}

describe('processes', () => {
  it('are told with everything known of them', async () => {
    const { control, host, get } = await start();
    control.addFakeGroup('web', [{ name: 'web', command: 'httpd', priority: 5 }]);
    Object.assign(control.process('web'), {
      state: 'RUNNING',
      pid: 42,
      startedAtMs: 1_700_000_000_000,
      restarts: 3,
      stdoutLogPath: '/tmp/web.log',
      lastExit: { code: null, signal: 9, coreDumped: false, expected: false, atMs: 5 },
    });
    control.proc.set(42, { cpuMs: 10, memoryBytes: 4096 });
    const expected = {
      name: 'web',
      group: 'web',
      process: 'web',
      kind: 'program',
      state: 'RUNNING',
      stateCode: 20,
      description: 'pid 42, uptime 0:00:00',
      pid: 42,
      startedAtMs: 1_700_000_000_000,
      stoppedAtMs: null,
      spawnError: null,
      exit: { code: null, signal: 'SIGKILL', coreDumped: false, expected: false, atMs: 5 },
      restarts: 3,
      cpuPercent: null,
      memoryBytes: 4096,
      logs: { stdout: '/tmp/web.log', stderr: null },
      logBlockedSinceMs: null,
      acceptsStdin: true,
      autostart: true,
      command: 'httpd',
      priority: 5,
    };
    const all = await get('/processes');
    expect(all.headers['content-type']).toBe('application/json');
    expect(all.json).toEqual({
      nowMs: 1_700_000_000_000,
      lastEventId: host.journal.lastId,
      processes: [expected],
    });
    expect((await get('/processes/web')).json).toEqual(expected);
    expect((await get('/processes/web%3Aweb')).json).toEqual(expected);
  });

  it('may have any name', async () => {
    const { control, get } = await start();
    control.addFakeGroup('g', [{ name: 'a/b c%:é' }]);
    const name = encodeURIComponent('g:a/b c%:é');
    expect((await get(`/processes/${name}`)).json).toMatchObject({ name: 'g:a/b c%:é', pid: null });
    expect((await get(`/processes/${name}/history`)).json).toEqual({ changes: [] });
  });

  it('have a history and statistics', async () => {
    const { control, get } = await start();
    control.addFakeGroup('web', [{ name: 'web' }]);
    const web = control.process('web');
    const exit = { code: 1, signal: null, coreDumped: false, expected: false, atMs: 7 };
    const change = { atMs: 7, from: 'RUNNING', to: 'EXITED', pid: 3, exit, cause: null } as const;
    Object.assign(web, { history: [change], state: 'RUNNING', pid: 42 });
    expect((await get('/processes/web/history')).json).toEqual({ changes: [change] });
    control.proc.set(42, { memoryBytes: 1 });
    await get('/processes');
    expect((await get('/processes/web/statistics')).json).toEqual({
      samples: [[1_700_000_000_000, null, 1]],
    });
  });

  it('and groups are listed', async () => {
    const { control, get } = await start();
    control.addFakeGroup('later', [{ name: 'x' }], 2);
    control.addFakeGroup('web', [{ name: 'web' }], 1);
    expect((await get('/groups')).json).toEqual({
      groups: [
        { name: 'web', kind: 'group', priority: 1, processes: ['web'] },
        { name: 'later', kind: 'group', priority: 2, processes: ['later:x'] },
      ],
    });
  });
});

describe('the daemon', () => {
  it('tells its state and configuration', async () => {
    const { control, get } = await start();
    control.state = 'SHUTDOWN';
    expect((await get('/state')).json).toMatchObject({
      identifier: 'supervisor',
      pid: 4711,
      state: { code: -1, name: 'SHUTDOWN' },
      startedAtMs: 1_700_000_000_000,
    });
    expect((await get('/config')).json).toEqual({ secrets: 'masked' });
    expect((await get('/config?secrets=shown')).json).toEqual({ secrets: 'shown' });
  });

  it.each([
    ['an address and port', 'inet', {}],
    ['a proxy on the unix socket', 'unix', { 'X-Forwarded-For': '192.0.2.1' }],
    ['a browser behind a proxy that says nothing', 'unix', { 'User-Agent': 'Mozilla/5.0' }],
  ] as const)('keeps secrets from %s', async (_who, family, headers) => {
    const served = await serveFake({ family, credentials: { username: 'u', password: 'p' } });
    closers.push(served.close);
    const where = family === 'inet' ? served.port : served.file;
    const authorization = { Authorization: `Basic ${Buffer.from('u:p').toString('base64')}` };
    const secrets = await ask(where, 'GET', '/api/v1/config?secrets=shown', {
      headers: { ...authorization, ...headers },
    });
    expect([secrets.status, JSON.parse(secrets.body)]).toMatchObject([
      403,
      { detail: 'Secrets are shown to programs that ask over a unix socket, and to nobody else' },
    ]);
    const masked = await ask(where, 'GET', '/api/v1/config', { headers: { ...authorization, ...headers } });
    expect([masked.status, JSON.parse(masked.body)]).toEqual([200, { secrets: 'masked' }]);
  });
});

describe('a request that makes no sense', () => {
  it.each([
    ['GET', '/processes/nobody', 404, { fault: 'BAD_NAME', faultCode: 10, detail: 'nobody' }],
    ['GET', '/processes/web%3A*', 404, { fault: 'BAD_NAME' }],
    ['GET', '/processes?interval=soon', 400, { fault: 'INCORRECT_PARAMETERS' }],
    ['GET', '/processes?interval=5001', 400, { fault: 'INCORRECT_PARAMETERS' }],
    ['GET', '/config?secrets=all', 400, { fault: 'INCORRECT_PARAMETERS' }],
    ['GET', '/nothing', 404, { title: 'Not Found' }],
    ['GET', '/processes/', 404, { title: 'Not Found' }],
    ['PUT', '/processes', 405, { title: 'Method Not Allowed' }],
    ['DELETE', '/state', 405, { title: 'Method Not Allowed' }],
  ])('%s %s is answered with a problem', async (method, target, status, expected) => {
    const { control, get } = await start();
    control.addFakeGroup('web', [{ name: 'web' }]);
    const answer = await get(target, method);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ type: 'about:blank', status, ...expected });
  });
});
