/**
 * Following a log as it grows: the chunked streams behind `tail -f` and `fg`.
 *
 * Source: Supervisor's `/logtail/<name>/<channel>` and `/mainlogtail`.
 */
import { ConnectionError } from './errors.ts';
import type { HttpTransport } from './transport.ts';

/** Whose output is followed. */
export type FollowedLog =
  | { readonly kind: 'process'; readonly name: string; readonly channel: 'stdout' | 'stderr' }
  | { readonly kind: 'main' };

/** Path of the stream of a log; names are escaped for a URL, the colon of `group:process` stays readable. */
export function followPath(log: FollowedLog): string {
  if (log.kind === 'main') {
    return '/mainlogtail';
  }
  return `/logtail/${encodeURIComponent(log.name).replaceAll('%3A', ':').replaceAll('%2A', '*')}/${log.channel}`;
}

/**
 * The bytes of a log, from about the last kilobyte on, as they are written.
 *
 * Ends when the server ends the stream, goes away, or the signal is aborted.
 *
 * A daemon that shuts down just ends the connection, in the middle of the chunked body.
 *
 * @throws ConnectionError when the server cannot be reached; HttpStatusError 404 without such a log.
 */
export async function* followLog(
  transport: HttpTransport,
  log: FollowedLog,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* await transport.stream(followPath(log), signal);
  } catch (error) {
    const isOver = signal?.aborted === true || (error instanceof ConnectionError && error.hungUp);
    if (!isOver) {
      throw error;
    }
  }
}
