import { describe, expect, it } from 'vitest';

import { IniDocument } from './sections.ts';

function read(text: string, document = new IniDocument(), file = 'f'): IniDocument {
  document.read(text.split(/(?<=\n)/), file);
  return document;
}

function failureOf(text: string): string | undefined {
  return new IniDocument().read(text.split(/(?<=\n)/), 'f')?.message;
}

describe('IniDocument', () => {
  it('B1.6: splits at the first = or :, lower-cases names', () => {
    const document = read('[s]\nKey : a=b\nother=c:d\n');
    expect(document.get('s', 'key')).toEqual({ file: 'f', line: 2, value: 'a=b' });
    expect(document.get('s', 'other')?.value).toBe('c:d');
  });

  it('B1.8: a value goes on in deeper lines, with blank ones between', () => {
    expect(read('[s]\n a=1\n  2\n\n  3\n b=4\n').get('s', 'a')?.value).toBe('1\n2\n\n3');
  });

  it('B1.9: sections and options that are met again', () => {
    const document = read('[s]\na=1\nb=1\n[t]\n[s]\na=2\n');
    expect(document.sections()).toEqual(['s', 't']);
    expect(document.get('s', 'a')).toEqual({ file: 'f', line: 6, value: '2' });
    expect(document.oddities).toMatchObject([{ kind: 'repeated-section', line: 5, section: 's' }]);
  });

  it('B1.10: [DEFAULT] is no section, its options are those of all', () => {
    const document = read('[DEFAULT]\na=1\n[s]\nb=2\n');
    expect(document.sections()).toEqual(['s']);
    expect(document.get('s', 'a')?.value).toBe('1');
    expect(document.optionNames('s')).toEqual(['b', 'a']);
    expect(document.ownOptionNames('s')).toEqual(['b']);
  });

  it('B2.4: replaces here in what was read since the last time', () => {
    const document = read('[DEFAULT]\nd=%(here)s\n[s]\na=%(here)s/%%(here)s\n');
    document.expandHere('/one');
    read('[t]\na=%(here)s\n', document);
    document.expandHere('/two');
    expect(['a', 'd'].map((name) => document.get('s', name)?.value)).toEqual(['/one/%/one', '/one']);
    expect(document.get('t', 'a')?.value).toBe('/two');
    expect(document.ownOptionNames('s')).toContain('d');
  });

  it('a header is everything up to the last bracket', () => {
    expect(read('[a]b] tail\n').sections()).toEqual(['a]b']);
  });

  it.each([
    ['x=1\n', "File contains no section headers.\nfile: 'f', line: 1\n'x=1\\n'"],
    [
      '[s]\njunk\n[]\n=1',
      "Source contains parsing errors: 'f'\n\t[line  2]: 'junk\\n'\n\t[line  3]: '[]\\n'\n\t[line  4]: '=1'",
    ],
  ])('%j is not in the format', (text, message) => {
    expect(failureOf(text)).toBe(message);
  });

  it('notes a comment that begins inside quotes', () => {
    const document = read('[s]\na="x ; y"\nb="x" ; "y"\nc=it\'s ; fine\n  -c \'a ; b\'\n');
    expect(document.oddities.map(({ line, option }) => [line, option])).toEqual([
      [2, 'a'],
      [5, 'c'],
    ]);
  });
});
