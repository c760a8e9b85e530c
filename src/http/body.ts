/**
 * Reading request bodies, bounded in size and time.
 */
import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  readonly maxBytes: number;
  /** Milliseconds until the last byte. */
  readonly timeoutMs: number;
}

export type BodyResult =
  | { readonly ok: true; readonly body: Buffer }
  /** `gone`: the client closed the connection before the end. */
  | { readonly ok: false; readonly reason: 'too-large' | 'too-slow' | 'gone' };

/** Whether a request announces a body: with its length or in chunks. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '') !== '' || headers['transfer-encoding'] !== undefined;
}

/** Reads the whole body. After a failure the rest is not read: the connection has to be closed. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<BodyResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (result: BodyResult): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (!result.ok) {
        request.pause();
      }
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limits.maxBytes) {
        settle({ ok: false, reason: 'too-large' });
      } else {
        chunks.push(chunk);
      }
    };
    const onEnd = (): void => settle({ ok: true, body: Buffer.concat(chunks, size) });
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
 * Takes in a body that nobody wants, within limits: a connection that is closed while the client still sends is
 * reset, and the client may never see the answer.
 */
export async function discardBody(request: IncomingMessage): Promise<void> {
  if (announcesBody(request)) {
    await readBody(request, discardLimits);
  }
}
