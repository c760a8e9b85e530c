import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logText, withLines, withOutput } from './log-text.ts';

describe('a message', () => {
  it.each([
    ['plain', "spawned: 'web' with pid 7", "spawned: 'web' with pid 7"],
    ['a tab, accents, backslashes', "a\tb é 漢 \u{1f600} b'\\xff' \\n", "a\tb é 漢 \u{1f600} b'\\xff' \\n"],
    [
      'a line of its own',
      'x\n2026-01-01 00:00:00,000 INFO y\r\n',
      'x\\n2026-01-01 00:00:00,000 INFO y\\r\\n',
    ],
    ["a terminal's commands", '\0\u0007\u001b[2J\u007f\u0085\u009b', '\\x00\\x07\\x1b[2J\\x7f\\x85\\x9b'],
    ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['directions', '\u202e\u2066\u2069\u200e\u200f\u061c', '\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c'],
  ])('with %s is one line that can be read', (_what, message, text) => {
    expect(logText(message)).toBe(text);
  });

  it('is one line of bounded length, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 9000, size: 'max' }), (message) => {
        const text = logText(message);
        expect(text).not.toMatch(/[^\P{Cc}\t]|[\u2028-\u202e]/u);
        expect(text.length).toBeLessThan(8192 + 50);
      }),
    );
  });

  it('is cut between two characters, with a mark', () => {
    expect(logText(`${'x'.repeat(8191)}\u{1f600}y`)).toBe(
      `${'x'.repeat(8191)}... (cut, 8194 characters in all)`,
    );
    expect(logText(`${'x'.repeat(8190)}\n`)).toBe(`${'x'.repeat(8190)}\\n`);
    expect(logText(`${'x'.repeat(8191)}\n`)).toBe(`${'x'.repeat(8191)}... (cut, 8192 characters in all)`);
  });
});

describe('more lines', () => {
  it('stay lines, which cannot be taken for lines of the log', () => {
    const stack =
      'Error: no\n2026-01-01 00:00:00,000 CRIT forged\u001b\n    at here (file.js:1:2)\n\tat there\n';
    expect(logText(withLines(stack))).toBe(
      'Error: no\n    2026-01-01 00:00:00,000 CRIT forged\\x1b\n    at here (file.js:1:2)\n\tat there',
    );
    expect(logText(withLines('one line'))).toBe('one line');
  });

  it('are bounded', () => {
    const text = logText(withLines(`x\n${'line\n'.repeat(100_000)}`));
    expect(text.length).toBeLessThan(150_000);
    expect(text.split('\n').at(-1)).toBe('    ... (cut, 500000 characters in all)');
  });

  it('of a program are printed as they are', () => {
    expect(logText(withOutput("'a\u001b' stdout output:", '\u001b[1mone\ntwo\n'))).toBe(
      "'a\\x1b' stdout output:\n\u001b[1mone\ntwo\n",
    );
  });
});
