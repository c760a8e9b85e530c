/** Waiting for something that announces itself by no event, with a deadline and a telling message. */
import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for a loaded machine; a test that gets there has failed. */
export const deadlineMs = 20_000;

const pollEveryMs = 25;

/**
 * Asks `probe` until it answers something else than null, false or undefined, and returns that.
 *
 * @param what completes the sentence "waited in vain for ...".
 * @throws after the deadline, naming `what` and the last error of `probe`, which may fail meanwhile.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs: number = deadlineMs,
): Promise<Exclude<T, null | undefined | false>> {
  const giveUpAt = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) {
        return answer as Exclude<T, null | undefined | false>;
      }
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > giveUpAt) {
      const why = lastError instanceof Error ? `; last error: ${lastError.message}` : '';
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}${why}`, { cause: lastError });
    }
    await delay(pollEveryMs);
  }
}
