import { describe, expect, test } from 'vitest';
import { parseFilter } from './filter.ts';
import { makeProcess } from './process.fixture.ts';

const processes = [
  makeProcess('web', { command: 'node server.js' }),
  makeProcess('shop:api', { state: 'FATAL', pid: null, spawnError: "couldn't exec: ENOENT" }),
  makeProcess('shop:worker', { state: 'BACKOFF', pid: null }),
  makeProcess('mail', { state: 'STOPPED', pid: null }),
];

describe('parseFilter', () => {
  test.each([
    ['', ['web', 'shop:api', 'shop:worker', 'mail']],
    ['   ', ['web', 'shop:api', 'shop:worker', 'mail']],
    ['SHOP', ['shop:api', 'shop:worker']],
    ['shop work', ['shop:worker']],
    ['enoent', ['shop:api']],
    ['server.js', ['web']],
    ['state:fatal', ['shop:api']],
    ['state:fatal,back', ['shop:api', 'shop:worker']],
    ['group:shop -state:fatal', ['shop:worker']],
    ['name:ma', ['mail']],
    ['-', ['web', 'shop:api', 'shop:worker', 'mail']],
    ['-shop', ['web', 'mail']],
    ['nothing-like-it', []],
  ])('%j', (text, names) => {
    expect(processes.filter(parseFilter(text)).map(({ name }) => name)).toEqual(names);
  });
});
