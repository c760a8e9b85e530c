import { describe, expect, it } from 'vitest';

import { repr, truncatedRepr } from './repr.ts';
import { splitCommand } from './shlex.ts';
import { compareText, strip, stripEnd, words } from './text.ts';

describe('text as Python sees it', () => {
  it('white space', () => {
    expect(strip('\u001c\u0085 a \u00a0\n')).toBe('a');
    expect(strip('\ufeffa')).toBe('\ufeffa');
    expect(stripEnd(' a ')).toBe(' a');
    expect(words(' a\tb\n\u2003c ')).toEqual(['a', 'b', 'c']);
    expect(words(' ')).toEqual([]);
  });

  it('order by code point', () => {
    expect(['😀', '\uffee', 'b', 'a', 'aa', ''].sort(compareText)).toEqual([
      '',
      'a',
      'aa',
      'b',
      '\uffee',
      '😀',
    ]);
  });

  it.each([
    ['a', "'a'"],
    ["it's", '"it\'s"'],
    ['\'"', "'\\'\"'"],
    ['\\\n\t\r\0', "'\\\\\\n\\t\\r\\x00'"],
    ['é😀\u00ad\u2028\ufeff\u{e0001}', "'é😀\\xad\\u2028\\ufeff\\U000e0001'"],
  ])('repr of %j', (text, expected) => {
    expect(repr(text)).toBe(expected);
  });

  it('repr can be cut', () => {
    expect(truncatedRepr('😀😀', 2)).toBe("'😀");
  });
});

describe('B7.1: splitting a command', () => {
  it.each([
    ['a "b c" d\\ e \'f\\g\' ""', ['a', 'b c', 'd e', 'f\\g', '']],
    ['"\\"\\\\\\x" a#b\n c', ['"\\\\x', 'a#b', 'c']],
    ['', []],
  ])('%j', (command, expected) => {
    expect(splitCommand(command)).toEqual({ ok: true, value: expected });
  });

  it('B7.16: refusals', () => {
    expect(splitCommand('a "b')).toEqual({ ok: false, message: 'No closing quotation' });
    expect(splitCommand('a\\')).toEqual({ ok: false, message: 'No escaped character' });
  });
});
