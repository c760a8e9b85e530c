/** The small emulations of Python's library answer as the library itself does. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nameMatcher } from '../../src/config/python/fnmatch.ts';
import { formatWithNames } from '../../src/config/python/format.ts';
import { glob } from '../../src/config/python/glob.ts';
import { parseBigInteger, parseOctal } from '../../src/config/python/integer.ts';
import { normalizePath, splitPath } from '../../src/config/python/paths.ts';
import { repr } from '../../src/config/python/repr.ts';
import { splitCommand } from '../../src/config/python/shlex.ts';
import { compareText, strip, words } from '../../src/config/python/text.ts';
import { machine } from './memory-world.ts';
import { hasOriginal, originalNote, startOriginal, type Original } from './original.ts';

const numRuns = Number(process.env['CONFORMANCE_CASES'] ?? 2000);
const timeoutMs = numRuns * 20 + 60_000;

interface Outcome {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** Texts of characters that matter somewhere, and of any others. */
function textOf(characters: string): fc.Arbitrary<string> {
  const char = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...characters.split('')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('é', '😀', '\0', '\n', '\u2028', '\u0085', '\ufeff', '٣', '\u00ad'),
    },
  );
  return fc.array(char, { maxLength: 12 }).map((chars) => chars.join(''));
}

const conversion = fc
  .tuple(
    fc.constantFrom('', '(text)', '(number)', '(minus)', '(one)', '(no)', '(a(b)c)', '('),
    fc.constantFrom('', '', '-', '+', ' ', '#', '0', '-0', '+ #', '#0'),
    fc.constantFrom('', '', '5', '12', '*', '0', '99999999999999999999'),
    fc.constantFrom('', '', '.', '.0', '.3', '.12', '.*', '.9999999999'),
    fc.constantFrom('', '', 'l', 'h', 'L', 'll'),
    fc.constantFrom(...'sssradiuoxXeEfFgGc%qyé\0 '.split(''), ''),
  )
  .map((parts) => `%${parts.join('')}`);
const formats = fc
  .array(fc.oneof(conversion, fc.constantFrom('x', '%%', 'é😀', ' ')), { maxLength: 3 })
  .map((parts) => parts.join(''));

const values = { text: "it's", number: 1234567, minus: -42, one: 'c', 'a(b)c': 'é' };
const names = new Map<string, string | bigint>(
  Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value]),
);

describe.skipIf(!hasOriginal)(`B1, B2: emulations of Python${originalNote}`, () => {
  let original: Original;
  let top: string;
  /** Deep enough that no pattern leaves `top`. */
  let folder: string;
  beforeAll(() => {
    original = startOriginal();
    top = mkdtempSync(join(tmpdir(), 'sv-'));
    folder = join(top, 'a/b/c/d');
  });
  afterAll(async () => {
    await original.close();
    rmSync(top, { recursive: true });
  });

  const ask = async (request: object): Promise<Outcome> => (await original.ask(request)) as Outcome;
  const call = (name: string, argument: string): Promise<Outcome> => ask({ call: [name, argument] });
  /** Holds for `numRuns` texts. */
  const holds = async (
    texts: fc.Arbitrary<string>,
    check: (text: string) => Promise<void>,
    runs = numRuns,
  ): Promise<void> => {
    await fc.assert(fc.asyncProperty(texts, check), { numRuns: runs });
  };

  it(
    'format % names',
    () =>
      holds(formats, async (format) => {
        const expected = await ask({ format, names: values });
        const actual = formatWithNames(format, () => names);
        if (actual.ok) {
          expect({ ok: true, value: actual.value }).toEqual(expected);
        } else {
          const error = actual.kind === 'missing' ? repr(actual.name) : actual.message;
          expect({ ok: false, error }).toEqual({ ok: expected.ok, error: expected.error });
        }
      }),
    timeoutMs,
  );

  it(
    'int(text) and int(text, 8)',
    () =>
      holds(textOf('0123456789_+- \t\no0xOb7'), async (text) => {
        const expected = await call('int', text);
        const actual = parseBigInteger(text);
        expect(
          actual.ok ? { ok: true, value: Number(actual.value) } : { ok: false, error: actual.message },
        ).toEqual(expected.ok ? expected : { ok: false, error: expected.error });
        const octal = await call('octal', text);
        expect(parseOctal(text)).toBe(octal.ok ? octal.value : null);
      }),
    timeoutMs,
  );

  it(
    'shlex.split',
    () =>
      holds(textOf('ab \\\'"\t\n#'), async (text) => {
        const expected = await ask({ split: text });
        const actual = splitCommand(text);
        expect(actual.ok ? actual : { ok: false, error: actual.message }).toEqual(
          expected.ok ? expected : { ok: false, error: expected.error },
        );
      }),
    timeoutMs,
  );

  it(
    'repr, str.strip, str.split, os.path.normpath, os.path.split',
    () =>
      holds(textOf('ab/.\'"\\ \t~\u001f\u00a0'), async (text) => {
        expect(repr(text)).toBe((await call('repr', text)).value);
        expect(strip(text)).toBe((await call('strip', text)).value);
        expect(words(text)).toEqual((await call('words', text)).value);
        expect(normalizePath(text)).toBe((await call('normpath', text)).value);
        expect(splitPath(text)).toEqual((await call('split', text)).value);
      }),
    timeoutMs,
  );

  it(
    'fnmatch',
    async () => {
      const candidates = textOf('abc[]!-*?^\\');
      const property = fc.asyncProperty(candidates, fc.array(candidates), async (pattern, others) => {
        const list = [...others, 'a', 'b', 'ab', 'abc', '-', ']', '[', '!', '^', '\\', pattern];
        const expected = await ask({ match: pattern, names: list });
        expect(list.filter(nameMatcher(pattern))).toEqual(expected.value);
      });
      await fc.assert(property, { numRuns });
    },
    timeoutMs,
  );

  it(
    'B11.1: glob.glob',
    async () => {
      for (const name of [
        'a',
        'b',
        '.hidden',
        'sub/c.conf',
        'sub/d.conf',
        'sub/.e',
        'other/c.conf',
        '[x]',
        'é',
      ]) {
        mkdirSync(join(folder, name, '..'), { recursive: true });
        writeFileSync(join(folder, name), '');
      }
      symlinkSync('nowhere', join(folder, 'dangling'));
      symlinkSync('sub', join(folder, 'link'));
      const part = fc.constantFrom(
        'a',
        '*',
        '?',
        'sub',
        '*.conf',
        '.*',
        '[ab]',
        '[!a]*',
        '**',
        '[[]x]',
        'dangling',
        '',
        'l*',
        '.',
        '..',
        'no',
      );
      const patterns = fc
        .array(part, { minLength: 1, maxLength: 4 })
        .map((parts) => `${folder}/${parts.join('/')}`);
      await holds(
        patterns,
        async (pattern) => {
          const expected = await ask({ glob: pattern });
          expect(glob(pattern, machine).sort(compareText)).toEqual(expected.value);
        },
        Math.min(numRuns, 2000),
      );
    },
    timeoutMs,
  );
});
