import { describe, expect, it } from 'vitest';

import { getopt } from './getopt.ts';

const forms = [
  { short: 'a', long: 'all', value: null, abbreviable: true },
  { short: 'f', long: 'file', value: 'NAME', abbreviable: true },
  { short: null, long: 'fine', value: null, abbreviable: true },
  { short: null, long: 'exact', value: null, abbreviable: false },
];

function read(...argv: string[]): unknown {
  const result = getopt(argv, forms);
  return result.ok
    ? { options: result.value.options.map(({ name, value }) => [name, value]), rest: result.value.rest }
    : result.message;
}

describe('getopt', () => {
  it.each([
    [
      ['-af', 'x', 'rest', '-a'],
      [
        ['-a', ''],
        ['-f', 'x'],
      ],
      ['rest', '-a'],
    ],
    [
      ['-fx', '--file=y', '--fil', 'z'],
      [
        ['-f', 'x'],
        ['--file', 'y'],
        ['--file', 'z'],
      ],
      [],
    ],
    [
      ['--al', '--exact', '--', '-a'],
      [
        ['--all', ''],
        ['--exact', ''],
      ],
      ['-a'],
    ],
    [['-', '-a'], [], ['-', '-a']],
    [['-f', '-a'], [['-f', '-a']], []],
  ])('%j', (argv, options, rest) => {
    expect(read(...argv)).toEqual({ options, rest });
  });

  it.each([
    [['-x'], 'option -x not recognized'],
    [['-f'], 'option -f requires argument'],
    [['--file'], 'option --file requires argument'],
    [['--all=1'], 'option --all must not have an argument'],
    [['--fi'], 'option --fi not a unique prefix'],
    [['--exa'], 'option --exa not recognized'],
  ])('%j is refused', (argv, message) => {
    expect(read(...argv)).toBe(message);
  });
});
