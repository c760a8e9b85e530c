import type { Clock } from './clock.ts';

/** Resolves after so many milliseconds, or as soon as `signal` is aborted; nothing is left behind then. */
export function pause(
  clock: Pick<Clock, 'monotonicMs' | 'schedule'>,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.schedule(clock.monotonicMs() + ms, end);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted === true) {
      end();
    }
  });
}
