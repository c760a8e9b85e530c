import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type LogWindow,
  maxWindowBytes,
  readLastLines,
  readWindow,
  type WindowRequest,
} from './log-window.ts';
import { nodeReader } from './log-reader.fixture.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sv-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

const { signal } = new AbortController();

function of(file: string): WindowRequest {
  return { reader: nodeReader, path: file, signal };
}

function logOf(text: string): string {
  const file = path.join(directory, 'log');
  writeFileSync(file, text);
  return file;
}

describe('readWindow', () => {
  it('reads a range, and from the end', async () => {
    const file = logOf('0123456789');
    expect(await readWindow(of(file), 2, 3)).toEqual({ text: '234', offset: 2, end: 5, size: 10 });
    expect(await readWindow(of(file), -4, 2)).toEqual({ text: '67', offset: 6, end: 8, size: 10 });
    expect(await readWindow(of(file), -40, 2)).toMatchObject({ text: '01', offset: 0 });
    expect(await readWindow(of(file), 40, 2)).toEqual({ text: '', offset: 10, end: 10, size: 10 });
  });

  it('keeps to the borders of characters, so that adjoining windows are the whole', async () => {
    const text = 'aé€😀z'.repeat(5);
    const file = logOf(text);
    for (let length = 4; length < 9; length += 1) {
      let all = '';
      for (let offset = 0, size = 1; offset < size;) {
        const window = await readWindow(of(file), offset, length);
        all += window?.text;
        size = window?.size ?? 0;
        offset = window?.end ?? size;
      }
      expect(all).toBe(text);
    }
    expect(await readWindow(of(file), 2, 4)).toMatchObject({ offset: 3, text: '€' });
  });

  it('is bounded, and null where there is nothing to read', async () => {
    expect((await readWindow(of(logOf('x'.repeat(3_000_000))), 0, 3_000_000))?.text).toHaveLength(
      maxWindowBytes,
    );
    expect(await readWindow(of(path.join(directory, 'nothing')), 0, 1)).toBeNull();
    expect(await readWindow(of(directory), 0, 1)).toBeNull();
  });
});

describe('readLastLines', () => {
  it.each([
    ['a\nb\nc\n', 2, null, 'b\nc\n', 2],
    ['a\nb\nc', 2, null, 'b\nc', 2],
    ['a\nb\nc\n', 9, null, 'a\nb\nc\n', 0],
    ['a\nb\nc\n', 1, 4, 'b\n', 2],
    ['a\nb\nc\n', 1, 3, 'b', 2],
    ['a\n\n\n', 1, null, '\n', 3],
    ['\n', 1, null, '\n', 0],
    ['', 1, null, '', 0],
    ['a\n', 1, 0, '', 0],
  ])('%j: the last %i before %s are %j', async (text, count, before, expected, offset) => {
    const window = await readLastLines(of(logOf(text)), count, before);
    expect(window).toMatchObject({ text: expected, offset, size: Buffer.byteLength(text) });
  });

  it('pages through a long log from its end without losing anything', async () => {
    const lines = Array.from({ length: 20_000 }, (_unused, index) => `line ${index} é\n`);
    const file = logOf(lines.join(''));
    const pages: string[] = [];
    for (let before: number | null = null; before !== 0;) {
      const window: LogWindow | null = await readLastLines(of(file), 3000, before);
      pages.unshift(window?.text ?? '');
      before = window?.offset ?? 0;
    }
    expect(pages.join('')).toBe(lines.join(''));
    expect(pages).toHaveLength(7);
  });

  it('does not look for the start of a line without end', async () => {
    const window = await readLastLines(of(logOf('€'.repeat(1_000_000))), 1, null);
    expect(window?.end).toBe(3_000_000);
    expect(window?.text).toMatch(/^€+$/);
  });
});
