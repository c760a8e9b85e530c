import type { ServerResponse } from 'node:http';

/** Resolves when the client has taken what was written, or when the signal is aborted. */
export function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    response.once('drain', settle);
    signal.addEventListener('abort', settle, { once: true });
    if (signal.aborted) {
      settle();
    }
  });
}

/** Writes, and resolves when the bytes may be overwritten, or when the signal is aborted. */
export function written(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      signal.removeEventListener('abort', settle);
      resolve();
    };
    signal.addEventListener('abort', settle, { once: true });
    response.write(bytes, settle);
    if (signal.aborted) {
      settle();
    }
  });
}
