/**
 * Reads XML-RPC messages, trusting nobody.
 *
 * Bounded in bytes and depth, with no document type, so no entity but the five of XML itself: nothing grows, nothing
 * is fetched. Everything that is not acceptable comes back as `{ ok: false, reason }`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readDocument, type DocumentForm } from './document.ts';
import { UnacceptableMessage, type Frame } from './elements.ts';
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
  return toCall(inOneGo(decodeSteps(body, callForm(limits), limits)));
}

/** As {@link decodeMethodCall}, with a turn for everybody else now and then; rejects when `signal` is aborted. */
export async function decodeMethodCallInTurns(
  body: Uint8Array,
  signal: AbortSignal,
): Promise<Decoded<MethodCall>> {
  const steps = decodeSteps(body, callForm(requestLimits), requestLimits);
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return toCall(step.value);
    }
    await nextTurn();
    signal.throwIfAborted();
  }
}

function callForm({ maxDepth }: DecodeLimits): DocumentForm {
  return { root: 'methodCall', maxDepth, controlCharacters: false };
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
  limits: DecodeLimits = responseLimits,
): Decoded<MethodResponse> {
  const form: DocumentForm = { root: 'methodResponse', maxDepth: limits.maxDepth, controlCharacters: true };
  const decoded = inOneGo(decodeSteps(body, form, limits));
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

function* decodeSteps(
  body: string | Uint8Array,
  form: DocumentForm,
  { maxBytes }: DecodeLimits,
): Generator<void, Decoded<Frame>, void> {
  try {
    return { ok: true, message: yield* readDocument(toText(body, maxBytes), form) };
  } catch (error) {
    if (error instanceof UnacceptableMessage) {
      return { ok: false, reason: error.message };
    }
    throw error;
  }
}

function inOneGo<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return step.value;
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
