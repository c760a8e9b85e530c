/**
 * Writes XML-RPC messages.
 *
 * The layout (line breaks, order, `<?xml version='1.0'?>`) is byte for byte that of Python's `xmlrpc.client.dumps`,
 * which the original answers with: some clients cut values out of the text with regular expressions.
 * Source: answers of the original daemon; the XML-RPC specification.
 */
import {
  type MethodCall,
  Utf8Text,
  type XmlRpcResult,
  type XmlRpcStruct,
  type XmlRpcValue,
} from './value.ts';
import { escapeExactText, escapeText } from './escape.ts';

type Escape = (text: string) => string;

const declaration = "<?xml version='1.0'?>\n";
const minInt = -(2 ** 31);
const maxInt = 2 ** 31 - 1;

/** A request body. Text keeps its carriage returns; see {@link escapeExactText} for what XML cannot carry. */
export function encodeMethodCall(call: MethodCall): string {
  const name = escapeExactText(call.method);
  const params = encodeParams(call.params, escapeExactText);
  return `${declaration}<methodCall>\n<methodName>${name}</methodName>\n${params}</methodCall>\n`;
}

/** A successful response body with its one value; see {@link escapeText} for text that XML cannot carry. */
export function encodeMethodResponse(value: XmlRpcValue): string {
  return `${declaration}<methodResponse>\n${encodeParams([value], escapeText)}</methodResponse>\n`;
}

/** A fault response body. */
export function encodeFault(faultCode: number, faultString: string): string {
  const fault = encodeValue({ faultCode, faultString }, escapeText);
  return `${declaration}<methodResponse>\n<fault>\n${fault}</fault>\n</methodResponse>\n`;
}

type Compound = XmlRpcStruct | readonly XmlRpcValue[];

/** Response texts of what {@link keepEncoding} was told of; null: not needed yet. */
const keptTexts = new WeakMap<object, string | null>();
/** Whole responses with such a value. */
const keptResponses = new WeakMap<object, Uint8Array>();

/**
 * Promises that a struct or array never changes and may be answered again, so that it is encoded once.
 *
 * A hundred processes are a hundred kilobytes of text, of which next to nothing differs from one call to the next.
 */
export function keepEncoding<Value extends Compound>(value: Value): Value {
  keptTexts.set(value, null);
  return value;
}

/** The bytes of {@link encodeMethodResponse}, which may be shared: not to be written to. */
export function encodeResponseBytes(value: XmlRpcValue): Uint8Array {
  if (typeof value !== 'object' || value === null || !keptTexts.has(value)) {
    return Buffer.from(encodeMethodResponse(value));
  }
  let bytes = keptResponses.get(value);
  if (bytes === undefined) {
    bytes = Buffer.from(encodeMethodResponse(value));
    keptResponses.set(value, bytes);
  }
  return bytes;
}

/** Whether {@link encodeResponseBytes} has the response, or will keep it. */
export function isKept(result: XmlRpcResult): result is Compound {
  return typeof result === 'object' && result !== null && keptTexts.has(result);
}

/** Bytes of a large text that become one piece. */
const pieceBytes = 64 * 1024;

/** The text of {@link encodeMethodResponse} in pieces that are made when they are asked for. */
export function* encodeResponsePieces(result: XmlRpcResult): Generator<string, void, void> {
  yield `${declaration}<methodResponse>\n<params>\n<param>\n`;
  yield* resultPieces(result);
  yield '</param>\n</params>\n</methodResponse>\n';
}

function* resultPieces(result: XmlRpcResult): Generator<string, void, void> {
  if (result instanceof Utf8Text) {
    yield '<value><string>';
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for (let at = 0; at < result.bytes.length; at += pieceBytes) {
      yield escapeText(decoder.decode(result.bytes.subarray(at, at + pieceBytes), { stream: true }));
    }
    yield `${escapeText(decoder.decode())}</string></value>\n`;
  } else if (Array.isArray(result) && !keptTexts.has(result)) {
    yield '<value><array><data>\n';
    for (const item of result as readonly XmlRpcResult[]) {
      yield* resultPieces(item);
    }
    yield '</data></array></value>\n';
  } else {
    yield encodeValue(result as XmlRpcValue, escapeText);
  }
}

/**
 * About the bytes that a value takes up in a response, without encoding it and without texts of logs, which are counted where
 * they are read.
 */
export function approximateBytes(value: XmlRpcResult): number {
  if (typeof value === 'string') {
    return value.length + leastBytes;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Utf8Text) {
    return leastBytes;
  }
  if (value instanceof Uint8Array) {
    return Math.ceil(value.length / 3) * 4 + leastBytes;
  }
  const known = keptTexts.get(value);
  if (typeof known === 'string') {
    return known.length;
  }
  let bytes = leastBytes;
  for (const [name, member] of Object.entries(value)) {
    bytes += name.length + approximateBytes(member);
  }
  return bytes;
}

/** What the elements around a value take, about. */
const leastBytes = 32;

function encodeParams(params: readonly XmlRpcValue[], escape: Escape): string {
  let text = '<params>\n';
  for (const param of params) {
    text += `<param>\n${encodeValue(param, escape)}</param>\n`;
  }
  return `${text}</params>\n`;
}

function encodeValue(value: XmlRpcValue, escape: Escape): string {
  switch (typeof value) {
    case 'string':
      return `<value><string>${escape(value)}</string></value>\n`;
    case 'number':
      return `<value>${encodeNumber(value)}</value>\n`;
    case 'boolean':
      return `<value><boolean>${value ? '1' : '0'}</boolean></value>\n`;
    case 'object':
      return encodeObject(value, escape);
    default:
      throw new TypeError(`cannot encode a ${typeof value} as XML-RPC`);
  }
}

function encodeObject(value: Exclude<XmlRpcValue, string | number | boolean>, escape: Escape): string {
  if (value === null) {
    return '<value><nil/></value>\n';
  }
  if (value instanceof Date) {
    return `<value><dateTime.iso8601>${encodeDate(value)}</dateTime.iso8601></value>\n`;
  }
  if (value instanceof Uint8Array) {
    return `<value><base64>${Buffer.from(value).toString('base64')}</base64></value>\n`;
  }
  if (isArray(value)) {
    let text = '<value><array><data>\n';
    for (const item of value) {
      text += encodeValue(item, escape);
    }
    return `${text}</data></array></value>\n`;
  }
  const known = escape === escapeText ? keptTexts.get(value) : undefined;
  if (typeof known === 'string') {
    return known;
  }
  let text = '<value><struct>\n';
  for (const [name, member] of Object.entries(value)) {
    text += `<member>\n<name>${escape(name)}</name>\n${encodeValue(member, escape)}</member>\n`;
  }
  text += '</struct></value>\n';
  if (known === null) {
    keptTexts.set(value, text);
  }
  return text;
}

/** `Array.isArray` does not narrow a readonly array. */
function isArray(value: readonly XmlRpcValue[] | XmlRpcStruct): value is readonly XmlRpcValue[] {
  return Array.isArray(value);
}

function encodeNumber(value: number): string {
  if (Number.isInteger(value) && value >= minInt && value <= maxInt && !Object.is(value, -0)) {
    return `<int>${value}</int>`;
  }
  return `<double>${encodeDouble(value)}</double>`;
}

/** As Python's `repr` of a float in all that matters to a reader: whole numbers end in `.0`, and `inf`, `nan`. */
function encodeDouble(value: number): string {
  if (Number.isNaN(value)) {
    return 'nan';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? 'inf' : '-inf';
  }
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** XML-RPC dates carry no time zone; ours are UTC, whole seconds: `20260131T12:30:00`. */
function encodeDate(value: Date): string {
  return value.toISOString().slice(0, 19).replaceAll('-', '');
}
