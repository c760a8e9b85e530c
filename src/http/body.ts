/**
 * Reading request bodies, bounded in size and time, and in what all bodies of a server take together.
 */
import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.ts';
import type { Place } from './limits/room.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  /** Milliseconds until the last byte. */
  readonly timeoutMs: number;
}

/** `gone`: the client closed the connection before the end; `no-room`: others take up what there is for bodies. */
export type BodyFailure = 'too-large' | 'too-slow' | 'gone' | 'no-room';

export type BodyResult =
  { readonly ok: true; readonly body: Buffer } | { readonly ok: false; readonly reason: BodyFailure };

/** A body as it came in: putting megabytes together holds up everybody else. */
export type ChunksResult =
  | { readonly ok: true; readonly chunks: readonly Buffer[] }
  | { readonly ok: false; readonly reason: BodyFailure };

/** The status that tells a client why its body was not taken. */
export const statusOfBodyFailure: Readonly<Record<BodyFailure, number>> = {
  'too-large': 413,
  'too-slow': 408,
  // Nobody is there to read it.
  gone: 400,
  'no-room': 503,
};

/** Bytes of a body that are not counted: as many have many at a time, and are answered at once. */
const uncountedBytes = 8 * 1024;
/** What a piece takes up besides its bytes. */
const pieceBytes = 256;

/** Whether a request announces a body: with its length or in chunks. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '') !== '' || headers['transfer-encoding'] !== undefined;
}

/** As {@link readChunks}, in one piece. */
export async function readBody(
  exchange: Pick<Exchange, 'request' | 'bodies' | 'whenOver'>,
  limits: BodyLimits,
): Promise<BodyResult> {
  const read = await readChunks(exchange, limits);
  return read.ok ? { ok: true, body: Buffer.concat(read.chunks) } : read;
}

/**
 * Reads the whole body, which takes up room until the answer is complete. After a failure the rest is not read: the connection
 * has to be closed.
 */
export function readChunks(
  { request, bodies, whenOver }: Pick<Exchange, 'request' | 'bodies' | 'whenOver'>,
  limits: BodyLimits,
): Promise<ChunksResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let place: Place | null = null;
    const settle = (result: ChunksResult): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (result.ok) {
        place?.settle();
      } else {
        request.pause();
        place?.leave();
      }
      resolve(result);
    };
    const hasRoomFor = (chunk: Buffer): boolean => {
      if (size + chunks.length * pieceBytes <= uncountedBytes) {
        return true;
      }
      if (place === null) {
        const entered = bodies.enter(() => settle({ ok: false, reason: 'no-room' }));
        whenOver(() => entered.leave());
        place = entered;
      }
      place.moved();
      return place.take(chunk.length + pieceBytes);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limits.maxBytes) {
        settle({ ok: false, reason: 'too-large' });
      } else if (hasRoomFor(chunk)) {
        chunks.push(chunk);
      } else {
        settle({ ok: false, reason: 'no-room' });
      }
    };
    const onEnd = (): void => settle({ ok: true, chunks });
    const onClose = (): void => settle({ ok: false, reason: 'gone' });
    const timer = setTimeout(() => settle({ ok: false, reason: 'too-slow' }), limits.timeoutMs);
    if (Number(request.headers['content-length'] ?? 0) > limits.maxBytes) {
      settle({ ok: false, reason: 'too-large' });
      return;
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    // A connection that breaks is told by `close` as well.
    request.on('error', () => undefined);
  });
}

const discardLimits: BodyLimits = { maxBytes: 1024 * 1024, timeoutMs: 5000 };

/**
 * Takes in a body that nobody wants, keeping nothing of it: a connection that is closed while the client still sends is reset,
 * and the client may never see the answer.
 */
export function discardBody({ request, response }: Pick<Exchange, 'request' | 'response'>): Promise<void> {
  return new Promise((resolve) => {
    if (!announcesBody(request) || request.readableEnded) {
      resolve();
      return;
    }
    let size = 0;
    const settle = (): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', settle).off('close', settle);
      if (!request.complete) {
        request.pause();
        response.shouldKeepAlive = false;
      }
      resolve();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > discardLimits.maxBytes) {
        settle();
      }
    };
    const timer = setTimeout(settle, discardLimits.timeoutMs);
    request.on('error', () => undefined);
    request.on('data', onData).on('end', settle).on('close', settle);
  });
}
