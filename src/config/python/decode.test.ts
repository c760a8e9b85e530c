import { describe, expect, it } from 'vitest';

import { decodeLines } from './decode.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

describe('decodeLines', () => {
  it('reads all line ends as one, and keeps a byte order mark', () => {
    expect(decodeLines(bytes('\ufeffa\r\nb\rc\n\nd\u2028e')).lines).toEqual([
      '\ufeffa\n',
      'b\n',
      'c\n',
      '\n',
      'd\u2028e',
    ]);
    expect(decodeLines(bytes('')).lines).toEqual([]);
  });

  it.each([
    [[0xe9, 0x41], 'byte 0xe9 in position 1: invalid continuation byte'],
    [[0xff], 'byte 0xff in position 1: invalid start byte'],
    [[0xc0, 0x80], 'byte 0xc0 in position 1: invalid start byte'],
    [[0xe2, 0x82, 0x41], 'bytes in position 1-2: invalid continuation byte'],
    [[0xed, 0xa0, 0x80], 'byte 0xed in position 1: invalid continuation byte'],
    [[0xf4, 0x90, 0x80, 0x80], 'byte 0xf4 in position 1: invalid continuation byte'],
    // Compat: what is unfinished at the end is a piece of its own.
    [[0xe2, 0x82], 'bytes in position 0-1: unexpected end of data'],
  ])('%j is not UTF-8', (bad, message) => {
    expect(decodeLines(bytes('x', bad)).failure?.message).toBe(`'utf-8' codec can't decode ${message}`);
  });

  it('tells the line of the bad byte, whatever ends lines', () => {
    expect(decodeLines(bytes('a\nb\nc', [0xe9])).failure?.line).toBe(3);
    expect(decodeLines(bytes('a\r\nb\rc\n', [0xe9])).failure?.line).toBe(4);
    expect(decodeLines(bytes([0xe9])).failure?.line).toBe(1);
  });

  it('counts positions from the start of a piece, and has read the lines before it', () => {
    const long = `${'-'.repeat(8190)}\n`;
    const { lines, failure } = decodeLines(bytes(long, 'é', [0xff]));
    expect(lines).toEqual([long]);
    // The é lies in both pieces.
    expect(failure?.message).toBe("'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
    expect(failure?.line).toBe(2);
  });
});
