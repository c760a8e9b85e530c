import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogWindow, mergeLines } from './log-window.ts';

const now = Date.UTC(2026, 10, 26);
const texts = (window: LogWindow): readonly string[] => window.lines.map(({ text }) => text);

/** The page of a log whose characters are bytes. */
function page(log: string, offset: number, end: number) {
  return { text: log.slice(offset, end), offset, end, size: log.length };
}

describe('LogWindow', () => {
  test('a line that came in pieces is one line', () => {
    const window = new LogWindow(0);
    window.append({ text: 'one\ntw', offset: 0, end: 6 }, now);
    const [, open] = window.lines;
    const { added, extended } = window.append({ text: 'o\nthree\n', offset: 6, end: 14 }, now);
    expect(texts(window)).toEqual(['one', 'two', 'three']);
    expect(extended).toBe(open);
    expect(open?.isOpen).toBe(false);
    expect(added.map(({ text }) => text)).toEqual(['three']);
    expect([window.start, window.end]).toEqual([0, 14]);
  });

  test('however it is cut, the lines are those of the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'bc', '\n', '\n\n', ''), { maxLength: 20 }), (pieces) => {
        const window = new LogWindow(0);
        let offset = 0;
        for (const text of pieces) {
          window.append({ text, offset, end: offset + text.length }, now);
          offset += text.length;
        }
        const whole = pieces.join('');
        expect(texts(window)).toEqual(whole === '' ? [] : whole.replace(/\n$/, '').split('\n'));
        expect(window.end).toBe(whole.length);
      }),
    );
  });

  test('grows backwards, and drops what is far at either side', () => {
    const log = Array.from({ length: 3000 }, (_, index) => `line ${String(index).padStart(4, '0')}\n`).join(
      '',
    );
    const lineBytes = 10;
    const window = new LogWindow(0);
    window.append(page(log, 2000 * lineBytes, 3000 * lineBytes), now);
    window.prepend(page(log, 1000 * lineBytes, 2000 * lineBytes), now);
    expect([window.start, window.end, window.lineCount]).toEqual([10_000, 30_000, 2000]);
    expect(window.lines[0]?.text).toBe('line 1000');

    expect(window.trimEnd(1000).length).toBe(1000);
    expect(window.isAtEnd).toBe(false);
    expect([window.start, window.end]).toEqual([10_000, 20_000]);

    window.append(page(log, 20_000, 30_000), now);
    expect(window.trimStart(1500).length).toBe(1000);
    expect([window.start, window.lines[0]?.text]).toEqual([20_000, 'line 2000']);
  });

  test('what was left open is whole once something of the page stands after it', () => {
    const window = new LogWindow(0);
    window.append({ text: 'half', offset: 0, end: 4 }, now);
    window.note('rotated', 0, now);
    window.append({ text: 'new\n', offset: 0, end: 4 }, now);
    expect(window.lines.map(({ text, isNotice }) => [text, isNotice])).toEqual([
      ['half', false],
      ['rotated', true],
      ['new', false],
    ]);
    expect(window.end).toBe(4);
  });

  test('colours go on to the next line, until they are reset', () => {
    const window = new LogWindow(0);
    window.append({ text: '\u001B[31mred\nstill\u001B[0m\nplain\n', offset: 0, end: 30 }, now);
    expect(window.lines.map(({ carried }) => carried)).toEqual(['', '\u001B[31m', '']);
  });
});

describe('mergeLines', () => {
  test('merges by the times of the lines; those without stay with the line before', () => {
    const a = new LogWindow(0);
    const b = new LogWindow(1);
    const text = (...lines: readonly string[]) => ({ text: `${lines.join('\n')}\n`, offset: 0, end: 1 });
    a.append(text('2026-11-26T10:00:01Z a1', '  trace of a1', '2026-11-26T10:00:05Z a2'), now);
    b.append(text('b without time', '2026-11-26T10:00:03Z b1'), now);
    expect(mergeLines([a, b]).map((line) => line.text.split(' ').at(-1))).toEqual([
      'time',
      'a1',
      'a1',
      'b1',
      'a2',
    ]);
    b.prepend(text('2026-11-26T10:00:02Z b0'), now);
    expect(mergeLines([a, b]).map((line) => line.text.split(' ').at(-1))).toEqual([
      'a1',
      'a1',
      'b0',
      'time',
      'b1',
      'a2',
    ]);
  });
});
