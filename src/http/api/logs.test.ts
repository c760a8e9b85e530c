/** Logs through the JSON API, over a scripted daemon. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ask } from '../server.fixture.ts';
import { serveApi } from './api.fixture.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(contents: string) {
  const served = await serveApi();
  closers.push(served.close);
  const log = path.join(served.directory, 'web <x>.log');
  writeFileSync(log, contents);
  served.control.addFakeGroup('web', [{ name: 'web' }]);
  served.control.process('web').stdoutLogPath = log;
  served.control.activityLogPath = log;
  return { ...served, log };
}

it('are read by offset and by lines', async () => {
  const { get, log } = await start('one\ntwo\nthree\n');
  const window = { size: 14, path: log };
  const base = '/processes/web/logs/stdout';
  const whole = { text: 'one\ntwo\nthree\n', offset: 0, end: 14, ...window };
  expect((await get(base)).json).toEqual(whole);
  expect((await get('/log')).json).toEqual(whole);
  expect((await get(`${base}?offset=4&length=3`)).json).toEqual({
    text: 'two',
    offset: 4,
    end: 7,
    ...window,
  });
  expect((await get(`${base}?offset=-6&length=99`)).json).toMatchObject({ text: 'three\n', offset: 8 });
  expect((await get(`${base}?lines=1`)).json).toMatchObject({ text: 'three\n', offset: 8 });
  expect((await get(`${base}?lines=1&before=8`)).json).toMatchObject({ text: 'two\n', offset: 4, end: 8 });
});

it.each([
  ['/processes/web/logs/stderr', 404, 'NO_FILE'],
  ['/processes/nobody/logs/stdout', 404, 'BAD_NAME'],
  ['/processes/web/logs/stdin', 404, undefined],
  ['/processes/web/logs/stdout?offset=x', 400, 'INCORRECT_PARAMETERS'],
  ['/processes/web/logs/stdout?length=-1', 400, 'INCORRECT_PARAMETERS'],
  ['/processes/web/logs/stdout?lines=10001', 400, 'BAD_ARGUMENTS'],
  ['/processes/web/logs/stderr/download', 404, 'NO_FILE'],
])('%s is answered with %i', async (target, status, fault) => {
  const { get } = await start('x');
  const answer = await get(target);
  expect(answer.status).toBe(status);
  expect((answer.json as { readonly fault?: string }).fault).toBe(fault);
});

it('are downloaded as they are, and never as markup', async () => {
  const contents = '<script>alert(1)</script>\n'.repeat(20_000);
  const { at } = await start(contents);
  const answer = await ask(at, 'GET', '/api/v1/processes/web/logs/stdout/download');
  expect(answer.body).toBe(contents);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': 'attachment; filename="web__x_.log"',
    'content-length': String(contents.length),
    'x-content-type-options': 'nosniff',
  });
});

it('of the daemon are emptied on request', async () => {
  const { post, control } = await start('x');
  expect((await post('/log/clear')).json).toEqual({ ok: true });
  control.clearing = 'no-file';
  expect((await post('/log/clear')).status).toBe(404);
});
