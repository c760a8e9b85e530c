import { describe, expect, test } from 'vitest';
import { cutAtRanges, makeMatcher, type Matcher } from './log-search.ts';

function matcher(query: string, isExpression = false): Matcher {
  const result = makeMatcher(query, isExpression);
  if (!result.ok || result.matcher === null) {
    throw new Error(`no matcher for ${query}`);
  }
  return result.matcher;
}

describe('makeMatcher', () => {
  test('finds a plain text in either case, a text with capitals as it is', () => {
    expect(matcher('error').ranges('Error: an error')).toEqual([
      [0, 5],
      [10, 15],
    ]);
    expect(matcher('Error').ranges('Error: an error')).toEqual([[0, 5]]);
  });

  test('signs of expressions are plain unless asked for', () => {
    expect(matcher('a.c (x)').ranges('abc (x) a.c (x)')).toEqual([[8, 15]]);
    expect(matcher('a.c', true).ranges('abc')).toEqual([[0, 3]]);
  });

  test('an expression that matches nothing at all ends', () => {
    expect(matcher('x*', true).ranges('ab')).toEqual([]);
  });

  test('isIn remembers nothing of the line before', () => {
    const found = matcher('b');
    expect([found.isIn('ab'), found.isIn('b'), found.isIn('c')]).toEqual([true, true, false]);
  });

  test('an empty query is none; a broken expression says why', () => {
    expect(makeMatcher('', false)).toEqual({ ok: true, matcher: null });
    expect(makeMatcher('(', true)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('(') as string,
    });
  });
});

describe('cutAtRanges', () => {
  const cut = (parts: readonly string[], ranges: readonly (readonly [number, number])[]) =>
    cutAtRanges(
      parts.map((text) => ({ text })),
      ranges,
    ).map(({ text, isMarked }) => (isMarked ? `[${text}]` : text));

  test.each([
    [['abcdef'], [[1, 3]], ['a', '[bc]', 'def']],
    [['abc', 'def'], [[2, 4]], ['ab', '[c]', '[d]', 'ef']],
    [['abc'], [[0, 3]], ['[abc]']],
    [
      ['ab', 'cd'],
      [
        [0, 1],
        [1, 2],
        [3, 4],
      ],
      ['[a]', '[b]', 'c', '[d]'],
    ],
    [['abc'], [], ['abc']],
  ] as const)('%j at %j', (parts, ranges, pieces) => {
    expect(cut(parts, ranges)).toEqual(pieces);
  });
});
