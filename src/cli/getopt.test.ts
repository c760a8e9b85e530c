import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArguments } from './getopt.ts';

const forms = [
  { short: 'c', long: 'configuration', value: 'FILE' },
  { short: 'h', long: 'help', value: null },
  { short: '?', long: null, value: null },
  { short: 'i', long: 'interactive', value: null },
  { short: 's', long: 'serverurl', value: 'URL' },
  { short: 'r', long: 'history_file', alias: 'history-file', value: 'FILE' },
] as const;

/** As Python's `getopt` answers: options and rest, or the message. */
function parse(args: readonly string[]): unknown {
  const parsed = parseArguments(args, forms);
  return parsed.ok ? [parsed.options.map(({ name, value }) => [name, value]), parsed.rest] : parsed.message;
}

describe('parseArguments', () => {
  it.each([
    [
      ['-c', 'f', 'status', '-i'],
      [[['-c', 'f']], ['status', '-i']],
    ],
    [
      ['-icf'],
      [
        [
          ['-i', ''],
          ['-c', 'f'],
        ],
        [],
      ],
    ],
    [
      ['--conf=f', '--', '-x'],
      [[['--configuration', 'f']], ['-x']],
    ],
    [
      ['--serverurl=', '-'],
      [[['--serverurl', '']], ['-']],
    ],
    [
      ['--history', 'x'],
      [[['--history_file', 'x']], []],
    ],
    [
      ['--history-file', 'x'],
      [[['--history_file', 'x']], []],
    ],
    [['--h'], 'option --h not a unique prefix'],
    [['-cx', '-y'], 'option -y not recognized'],
    [['-c'], 'option -c requires argument'],
    [['--help=1'], 'option --help must not have an argument'],
  ])('B17: %j', (args, expected) => {
    expect(parse(args)).toEqual(expected);
  });
});

const hasPython = spawnSync('python3', ['-c', 'import getopt']).status === 0;

const program = `
import getopt, json, sys
out = []
for args in json.load(sys.stdin):
    try:
        out.append(getopt.getopt(args, "c:h?is:r:", ["configuration=", "help", "interactive", "serverurl=", "history_file="]))
    except getopt.error as error:
        out.append(str(error))
json.dump(out, sys.stdout)
`;

describe.skipIf(!hasPython)('parseArguments against Python (skipped without python3)', () => {
  it('B17: agrees on every command line', () => {
    const word = fc.oneof(
      fc.constantFrom('--', '-', '', 'status', '--help', '--interactive', '--serverurl=x', '--configuration'),
      fc.string({ unit: fc.constantFrom('-', 'c', 'h', 'i', '?', 's', 'r', '=', 'x', 'é'), maxLength: 6 }),
    );
    const samples = fc.sample(fc.array(word, { maxLength: 5 }), { numRuns: 1000, seed: 17 });
    const result = spawnSync('python3', ['-c', program], {
      input: JSON.stringify(samples),
      encoding: 'utf8',
    });
    expect(samples.map(parse)).toEqual(JSON.parse(result.stdout));
  });
});
