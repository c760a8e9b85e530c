/**
 * `format % names`: Python's printf-style formatting with a dictionary on the right side.
 *
 * The grammar of one conversion is `%`, an optional `(name)`, flags, width, `.precision`, an ignored length
 * letter, and a conversion letter. A conversion without a name takes the dictionary itself, once.
 * Source: Python library reference, "printf-style String Formatting"; error texts by observation.
 */
import { convert, pad, type Conversion } from './format-conversion.ts';
import { reprNames, type NameValue, type Names } from './format-names.ts';
import { parsed, refused, type Parsed, type Refused } from './parsed.ts';

/** Either the text, or the first name that is not there, or what is wrong with the format. */
export type Formatted =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly kind: 'missing'; readonly name: string }
  | { readonly ok: false; readonly kind: 'malformed'; readonly message: string };

/** Expands `format` with `names`. */
export function formatWithNames(format: string, names: () => Names): Formatted {
  if (!format.includes('%')) {
    return { ok: true, value: format };
  }
  return new Formatter(Array.from(format), names()).run();
}

/** Missing names are told apart from malformed formats by this value. */
interface Missing {
  readonly ok: false;
  readonly missing: string;
}

/** What a conversion without a name, or a `*`, would take next. */
type NextValue =
  { readonly kind: 'dictionary' | 'none' } | { readonly kind: 'value'; readonly value: NameValue };

const flagCharacters = '-+ #0';
const maxWidth = 2n ** 63n - 1n;
const maxPrecision = 2n ** 31n - 1n;

class Formatter {
  readonly #chars: readonly string[];
  readonly #names: Names;
  #position = 0;
  #next: NextValue = { kind: 'dictionary' };

  constructor(chars: readonly string[], names: Names) {
    this.#chars = chars;
    this.#names = names;
  }

  run(): Formatted {
    let text = '';
    for (;;) {
      const percent = this.#chars.indexOf('%', this.#position);
      if (percent === -1) {
        return { ok: true, value: text + this.#chars.slice(this.#position).join('') };
      }
      text += this.#chars.slice(this.#position, percent).join('');
      this.#position = percent + 1;
      if (this.#peek() === '%') {
        this.#position += 1;
        text += '%';
        continue;
      }
      const piece = this.#conversion();
      if (!piece.ok) {
        return 'missing' in piece
          ? { ok: false, kind: 'missing', name: piece.missing }
          : { ok: false, kind: 'malformed', message: piece.message };
      }
      text += piece.value;
    }
  }

  #peek(): string | undefined {
    return this.#chars[this.#position];
  }

  #conversion(): Parsed<string> | Missing {
    if (this.#peek() === '(') {
      const refusal = this.#takeName();
      if (refusal !== null) {
        return refusal;
      }
    }
    const flags = this.#takeFlags();
    const width = this.#takeWidth();
    if (!width.ok) {
      return width;
    }
    const precision = this.#takePrecision();
    if (!precision.ok) {
      return precision;
    }
    const length = this.#peek();
    if (length === 'h' || length === 'l' || length === 'L') {
      this.#position += 1;
    }
    const letter = this.#peek();
    if (letter === undefined) {
      return refused('incomplete format');
    }
    this.#position += 1;
    const value = this.#takeValue();
    if (!value.ok) {
      return value;
    }
    const conversion: Conversion = {
      letter,
      flags: width.value < 0 ? `${flags}-` : flags,
      width: Math.abs(width.value),
      precision: precision.value,
    };
    const converted = convert(value.value, conversion, this.#position - 1);
    return converted.ok ? parsed(pad(converted.value, conversion)) : converted;
  }

  /** Reads `(name)`, in which parentheses balance, and makes its value the next one. */
  #takeName(): Missing | Refused | null {
    const start = this.#position + 1;
    let depth = 1;
    let end = start;
    for (; depth > 0; end += 1) {
      const char = this.#chars[end];
      if (char === undefined) {
        return refused('incomplete format key');
      }
      if (char === '(') {
        depth += 1;
      } else if (char === ')') {
        depth -= 1;
      }
    }
    this.#position = end;
    const name = this.#chars.slice(start, end - 1).join('');
    const value = this.#names.get(name);
    if (value === undefined) {
      return { ok: false, missing: name };
    }
    this.#next = { kind: 'value', value };
    return null;
  }

  #takeFlags(): string {
    let flags = '';
    for (;;) {
      const char = this.#peek();
      if (char === undefined || !flagCharacters.includes(char)) {
        return flags;
      }
      flags += char;
      this.#position += 1;
    }
  }

  #takeWidth(): Parsed<number> {
    if (this.#peek() === '*') {
      return this.#takeStar();
    }
    const digits = this.#takeDigits();
    return digits !== '' && BigInt(digits) > maxWidth
      ? refused('width too big')
      : parsed(digits === '' ? 0 : Number(digits));
  }

  /** Null without a precision. */
  #takePrecision(): Parsed<number | null> {
    if (this.#peek() !== '.') {
      return parsed(null);
    }
    this.#position += 1;
    if (this.#peek() === '*') {
      const star = this.#takeStar();
      return star.ok ? parsed(Math.max(star.value, 0)) : star;
    }
    const digits = this.#takeDigits();
    return digits !== '' && BigInt(digits) > maxPrecision
      ? refused('precision too big')
      : parsed(Number(digits));
  }

  #takeStar(): Parsed<number> {
    this.#position += 1;
    const value = this.#takeValue();
    if (!value.ok) {
      return value;
    }
    return typeof value.value === 'bigint' ? parsed(Number(value.value)) : refused('* wants int');
  }

  #takeDigits(): string {
    const start = this.#position;
    for (;;) {
      const char = this.#peek();
      if (char === undefined || char < '0' || char > '9') {
        return this.#chars.slice(start, this.#position).join('');
      }
      this.#position += 1;
    }
  }

  #takeValue(): Parsed<NameValue | { readonly dictionary: string }> {
    const next = this.#next;
    this.#next = { kind: 'none' };
    switch (next.kind) {
      case 'none':
        return refused('not enough arguments for format string');
      case 'dictionary':
        return parsed({ dictionary: reprNames(this.#names) });
      case 'value':
        return parsed(next.value);
      default:
        return next satisfies never;
    }
  }
}
