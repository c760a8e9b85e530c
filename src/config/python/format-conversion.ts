/**
 * One conversion of a format: a value, a letter, and how wide.
 *
 * Source: Python library reference, "printf-style String Formatting"; C's `printf` for the float forms.
 */
import { exponentForm, fixedForm, generalForm } from './format-float.ts';
import type { NameValue } from './format-names.ts';
import { parsed, refused, type Parsed } from './parsed.ts';
import { asciiRepr, escapeNonAscii, repr } from './repr.ts';

export interface Conversion {
  readonly letter: string;
  /** Any of `-`, `+`, blank, `#`, `0`. */
  readonly flags: string;
  /** 0: none. */
  readonly width: number;
  readonly precision: number | null;
}

/** Text of a value before it is padded; a sign and a base prefix are kept apart for the padding. */
export interface Converted {
  readonly sign: string;
  /** `0x` and the like. */
  readonly prefix: string;
  readonly body: string;
  /** Whether the `0` flag pads with zeros. */
  readonly numeric: boolean;
}

type FormatValue = NameValue | { readonly dictionary: string };

/** Longest text a width or precision may ask for; beyond it the original runs out of memory. */
const maxLength = 1 << 24;

/** Converts `value`; `index` is where the letter stands, for the message about an unknown one. */
export function convert(value: FormatValue, conversion: Conversion, index: number): Parsed<Converted> {
  const { letter } = conversion;
  if (conversion.width > maxLength || (conversion.precision ?? 0) > maxLength) {
    return refused('');
  }
  switch (letter) {
    case 's':
    case 'r':
    case 'a':
      return parsed(plain(truncate(textOf(value, letter), conversion.precision)));
    case 'c':
      return character(value);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return whole(value, conversion);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return floating(value, conversion);
    default: {
      const code = letter.codePointAt(0) ?? 0;
      const shown = code >= 31 && code <= 126 ? letter : '?';
      return refused(
        `unsupported format character '${shown}' (0x${code.toString(16)}) at index ${String(index)}`,
      );
    }
  }
}

/** Brings a converted value to its width. */
export function pad(converted: Converted, conversion: Conversion): string {
  const { sign, prefix, body } = converted;
  const missing = conversion.width - Array.from(body).length - sign.length - prefix.length;
  if (missing <= 0) {
    return sign + prefix + body;
  }
  const fill = converted.numeric && conversion.flags.includes('0') ? '0' : ' ';
  if (conversion.flags.includes('-')) {
    return sign + prefix + body + ' '.repeat(missing);
  }
  return fill === '0'
    ? sign + prefix + '0'.repeat(missing) + body
    : ' '.repeat(missing) + sign + prefix + body;
}

function plain(body: string): Converted {
  return { sign: '', prefix: '', body, numeric: false };
}

function textOf(value: FormatValue, letter: 's' | 'r' | 'a'): string {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (typeof value !== 'string') {
    return letter === 'a' ? escapeNonAscii(value.dictionary) : value.dictionary;
  }
  if (letter === 's') {
    return value;
  }
  return letter === 'r' ? repr(value) : asciiRepr(value);
}

function truncate(text: string, precision: number | null): string {
  return precision === null || text.length <= precision
    ? text
    : Array.from(text).slice(0, precision).join('');
}

function character(value: FormatValue): Parsed<Converted> {
  if (typeof value === 'bigint') {
    return value >= 0n && value <= 0x10ffffn
      ? parsed(plain(String.fromCodePoint(Number(value))))
      : refused('%c arg not in range(0x110000)');
  }
  return typeof value === 'string' && Array.from(value).length === 1
    ? parsed(plain(value))
    : refused('%c requires int or char');
}

function typeName(value: FormatValue): string {
  return typeof value === 'string' ? 'str' : 'dict';
}

function signOf(negative: boolean, flags: string): string {
  if (negative) {
    return '-';
  }
  if (flags.includes('+')) {
    return '+';
  }
  return flags.includes(' ') ? ' ' : '';
}

function whole(value: FormatValue, conversion: Conversion): Parsed<Converted> {
  const { letter, flags, precision } = conversion;
  const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  if (typeof value !== 'bigint') {
    const wanted = base === 10 ? 'a real number' : 'an integer';
    return refused(`%${letter} format: ${wanted} is required, not ${typeName(value)}`);
  }
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision ?? 0, '0');
  return parsed({
    sign: signOf(value < 0n, flags),
    prefix: base !== 10 && flags.includes('#') ? `0${letter}` : '',
    body: letter === 'X' ? digits.toUpperCase() : digits,
    numeric: true,
  });
}

function floating(value: FormatValue, conversion: Conversion): Parsed<Converted> {
  const { letter, flags } = conversion;
  if (typeof value !== 'bigint') {
    return refused(`must be real number, not ${typeName(value)}`);
  }
  const magnitude = value < 0n ? -value : value;
  if (!Number.isFinite(Number(magnitude))) {
    return refused('int too large to convert to float');
  }
  const precision = conversion.precision ?? 6;
  const alternate = flags.includes('#');
  const lower = letter.toLowerCase();
  // Doubles of this size are whole numbers, so their exact decimal digits are known.
  const exact = BigInt(Number(magnitude));
  const form = lower === 'f' ? fixedForm : lower === 'e' ? exponentForm : generalForm;
  const body = form(exact, precision, alternate);
  return parsed({
    sign: signOf(value < 0n, flags),
    prefix: '',
    body: letter === lower ? body : body.toUpperCase(),
    numeric: true,
  });
}
