import { describe, expect, it } from 'vitest';

import { formatWithNames } from './format.ts';

const names = new Map<string, string | bigint>([
  ['a', "it's"],
  ['n', 65n],
]);

describe('B2.1: format % names', () => {
  it.each([
    ['plain', 'plain'],
    ['%%', '%'],
    ['%(a)s %(n)05d', "it's 00065"],
    ['%(a)-6s|%(a)6.2s|', "it's  |    it|"],
    ['%(n)#x %(n)#o %(n)X %(n)+d % d', null],
    ['%(n)#x %(n)#010o %(n)+d %(n)c', '0x41 0o00000101 +65 A'],
    ['%(n)f %(n).1e %(n)g %(n)#g', '65.000000 6.5e+01 65 65.0000'],
    ['%(a)r %(n)r', '"it\'s" 65'],
    // Without a name, the whole dictionary is the value.
    ['%s', "{'a': \"it's\", 'n': 65}"],
  ])('%j', (format, expected) => {
    const result = formatWithNames(format, () => names);
    expect(result.ok ? result.value : null).toBe(expected);
  });

  it.each([
    ['%', 'incomplete format'],
    ['%(a', 'incomplete format key'],
    ['%(a)', 'incomplete format'],
    ['é%y', "unsupported format character 'y' (0x79) at index 2"],
    ['%(a)d', '%d format: a real number is required, not str'],
    ['%x', '%x format: an integer is required, not dict'],
    ['%s %s', 'not enough arguments for format string'],
    ['%(a)*d', '* wants int'],
    ['%(a)99999999999999999999s', 'width too big'],
    ['%(a).9999999999s', 'precision too big'],
  ])('%j is malformed', (format, message) => {
    expect(formatWithNames(format, () => names)).toEqual({ ok: false, kind: 'malformed', message });
  });

  it('names the first name that is missing', () => {
    expect(formatWithNames('%(a)s %(b(c))s %', () => names)).toEqual({
      ok: false,
      kind: 'missing',
      name: 'b(c)',
    });
  });

  it('asks for the names only when there is something to expand', () => {
    const result = formatWithNames('plain', () => {
      throw new Error('asked');
    });
    expect(result).toEqual({ ok: true, value: 'plain' });
  });
});
