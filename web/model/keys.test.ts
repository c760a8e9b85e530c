import { expect, test } from 'vitest';
import { keyBindings, matchKey } from './keys.ts';

test('no two bindings have the same keys, or keys that begin another', () => {
  for (const { keys } of keyBindings) {
    const clashes = keyBindings.filter((other) => other.keys === keys || other.keys.startsWith(`${keys} `));
    expect(clashes.map((clash) => clash.keys)).toEqual([keys]);
  }
});

test('sequences', () => {
  expect(matchKey('', 'g')).toEqual({ action: null, pending: 'g' });
  expect(matchKey('g', 't')).toEqual({ action: 'goTimeline', pending: '' });
  expect(matchKey('g', 'g')).toEqual({ action: 'first', pending: '' });
});

test('a sequence that leads nowhere begins anew', () => {
  expect(matchKey('g', 'j')).toEqual({ action: 'next', pending: '' });
  expect(matchKey('g', 'q')).toEqual({ action: null, pending: '' });
});
