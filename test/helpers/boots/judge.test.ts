import { describe, expect, it } from 'vitest';

import { judgeLog, lineOf, type Source } from './judge.ts';

const source: Source = { program: 'web', stream: 'out', said: 4, cleared: 0 };
const other: Source = { program: 'api', stream: 'err', said: 2, cleared: 0 };

function text(...numbers: readonly number[]): string {
  return numbers.map((number) => `${lineOf('web', 'out', number)}\n`).join('');
}

const otherText = `${lineOf('api', 'err', 1)}\n${lineOf('api', 'err', 2)}\n`;

describe('judgeLog', () => {
  it.each([
    ['is sound when every line is there', text(1, 2, 3, 4), [source]],
    ['is sound when two programs share it', text(1, 2) + otherText + text(3, 4), [source, other]],
    ['is sound when it was cleared', text(2, 3, 4), [{ ...source, cleared: 2 }]],
    ['is sound when it was cleared within a line', `xx\n${text(3, 4)}`, [{ ...source, cleared: 2 }]],
    ['is sound when nothing came after the clear', '', [{ ...source, cleared: 4 }]],
    ['is sound when nothing was said', '', [{ ...source, said: 0 }]],
  ])('%s', (_, log, sources) => {
    expect(judgeLog('log', log, sources)).toEqual([]);
  });

  it.each([
    ['a line is missing', text(1, 2, 4), [source], /where 3 should be of 4 there is 1 2 4/],
    ['the last line is missing', text(1, 2, 3), [source], /where 4 should be of 4 there is 2 3/],
    ['the first line is missing', text(2, 3, 4), [source], /begins with 2, though at most 0/],
    ['all are missing', '', [source], /begins with 5, though at most 0/],
    ['a line is there twice', text(1, 2, 2, 3, 4), [source], /where 3 should be of 4 there is 1 2 2 3 4/],
    ['a line comes again at the end', text(1, 2, 3, 4, 4), [source], /where the end should be/],
    ['lines are in another order', text(1, 3, 2, 4), [source], /where 2 should be/],
    [
      'more is missing than was cleared',
      text(4),
      [{ ...source, cleared: 2 }],
      /begins with 4, though at most 2/,
    ],
    ['another program speaks', text(1, 2, 3, 4) + otherText, [source], /:5 is nobody's line: "api err 1 x/],
    ['a line is in pieces', text(1, 2, 3, 4).slice(3), [source], /:1 is nobody's line/],
    ['the last line has no end', text(1, 2, 3, 4).trimEnd(), [source], /ends within a line/],
  ])('tells when %s', (_, log, sources, problem) => {
    expect(judgeLog('log', log, sources)).toContainEqual(expect.stringMatching(problem));
  });
});
