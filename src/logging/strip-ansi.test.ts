import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AnsiStripper } from './strip-ansi.ts';

function strip(chunks: readonly Uint8Array[]): string {
  const stripper = new AnsiStripper();
  const parts = chunks.map((chunk) => Buffer.from(stripper.push(chunk)).toString('latin1'));
  return parts.join('') + Buffer.from(stripper.end()).toString('latin1');
}

const terminators = 'HfABCDRsuJKhlpm';
const sequence = new RegExp(`\x1b\\[[^${terminators}]*(?:[${terminators}]|$)`, 'g');
const piece = fc
  .array(fc.constantFrom('\x1b', '[', '\x1b[', '3', ';', 'm', 'K', 'x', 'é', '\n'), { maxLength: 12 })
  .map((parts) => Buffer.from(parts.join('')));

describe('B16.6: strip_ansi', () => {
  it.each([
    ['\x1b[1;31mred\x1b[0m!', 'red!'],
    ['\x1b[2Jclear\x1b[H', 'clear'],
    ['\x1b[6n', ''],
    ['\x1b[4Ghello', 'ello'],
    ['\x1bM no bracket', '\x1bM no bracket'],
    ['\x1b\x1b[mx', '\x1bx'],
    ['plain', 'plain'],
    ['ends in \x1b', 'ends in \x1b'],
  ])('%j becomes %j', (input, output) => {
    expect(strip([Buffer.from(input)])).toBe(output);
  });

  it('gives the same however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(piece), (chunks) => {
        const whole = Buffer.concat(chunks).toString('latin1');
        expect(strip(chunks)).toBe(whole.replace(sequence, ''));
      }),
      { numRuns: 2000 },
    );
  });

  it('copies nothing where nothing is to be stripped', () => {
    const chunk = Buffer.from('plain');
    expect(new AnsiStripper().push(chunk)).toBe(chunk);
  });
});
