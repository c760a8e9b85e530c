import { constants } from 'node:os';

import { describe, expect, it } from 'vitest';

import { parseSignal, signalName, signalNumbers } from './signals.ts';

describe('B1.17: signals', () => {
  it.each([
    ['TERM', 15],
    ['sigint', 2],
    [' 9 ', 9],
    ['SIGRTMIN', 34],
    ['cld', 17],
    // Compat: these are constants of the same module.
    ['_IGN', 1],
    ['0', 0],
  ])('%j', (text, number) => {
    expect(parseSignal(text)).toEqual({ ok: true, value: number });
  });

  it.each([
    ['FOO', "value 'FOO' is not a valid signal name"],
    ['99', "value '99' is not a valid signal number"],
    ['', "value '' is not a valid signal name"],
    ['constructor', "value 'constructor' is not a valid signal name"],
  ])('%j is refused', (text, message) => {
    expect(parseSignal(text)).toEqual({ ok: false, message });
  });

  it('names by number', () => {
    expect([15, 6, 17, 29, 35].map(signalName)).toEqual([
      'SIGTERM',
      'SIGABRT',
      'SIGCHLD',
      'SIGIO',
      'signal 35',
    ]);
  });

  it.runIf(process.platform === 'linux')('agree with the machine', () => {
    expect(signalNumbers).toMatchObject(
      Object.fromEntries(
        Object.entries(constants.signals).filter(([name]) => Object.hasOwn(signalNumbers, name)),
      ),
    );
  });
});
