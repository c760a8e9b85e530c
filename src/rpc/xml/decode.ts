/**
 * Reads XML-RPC messages, trusting nobody.
 *
 * Bounded in bytes and depth, with no document type, so no entity but the five of XML itself: nothing grows, nothing
 * is fetched. Everything that is not acceptable comes back as `{ ok: false, reason }`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readDocument, readInPieces, type DocumentForm } from './document.ts';
import { UnacceptableMessage, type Frame } from './elements.ts';
import type { MethodCall, MethodResponse, XmlRpcStruct, XmlRpcValue } from './value.ts';

export interface DecodeLimits {
  /** Largest message, in bytes of UTF-8. */
  readonly maxBytes: number;
  /** Deepest nesting of elements; one level of array or struct takes three or four. */
  readonly maxDepth: number;
  /** Most elements; a call of a multicall takes ten or more. */
  readonly maxElements: number;
  /** Most members of a struct. */
  readonly maxMembers: number;
}

export type Decoded<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly reason: string };

/** Room for the largest standard input or event that a script sends, with bounded memory. */
const requestLimits: DecodeLimits = {
  maxBytes: 16 * 1024 * 1024,
  maxDepth: 128,
  maxElements: 500_000,
  maxMembers: 1000,
};

/** A reply comes from a daemon that the caller chose: a log of any size may be in it. */
const responseLimits: DecodeLimits = {
  maxBytes: Number.POSITIVE_INFINITY,
  maxDepth: 128,
  maxElements: Number.POSITIVE_INFINITY,
  maxMembers: Number.POSITIVE_INFINITY,
};

/**
 * Reads a request. `<params>` may be missing; a `<value>` without a type is a string.
 *
 * Compat: bytes are taken as UTF-8 whatever encoding the XML declaration names, as the original does.
 * `reason` is for a log, in our own words.
 */
export function decodeMethodCall(
  body: string | Uint8Array,
  limits: Partial<DecodeLimits> = {},
): Decoded<MethodCall> {
  const all = { ...requestLimits, ...limits };
  return toCall(accepted(() => readDocument(toText(body, all.maxBytes), callForm(all))));
}

/**
 * As {@link decodeMethodCall}, of a body in pieces, with a turn for everybody else now and then; rejects when `signal` is
 * aborted.
 */
export async function decodeMethodCallInTurns(
  chunks: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<Decoded<MethodCall>> {
  const size = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (size <= stepBytes) {
    return decodeMethodCall(
      chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
    );
  }
  if (size > requestLimits.maxBytes) {
    return { ok: false, reason: `larger than ${requestLimits.maxBytes} bytes` };
  }
  const steps = readInPieces(piecesOf(chunks), callForm(requestLimits));
  for (;;) {
    const step = accepted(() => steps.next());
    if (!step.ok) {
      return step;
    }
    if (step.message.done === true) {
      return toCall({ ok: true, message: step.message.value });
    }
    await nextTurn();
    signal.throwIfAborted();
  }
}

/** Bytes read in one step: a few milliseconds of work. */
const stepBytes = 64 * 1024;

function callForm(limits: Omit<DecodeLimits, 'maxBytes'>): DocumentForm {
  const { maxDepth, maxElements, maxMembers } = limits;
  return { root: 'methodCall', maxDepth, maxElements, maxMembers, controlCharacters: false };
}

function toCall(decoded: Decoded<Frame>): Decoded<MethodCall> {
  if (!decoded.ok) {
    return decoded;
  }
  const method = decoded.message.label ?? '';
  if (method.trim() === '') {
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
  limits: Partial<DecodeLimits> = {},
): Decoded<MethodResponse> {
  const { maxBytes, ...counts } = { ...responseLimits, ...limits };
  const form: DocumentForm = { root: 'methodResponse', ...counts, controlCharacters: true };
  const decoded = accepted(() => readDocument(toText(body, maxBytes), form));
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

function accepted<T>(read: () => T): Decoded<T> {
  try {
    return { ok: true, message: read() };
  } catch (error) {
    if (error instanceof UnacceptableMessage) {
      return { ok: false, reason: error.message };
    }
    throw error;
  }
}

/** The text of a body, each piece decoded when it is asked for. */
function* piecesOf(chunks: readonly Uint8Array[]): Generator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new UnacceptableMessage('not UTF-8');
    }
  };
  let endsInReturn = false;
  for (const piece of stepsOf(chunks)) {
    // The feed of a line end whose return was in the piece before.
    const isSecondHalf = endsInReturn && piece[0] === lineFeed;
    endsInReturn = piece.at(-1) === carriageReturn;
    yield decode(withPlainLineEnds(isSecondHalf ? piece.subarray(1) : piece));
  }
  yield decode();
}

/** Pieces of no more than one step. */
function* stepsOf(chunks: readonly Uint8Array[]): Generator<Uint8Array, void, void> {
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += stepBytes) {
      yield chunk.subarray(at, at + stepBytes);
    }
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
    return new TextDecoder('utf-8', { fatal: true }).decode(withPlainLineEnds(body));
  } catch {
    throw new UnacceptableMessage('not UTF-8');
  }
}

const carriageReturn = 13;
const lineFeed = 10;

/** Line ends as XML has them read anyway, LF for CR LF and CR: the parser would take its time over each. */
function withPlainLineEnds(body: Uint8Array): Uint8Array {
  if (!body.includes(carriageReturn)) {
    return body;
  }
  const plain = new Uint8Array(body.length);
  let length = 0;
  let before = 0;
  for (const byte of body) {
    if (byte !== lineFeed || before !== carriageReturn) {
      plain[length++] = byte === carriageReturn ? lineFeed : byte;
    }
    before = byte;
  }
  return plain.subarray(0, length);
}
