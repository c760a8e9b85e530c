import { describe, expect, test } from 'vitest';
import { makeMatcher } from '../model/log-search.ts';
import { LogWindow } from '../model/log-window.ts';
import { LineList } from './line-list.ts';

/** Lines `0` to `count - 1`. */
function linesOf(...texts: readonly string[]) {
  return new LogWindow(0).append({ text: `${texts.join('\n')}\n`, offset: 0, end: 1 }, 0).added;
}

const numbered = (from: number, to: number) =>
  linesOf(...Array.from({ length: to - from }, (_, index) => `line ${from + index}`));

const sizes = (list: LineList) => list.blocks.value.map(({ lines }) => lines.length);

function look(list: LineList, query: string, onlyMatches: boolean): void {
  const result = makeMatcher(query, false);
  list.look(result.ok ? result.matcher : null, onlyMatches);
}

describe('LineList', () => {
  test('new lines fill the last block, and leave the others as they are', () => {
    const list = new LineList();
    list.replace(numbered(0, 150));
    const before = list.blocks.value;
    list.putAfter(numbered(150, 160));
    expect(list.blocks.value).toBe(before);
    expect(before.map(({ version }) => version.value)).toEqual([0, 1]);
    list.putAfter(numbered(160, 260));
    expect(sizes(list)).toEqual([100, 100, 60]);
    expect(list.blocks.value.slice(0, 2)).toEqual(before);
    expect(list.lines().map(({ text }) => text)).toEqual(numbered(0, 260).map(({ text }) => text));
  });

  test('older lines come in blocks of their own', () => {
    const list = new LineList();
    list.replace(numbered(100, 150));
    const [block] = list.blocks.value;
    list.putBefore(numbered(50, 100));
    expect(sizes(list)).toEqual([50, 50]);
    expect(list.blocks.value[1]).toBe(block);
  });

  test('counts matches, and shows only them when asked to', () => {
    const list = new LineList();
    const lines = linesOf('an error', 'fine', 'Error again', '\u001B[31mer\u001B[0mror in colour');
    look(list, 'error', false);
    list.replace(lines);
    expect([list.matchCount.value, list.lines().length]).toEqual([3, 4]);
    look(list, 'error', true);
    list.replace(lines);
    list.putAfter(linesOf('fine', 'one more error'));
    expect(
      list
        .lines()
        .map(({ text }) => text)
        .at(-1),
    ).toBe('one more error');
    expect([list.matchCount.value, list.lines().length]).toEqual([4, 4]);
    list.remove(new Set(lines));
    expect([list.matchCount.value, list.lines().length]).toEqual([1, 1]);
  });

  test('a line that becomes a match while it grows is shown', () => {
    const list = new LineList();
    look(list, 'error', true);
    const window = new LogWindow(0);
    const { added } = window.append({ text: 'err', offset: 0, end: 3 }, 0);
    list.replace(added);
    expect(list.lines()).toEqual([]);
    const { extended } = window.append({ text: 'or\n', offset: 3, end: 6 }, 0);
    if (extended !== null) {
      list.extended(extended);
    }
    expect(list.lines().map(({ text }) => text)).toEqual(['error']);
  });
});
