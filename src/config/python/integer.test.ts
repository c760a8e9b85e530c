import { describe, expect, it } from 'vitest';

import { parseBigInteger, parseInteger, parseOctal } from './integer.ts';

describe('int', () => {
  it.each([
    ['12', 12],
    [' +1_000\n', 1000],
    ['-007', -7],
    ['٣٤', 34],
    ['𝟗𝟎', 90],
  ])('%j', (text, value) => {
    expect(parseInteger(text)).toEqual({ ok: true, value });
  });

  it.each(['', '1__0', '_1', '1_', '0x1', '1.0', '- 1', '1\0'])('%j is refused', (text) => {
    expect(parseInteger(text).ok).toBe(false);
  });

  it('is exact at any size up to a limit', () => {
    expect(parseBigInteger('123456789012345678901234567890')).toEqual({
      ok: true,
      value: 123456789012345678901234567890n,
    });
    expect(parseBigInteger('1'.repeat(4301))).toEqual({
      ok: false,
      message:
        'Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; use sys.set_int_max_str_digits() to increase the limit',
    });
  });

  it('shows at most 200 characters of a refused text', () => {
    const result = parseInteger('x'.repeat(500));
    expect(result.ok ? '' : result.message).toBe(
      `invalid literal for int() with base 10: '${'x'.repeat(199)}`,
    );
  });

  it.each([
    ['022', 0o22],
    ['0o17', 0o17],
    ['0O_7', 7],
    ['-0', 0],
    ['9', null],
    ['', null],
    ['0o', null],
  ])('base 8: %j', (text, value) => {
    expect(parseOctal(text)).toBe(value);
  });
});
