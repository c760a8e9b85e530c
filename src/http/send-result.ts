/**
 * Answers with the result of a method. A large one is made and sent in pieces, no faster than the client takes it, and not more
 * than a few milliseconds of it in one turn of the event loop.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { encodeResponseBytes, encodeResponsePieces, isKept } from '../rpc/xml/encode.ts';
import type { XmlRpcResult } from '../rpc/xml/value.ts';
import { drained } from './drained.ts';
import type { Exchange } from './exchange.ts';
import type { AnswerPlace } from './limits/answer-place.ts';
import { contentHeaders, sendContent } from './reply.ts';

const contentType = 'text/xml';
/** Bytes of an answer that is put together before it is sent. */
const wholeBytes = 256 * 1024;
/** Bytes that are written at a time. */
const pieceBytes = 64 * 1024;
/** Milliseconds after which a client is dropped that takes nothing of a large answer. */
const stallTimeoutMs = 60_000;
/** Milliseconds of work in a row after which everybody else has a turn. */
const sliceMs = 5;

/** Rejects when nobody waits for the answer any more. */
export async function sendResult(
  exchange: Pick<Exchange, 'response' | 'signal'>,
  result: XmlRpcResult,
  place: AnswerPlace,
): Promise<void> {
  const { response, signal } = exchange;
  if (isKept(result)) {
    sendContent(response, 200, { contentType, body: encodeResponseBytes(result) });
    return;
  }
  const measured = await measure(result, signal);
  if (measured.whole !== null) {
    sendContent(response, 200, { contentType, body: measured.whole });
    return;
  }
  response.socket?.setTimeout(stallTimeoutMs);
  response.writeHead(200, contentHeaders(contentType, measured.bytes));
  const turns = new Turns();
  for (const piece of inPieces(encodeResponsePieces(result))) {
    if (!response.write(piece)) {
      await drained(response, signal);
      place.moved();
    }
    await turns.next();
    signal.throwIfAborted();
  }
  response.end();
}

/** The bytes of the whole response, and its text unless it is large. */
async function measure(
  result: XmlRpcResult,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly whole: string | null }> {
  const turns = new Turns();
  const pieces: string[] = [];
  let bytes = 0;
  for (const piece of encodeResponsePieces(result)) {
    bytes += Buffer.byteLength(piece);
    if (bytes <= wholeBytes) {
      pieces.push(piece);
    }
    if (turns.isDue) {
      await turns.next();
      signal.throwIfAborted();
    }
  }
  return { bytes, whole: bytes <= wholeBytes ? pieces.join('') : null };
}

/** Small ones put together. */
function* inPieces(texts: Iterable<string>): Generator<string, void, void> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length >= pieceBytes) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

class Turns {
  #endMs = performance.now() + sliceMs;

  get isDue(): boolean {
    return performance.now() >= this.#endMs;
  }

  async next(): Promise<void> {
    if (this.isDue) {
      await nextTurn();
      this.#endMs = performance.now() + sliceMs;
    }
  }
}
