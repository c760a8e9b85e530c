/** Whatever a client sends that knows the token, the answer is one of the API's own, and nothing is left broken. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ask } from '../server.fixture.ts';
import { serveApi } from './api.fixture.ts';
import { operations } from './operations.ts';

const word = fc.oneof(
  fc.constantFrom(
    'web',
    'g:a',
    'g:*',
    'nobody',
    '',
    'stdout',
    'stderr',
    '__proto__',
    '%',
    '%2F',
    '..',
    'all',
  ),
  fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text)),
);

/** The addresses of the table with anything in place of names; streams, which do not end, are left out. */
const address = fc
  .constantFrom(...operations.filter(({ id }) => id !== 'streamEvents').map(({ path }) => path))
  .chain((path) =>
    fc.array(word, { minLength: 2, maxLength: 2 }).map((words) => {
      let index = 0;
      return path.replaceAll(/\{\w+\}/g, () => words[index++] ?? '');
    }),
  );

const query = fc.dictionary(
  fc.constantFrom('offset', 'length', 'lines', 'before', 'limit', 'interval', 'secrets', 'mode', 'x'),
  fc.oneof(
    fc.constantFrom('0', '1', '-5', '99999999999999', 'shown', 'minimal', ''),
    fc.string({ maxLength: 8 }),
  ),
);

const body = fc.oneof(
  fc.record(
    {
      wait: fc.oneof(fc.boolean(), fc.constant(null)),
      signal: fc.oneof(fc.constantFrom('HUP', '9', '-1', ''), fc.string({ maxLength: 30 })),
      names: fc.oneof(fc.constant('all'), fc.array(fc.string({ maxLength: 8 }), { maxLength: 5 })),
      text: fc.string(),
      groups: fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }),
      mode: fc.constantFrom('groups', 'minimal', 'other'),
      username: fc.string(),
      password: fc.string(),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
  fc.string(),
);

it('is answered with a status that says what is wrong', async () => {
  const served = await serveApi();
  try {
    const { control, at } = served;
    control.addFakeGroup('web', [{ name: 'web' }]);
    control.addFakeGroup('g', [{ name: 'a' }]);
    for (const process of [control.process('web'), control.process('g', 'a')]) {
      process.onStart = (one) => one.become('RUNNING', { pid: 7 });
      process.onStop = (one) => one.become('STOPPED', { pid: 0 });
    }
    const token = await served.token();
    const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD');
    await fc.assert(
      fc.asyncProperty(method, address, query, body, async (verb, path, parameters, content) => {
        control.state = 'RUNNING';
        // A measurement over some time waits for a clock that stands still here.
        const { interval: _interval, ...rest } = parameters;
        const text = typeof content === 'string' ? content : JSON.stringify(content);
        const answer = await ask(at, verb, `/api/v1${path}?${new URLSearchParams(rest).toString()}`, {
          headers: { 'X-Supervisor-Token': token },
          // Node's client frames the bodies of these alone.
          body: verb === 'POST' || verb === 'PUT' ? text : '',
        });
        expect([200, 400, 401, 404, 405, 409, 503]).toContain(answer.status);
        if (answer.status !== 200 && verb !== 'HEAD') {
          const isPage = answer.headers['content-type']?.startsWith('text/html') === true;
          // A path that cannot be decoded belongs to no part of the server.
          expect(isPage ? answer.status : JSON.parse(answer.body)).toEqual(
            isPage ? 400 : expect.objectContaining({ status: answer.status }),
          );
        }
      }),
      { numRuns: 400 },
    );
    expect(served.errors).toEqual([]);
  } finally {
    await served.close();
  }
});
