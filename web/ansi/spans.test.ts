import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpans, sgrAfter, visibleText } from './spans.ts';

/** Controls but the tab, and what changes the direction of text. */
const forbidden = /[^\P{Cc}\t]|[\u202A-\u202E\u2066-\u2069]/u;

const brief = (line: string, carried = '') =>
  parseSpans(line, carried).map(({ text, classes, color, background }) =>
    [text, classes.join(' '), color, background].filter((part) => part !== null && part !== '').join('|'),
  );

describe('parseSpans', () => {
  test.each([
    ['plain <b>text</b> &amp;', ['plain <b>text</b> &amp;']],
    ['\u001B[31mred\u001B[0m plain', ['red|fg-red', ' plain']],
    ['\u001B[1;92mok\u001B[m', ['ok|ansi-bold fg-bright-green']],
    ['\u001B[44;97mx', ['x|fg-bright-white bg-blue']],
    ['\u001B[38;5;208mx\u001B[0m', ['x|255, 135, 0']],
    ['\u001B[38;5;250mx', ['x|188, 188, 188']],
    ['\u001B[38;2;1;2;3mx', ['x|1, 2, 3']],
    ['\u001B[4;3munder', ['under|ansi-underline ansi-italic']],
  ])('%j', (line, spans) => {
    expect(brief(line)).toEqual(spans);
  });

  test.each([
    ['cursor movements', 'a\u001B[2Jb\u001B[10;5Hc\u001B[Kd\u001B7e', 'abcde'],
    ['window titles and links', 'a\u001B]0;title\u0007b\u001B]8;;http://x/\u001B\\c', 'abc'],
    ['a sequence that never ends', 'a\u001B]0;title', 'a'],
    ['an escape at the end', 'a\u001B', 'a'],
    ['a progress bar', ' 10%\r 50%\r100%', '100%'],
    ['a carriage return at the end', 'done\r', 'done'],
    ['NUL, bell and backspace', 'a\u0000b\u0007c\u0008d', 'a␀b␇c␈d'],
    ['characters that turn text around', 'user\u202Enimda\u2066', 'user⟨202E⟩nimda⟨2066⟩'],
    ['DEL and C1', '\u007F\u009B', '␡⟨009B⟩'],
    ['tabs and emoji as they are', '\t🎉', '\t🎉'],
  ])('%s', (_, line, text) => {
    expect(visibleText(line)).toBe(text);
  });

  test('control signs are marked', () => {
    expect(brief('a\u0000')).toEqual(['a', '␀|control']);
  });

  test('styles of earlier lines go on', () => {
    const carried = sgrAfter('', '\u001B[31mTraceback');
    expect(brief('  File x', carried)).toEqual(['  File x|fg-red']);
  });

  test('whatever is printed, no control character is left, and plain text is kept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        expect(visibleText(line)).not.toMatch(forbidden);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (line) => {
        expect(visibleText(line)).toBe(line);
      }),
    );
  });
});

describe('sgrAfter', () => {
  test.each([
    ['', 'plain', ''],
    ['\u001B[31m', 'plain', '\u001B[31m'],
    ['\u001B[31m', '\u001B[1mbold', '\u001B[31m\u001B[1m'],
    ['\u001B[31m', 'x\u001B[0m', ''],
    ['\u001B[31m', 'x\u001B[m', ''],
    ['\u001B[31m', 'x\u001B[0;32m', '\u001B[0;32m'],
  ])('%j then %j', (carried, line, after) => {
    expect(sgrAfter(carried, line)).toBe(after);
  });

  test('never grows without bound', () => {
    expect(sgrAfter('', '\u001B[1m'.repeat(1000)).length).toBeLessThanOrEqual(128);
  });
});
