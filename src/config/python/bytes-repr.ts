/**
 * How Python prints bytes, which payloads and fault texts of the original contain.
 *
 * Source: Python language reference, `repr` of bytes objects.
 */

const namedEscapes: Readonly<Record<number, string>> = {
  0x09: '\\t',
  0x0a: '\\n',
  0x0d: '\\r',
  0x5c: '\\\\',
};

/** `b'caf\xe9\n'`: single quotes, unless there are single and no double quotes inside. */
export function bytesRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? 0x22 : 0x27;
  const quoteText = String.fromCharCode(quote);
  let text = '';
  for (const byte of bytes) {
    const named = namedEscapes[byte];
    if (named !== undefined) {
      text += named;
    } else if (byte === quote) {
      text += `\\${quoteText}`;
    } else if (byte >= 0x20 && byte < 0x7f) {
      text += String.fromCharCode(byte);
    } else {
      text += `\\x${byte.toString(16).padStart(2, '0')}`;
    }
  }
  return `b${quoteText}${text}${quoteText}`;
}
