import { describe, expect, it } from 'vitest';

import { pythonRepr } from './python-repr.ts';

describe('pythonRepr', () => {
  it.each([
    ['cat', "'cat'"],
    ["it's", '"it\'s"'],
    ['"it\'s"', "'\"it\\'s\"'"],
    ['a\\b\n\t\r', "'a\\\\b\\n\\t\\r'"],
    ['é€😀 x', "'é€😀 x'"],
    ['\x00\x7f\xa0\u200b\u2028', "'\\x00\\x7f\\xa0\\u200b\\u2028'"],
    ['\u{e0001}', "'\\U000e0001'"],
  ])('%j prints as %s', (text, printed) => {
    expect(pythonRepr(text)).toBe(printed);
  });
});
