import { describe, expect, it } from 'vitest';

import { worldWith } from '../world.fixture.ts';
import { nameMatcher } from './fnmatch.ts';
import { glob } from './glob.ts';

describe('B11.1: patterns of files', () => {
  const world = worldWith({ '/d/a.ini': '', '/d/b.ini': '', '/d/.c.ini': '', '/d/x': '' });

  it('finds names that exist', () => {
    expect(glob('/d/*.ini', world)).toEqual(['/d/a.ini', '/d/b.ini']);
    expect(glob('/d/.*', world)).toEqual(['/d/.c.ini']);
    expect(glob('/d/x', world)).toEqual(['/d/x']);
    expect(glob('/d/y', world)).toEqual([]);
  });

  it.each([
    ['*', 'abc', true],
    ['a*c*', 'abcd', true],
    ['a?c', 'ac', false],
    ['[a-c]', 'b', true],
    ['[!a-c]', 'b', false],
    ['[]]', ']', true],
    ['[a-]', '-', true],
    ['[c-a]', 'b', false],
    // What is left of an empty range may negate.
    ['[a-!!]', 'b', true],
    ['[b-!!-c]', '-', false],
    ['[', '[', true],
    ['A', 'a', false],
  ])('%j against %j', (pattern, name, expected) => {
    expect(nameMatcher(pattern)(name)).toBe(expected);
  });

  it('many stars take no time', () => {
    expect(nameMatcher('*a'.repeat(50))('a'.repeat(49))).toBe(false);
  });
});
