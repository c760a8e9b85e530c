import { describe, expect, it } from 'vitest';

import { readLine } from './lines.ts';

describe('B1.7: comments and indentation', () => {
  it.each([
    ['a = b', 'a = b', null, 0],
    ['  a ; c', 'a', '; c', 2],
    ['a;b', 'a;b', null, 0],
    ['a\t#b', 'a', '#b', 0],
    ['   # all of it', '', '   # all of it', 3],
    [';x', '', ';x', 0],
    ['', '', null, 0],
    ['\u00a0a', 'a', null, 1],
  ])('%j', (raw, text, comment, indent) => {
    expect(readLine(`${raw}\n`)).toEqual({
      text,
      comment: comment === null ? null : `${comment}\n`,
      // The line end is white space as well.
      indent: raw === '' ? 1 : indent,
    });
  });

  it('judges the n-th signs of both kinds together', () => {
    expect(readLine('a#b #c ;d').text).toBe('a#b #c');
    expect(readLine('a#b #c;d ;e').text).toBe('a#b');
  });
});
