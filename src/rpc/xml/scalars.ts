/**
 * The scalar types of XML-RPC: from the text of an element to a value.
 *
 * Source: the XML-RPC specification; where it is silent (blanks around numbers, `inf`, word booleans), what
 * Python's unmarshaller takes.
 */
import type { XmlRpcValue } from './value.ts';

/** A value, or undefined for text that is not of the type. */
type ReadScalar = (text: string) => XmlRpcValue | undefined;

/** Every scalar element and how its text is read. */
export const scalarReaders: Readonly<Record<string, ReadScalar>> = {
  int: readInteger,
  i4: readInteger,
  i8: readInteger,
  boolean: readBoolean,
  double: readDouble,
  string: (text) => text,
  base64: readBase64,
  'dateTime.iso8601': readDate,
  nil: (text) => (text.trim() === '' ? null : undefined),
};

/** Any integer that a JavaScript number holds exactly; `<int>` is not cut to 32 bits, as in the original. */
function readInteger(text: string): number | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) {
    return undefined;
  }
  const value = Number(text);
  // `-0` is not an integer of its own.
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

function readBoolean(text: string): boolean | undefined {
  switch (text.trim()) {
    case '1':
    case 'true':
      return true;
    case '0':
    case 'false':
      return false;
    default:
      return undefined;
  }
}

function readDouble(text: string): number | undefined {
  const trimmed = text.trim();
  // One way to read each character, or a long number that is none would be tried in as many ways as it has digits.
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) {
    return Number(trimmed);
  }
  const word = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(trimmed);
  if (word === null) {
    return undefined;
  }
  if (word[2] === undefined) {
    return Number.NaN;
  }
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Blanks may stand anywhere; they are not cut out, which would take its time over each of millions. */
function readBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/\s]*(?:=\s*){0,2}$/.test(text)) {
    return undefined;
  }
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    length += text.charCodeAt(index) > 0x20 ? 1 : 0;
  }
  return length % 4 === 0 ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}

/** `20260131T12:30:00`, also with dashes in the date and a final `Z`; taken as UTC. */
function readDate(text: string): Date | undefined {
  const match = /^\s*(\d{4})-?(\d\d)-?(\d\d)T(\d\d):(\d\d):(\d\d)Z?\s*$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year, month, day, hours, minutes, seconds] = match;
  const iso = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z`;
  const date = new Date(iso);
  // An impossible day such as February 30th must not roll over.
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso ? date : undefined;
}
