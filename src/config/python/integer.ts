/**
 * `int(text)` and `int(text, 8)`.
 *
 * Source: Python library reference, `int`; language reference, "Integer literals"; and, for the limit,
 * "Integer string conversion length limitation".
 */
import { parsed, refused, type Parsed } from './parsed.ts';
import { truncatedRepr } from './repr.ts';
import { strip } from './text.ts';

/** Most decimal digits `int` takes, unless somebody changes the interpreter's setting. */
const maxDecimalDigits = 4300;

const decimalDigit = /\p{Nd}/u;
const decimalForm = /^[+-]?[0-9]+(?:_[0-9]+)*$/;
const octalForm = /^([+-]?)(?:0[oO]_?)?([0-7]+(?:_[0-7]+)*)$/;

/**
 * `int(text)`: blanks around it, a sign, digits of any script, underscores between digits.
 *
 * Values beyond 2^53 lose their last digits, see {@link parseBigInteger}.
 */
export function parseInteger(text: string): Parsed<number> {
  const result = parseBigInteger(text);
  return result.ok ? parsed(Number(result.value)) : result;
}

/** As {@link parseInteger}, exact at any size. */
export function parseBigInteger(text: string): Parsed<bigint> {
  const digits = asciiDigits(strip(text));
  if (!decimalForm.test(digits)) {
    return refused(`invalid literal for int() with base 10: ${truncatedRepr(text, 200)}`);
  }
  const plain = digits.replaceAll('_', '');
  const unsigned = plain.replace(/^[+-]/, '');
  if (unsigned.length > maxDecimalDigits) {
    return refused(
      `Exceeds the limit (${String(maxDecimalDigits)} digits) for integer string conversion: ` +
        `value has ${String(unsigned.length)} digits; use sys.set_int_max_str_digits() to increase the limit`,
    );
  }
  const magnitude = BigInt(unsigned);
  return parsed(plain.startsWith('-') ? -magnitude : magnitude);
}

/** `int(text, 8)`, or null where that is refused; a leading `0o` is allowed. */
export function parseOctal(text: string): number | null {
  const match = octalForm.exec(asciiDigits(strip(text)));
  const digits = match?.[2];
  if (digits === undefined) {
    return null;
  }
  const magnitude = BigInt(`0o${digits.replaceAll('_', '')}`);
  return Number(match?.[1] === '-' ? -magnitude : magnitude);
}

/** Decimal digits of other scripts as ASCII ones; each script's ten stand together in order. */
function asciiDigits(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the test is for "anything beyond ASCII"
  if (/^[\x00-\x7f]*$/.test(text)) {
    return text;
  }
  return Array.from(text, (char) =>
    char > '\x7f' && decimalDigit.test(char) ? digitValue(char) : char,
  ).join('');
}

/** The value of one decimal digit: its distance from the zero of its script. */
function digitValue(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  let zero = code;
  while (decimalDigit.test(String.fromCodePoint(zero - 1)) && code - zero < 9) {
    zero -= 1;
  }
  // The mathematical digits are five runs of ten side by side, from U+1D7CE.
  const value = code >= 0x1d7ce && code <= 0x1d7ff ? (code - 0x1d7ce) % 10 : code - zero;
  return String(value);
}
