/**
 * Text as Python sees it: what counts as white space, and order by code point.
 *
 * JavaScript's `trim` and `\s` differ (they know U+FEFF and not U+001C to U+001F or U+0085), and its
 * `<` orders by UTF-16 unit.
 * Source: Python library reference, `str.isspace`, `str.strip`, `str.split`.
 */

/** The inside of a regular expression class for what `str.isspace` accepts. */
export const spaceClass =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const spaces = new RegExp(`[${spaceClass}]+`, 'u');
const leadingSpaces = new RegExp(`^[${spaceClass}]+`, 'u');

/** Whether the UTF-16 unit at `index` is white space; false behind the end. */
export function isSpaceAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code <= 0x20) {
    return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  }
  if (code < 0x85) {
    return false;
  }
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Number of white space units `text` begins with. */
export function indentation(text: string): number {
  let start = 0;
  while (isSpaceAt(text, start)) {
    start += 1;
  }
  return start;
}

/** `str.rstrip()`. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpaceAt(text, end - 1)) {
    end -= 1;
  }
  return text.slice(0, end);
}

/** `str.strip()`. */
export function strip(text: string): string {
  const start = indentation(text);
  return start === text.length ? '' : stripEnd(text.slice(start));
}

/** `str.split()` without arguments: words between runs of white space. */
export function words(text: string): string[] {
  const body = stripEnd(text).replace(leadingSpaces, '');
  return body === '' ? [] : body.split(spaces);
}

/** Compares by code point, for sorting as Python sorts. */
export function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      return fixedUnit(a) - fixedUnit(b);
    }
  }
  return left.length - right.length;
}

/** Moves surrogates above the rest of the basic plane, so that units compare as code points do. */
function fixedUnit(unit: number): number {
  if (unit < 0xd800) {
    return unit;
  }
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
