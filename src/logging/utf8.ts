/**
 * UTF-8 in pieces of a byte stream.
 *
 * A range of a log may begin or end in the middle of a character. A character belongs to the range in which
 * it begins, so that texts of adjoining ranges, put together, are the text of the whole.
 */

/** The longest UTF-8 sequence less its first byte. */
export const maxContinuationBytes = 3;

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 1;
}

/** Number of bytes at the start that belong to a character begun before: up to 3 continuation bytes. */
export function danglingStart(bytes: Uint8Array): number {
  let count = 0;
  while (count < maxContinuationBytes && isContinuation(bytes[count])) {
    count += 1;
  }
  return isContinuation(bytes[count]) ? 0 : count;
}

/** Number of bytes at the end that are the beginning of a character whose rest is missing. */
export function danglingEnd(bytes: Uint8Array): number {
  for (let count = 1; count <= maxContinuationBytes && count <= bytes.length; count += 1) {
    const byte = bytes[bytes.length - count];
    if (byte !== undefined && !isContinuation(byte)) {
      return sequenceLength(byte) > count ? count : 0;
    }
  }
  return 0;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Bytes that are no UTF-8 become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Null when the bytes are no UTF-8. */
export function decodeStrictUtf8(bytes: Uint8Array): string | null {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return null;
  }
}
