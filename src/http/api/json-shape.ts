/** A look at the shape of JSON before it is parsed: what takes the parser long are many members, not long texts. */

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;

/** Objects here have a few members. */
const maxColons = 256;
/** Arrays may name all programs. */
const maxCommas = 50_000;

/** Whether a text is parsed in a few milliseconds; what is no JSON at all may be either. */
export function isSimpleJson(bytes: Uint8Array): boolean {
  let colons = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfText(bytes, at);
    } else if (byte === colon) {
      colons += 1;
    } else if (byte === comma) {
      commas += 1;
    }
    if (colons > maxColons || commas > maxCommas) {
      return false;
    }
  }
  return true;
}

/** Index of the quote that ends the text that begins at `start`, or of the end. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let from = start + 1; ;) {
    const end = bytes.indexOf(quote, from);
    if (end === -1) {
      return bytes.length;
    }
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) {
      escapes += 1;
    }
    if (escapes % 2 === 0) {
      return end;
    }
    from = end + 1;
  }
}
