/**
 * Reads XML-RPC messages, trusting nobody.
 *
 * Bounded in bytes and depth, with no document type, so no entity but the five of XML itself: nothing grows, nothing
 * is fetched. Everything that is not acceptable comes back as `{ ok: false, reason }`.
 */
import { SaxesParser } from 'saxes';
import type { Frame } from './elements.ts';
import {
  elementNames,
  enterElement,
  leaveElement,
  openFrame,
  refuseText,
  UnacceptableMessage,
} from './elements.ts';
import { type DocumentSink, readPlainDocument } from './plain-document.ts';
import { scalarReaders } from './scalars.ts';
import type { MethodCall, MethodResponse, XmlRpcStruct, XmlRpcValue } from './value.ts';

export interface DecodeLimits {
  /** Largest message, in bytes of UTF-8. */
  readonly maxBytes: number;
  /** Deepest nesting of elements; one level of array or struct takes three or four. */
  readonly maxDepth: number;
}

export type Decoded<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly reason: string };

/** Room for the largest standard input or event that a script sends, with bounded memory. */
const requestLimits: DecodeLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 128 };

/** A reply comes from a daemon that the caller chose: a log of any size may be in it. */
const responseLimits: DecodeLimits = { maxBytes: Number.POSITIVE_INFINITY, maxDepth: 128 };

/**
 * Reads a request. `<params>` may be missing; a `<value>` without a type is a string.
 *
 * Compat: bytes are taken as UTF-8 whatever encoding the XML declaration names, as the original does.
 * `reason` is for a log, in our own words.
 */
export function decodeMethodCall(
  body: string | Uint8Array,
  limits: DecodeLimits = requestLimits,
): Decoded<MethodCall> {
  const decoded = decodeDocument(body, 'methodCall', limits, 'strict');
  if (!decoded.ok) {
    return decoded;
  }
  const method = decoded.message.label?.trim() ?? '';
  if (method === '') {
    return { ok: false, reason: 'no method name' };
  }
  return { ok: true, message: { method, params: decoded.message.values } };
}

/**
 * Reads a response.
 *
 * Control characters that XML forbids are accepted: daemons of the original put them into log texts as they are.
 */
export function decodeMethodResponse(
  body: string | Uint8Array,
  limits: DecodeLimits = responseLimits,
): Decoded<MethodResponse> {
  const decoded = decodeDocument(body, 'methodResponse', limits, 'control characters allowed');
  if (!decoded.ok) {
    return decoded;
  }
  const { seen, values } = decoded.message;
  const value = values[0];
  if (value === undefined || values.length > 1) {
    return { ok: false, reason: 'a response has exactly one value' };
  }
  if (!seen.includes('fault')) {
    return { ok: true, message: { ok: true, value } };
  }
  const { faultCode, faultString } = isStruct(value) ? value : {};
  if (typeof faultCode !== 'number' || typeof faultString !== 'string') {
    return { ok: false, reason: 'a fault without faultCode and faultString' };
  }
  return { ok: true, message: { ok: false, faultCode, faultString } };
}

function isStruct(value: XmlRpcValue): value is XmlRpcStruct {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

type Leniency = 'strict' | 'control characters allowed';

function decodeDocument(
  body: string | Uint8Array,
  root: string,
  limits: DecodeLimits,
  leniency: Leniency,
): Decoded<Frame> {
  try {
    return {
      ok: true,
      message: readDocument(toText(body, limits.maxBytes), root, limits.maxDepth, leniency),
    };
  } catch (error) {
    if (error instanceof UnacceptableMessage) {
      return { ok: false, reason: error.message };
    }
    throw error;
  }
}

function toText(body: string | Uint8Array, maxBytes: number): string {
  const size = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (size > maxBytes) {
    throw new UnacceptableMessage(`larger than ${maxBytes} bytes`);
  }
  if (typeof body === 'string') {
    return body;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new UnacceptableMessage('not UTF-8');
  }
}

function readDocument(text: string, root: string, maxDepth: number, leniency: Leniency): Frame {
  const quick = new DocumentReader(root, maxDepth);
  if (readPlainDocument(text, elementNames, quick)) {
    return quick.document;
  }
  const full = new DocumentReader(root, maxDepth);
  parseDocument(text, full, leniency);
  return full.document;
}

/** Levels of elements that a scalar member consists of. */
const memberDepth = 3;

/** Builds the frames of a document, and ends with that of its root. */
class DocumentReader implements DocumentSink {
  readonly #root: string;
  readonly #maxDepth: number;
  readonly #open: Frame[] = [];
  #document: Frame | undefined;

  constructor(root: string, maxDepth: number) {
    this.#root = root;
    this.#maxDepth = maxDepth;
  }

  get document(): Frame {
    if (this.#document === undefined) {
      throw new UnacceptableMessage('no document');
    }
    return this.#document;
  }

  open(element: string): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      enterElement(parent, element);
    } else if (element !== this.#root) {
      throw new UnacceptableMessage(`<${element}> where <${this.#root}> was expected`);
    }
    if (this.#open.length >= this.#maxDepth) {
      throw new UnacceptableMessage(`nested deeper than ${this.#maxDepth} elements`);
    }
    this.#open.push(openFrame(element));
  }

  text(data: string): void {
    const frame = this.#open.at(-1);
    if (frame !== undefined) {
      frame.text += data;
    }
  }

  scalarMember(name: string, type: string, text: string): boolean {
    const struct = this.#open.at(-1);
    const read = Object.hasOwn(scalarReaders, type) ? scalarReaders[type] : undefined;
    const value = struct?.element === 'struct' ? read?.(text) : undefined;
    if (struct === undefined || value === undefined || this.#open.length + memberDepth > this.#maxDepth) {
      return false;
    }
    struct.members.push([name, value]);
    return true;
  }

  close(): void {
    const frame = this.#open.pop();
    if (frame === undefined) {
      return;
    }
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      leaveElement(frame, parent);
      return;
    }
    refuseText(frame);
    this.#document = frame;
  }
}

/** Reads any XML document into a sink. */
function parseDocument(text: string, sink: DocumentSink, leniency: Leniency): void {
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    if (leniency !== 'strict' && error.message.endsWith('disallowed character.')) {
      return;
    }
    throw new UnacceptableMessage(`not well-formed XML: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new UnacceptableMessage('a document type declaration is not accepted');
  });
  parser.on('opentag', ({ name }) => {
    sink.open(name);
  });
  const onText = (data: string): void => {
    sink.text(data);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    sink.close();
  });
  parser.write(text).close();
}
