/**
 * Waiting for a process to get somewhere, without polling.
 */
import type { ControlledProcess } from './supervisor-control.ts';

/**
 * Settles as soon as `reached` says true of the process, which is asked now and after every change of state;
 * rejects with what it throws, and with the signal's reason once nobody waits any more.
 *
 * Answers `true` itself, without a promise, when there is nothing to wait for, and throws likewise.
 */
export function waitUntil(
  process: ControlledProcess,
  signal: AbortSignal,
  reached: () => boolean,
): true | Promise<true> {
  if (reached()) {
    return true;
  }
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(signal.reason);
    };
    const unsubscribe = process.onStateChange(() => {
      try {
        if (!reached()) {
          return;
        }
        resolve(true);
      } catch (error) {
        reject(error);
      }
      end();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
