/**
 * `repr()` of text, as error messages show it.
 *
 * Source: Python library reference, `repr`, `str.isprintable`.
 */

/** Categories that are escaped: other, and separators except the plain blank. */
const unprintable = /[\p{C}\p{Z}]/u;

const shortEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** `'text'`, or `"text"` when it contains a single quote and no double one. */
export function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = '';
  for (const char of text) {
    body += char === quote ? `\\${char}` : (shortEscapes[char] ?? escapeUnprintable(char));
  }
  return quote + body + quote;
}

/** `ascii()`: as {@link repr}, with everything beyond ASCII escaped. */
export function asciiRepr(text: string): string {
  return escapeNonAscii(repr(text));
}

/** Escapes everything beyond ASCII. */
export function escapeNonAscii(text: string): string {
  let escaped = '';
  for (const char of text) {
    escaped += char > '\x7f' ? hexEscape(char) : char;
  }
  return escaped;
}

/** `%.NR`: the first `count` characters of the representation. */
export function truncatedRepr(text: string, count: number): string {
  const full = repr(text);
  return full.length <= count ? full : Array.from(full).slice(0, count).join('');
}

function escapeUnprintable(char: string): string {
  return char !== ' ' && unprintable.test(char) ? hexEscape(char) : char;
}

function hexEscape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) {
    return `\\x${code.toString(16).padStart(2, '0')}`;
  }
  if (code <= 0xffff) {
    return `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
