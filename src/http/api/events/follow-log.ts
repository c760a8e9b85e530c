/** Follows one log for one client of the event stream. */
import type { ServerResponse } from 'node:http';
import { Follower } from '../../../logging/follow.ts';
import { decodeUtf8 } from '../../../logging/utf8.ts';
import { pause } from '../../../system/pause.ts';
import { drained } from '../../drained.ts';
import type { ApiHost } from '../host.ts';
import { processLogPath } from '../operations/logs.ts';
import { eventText } from './event-text.ts';

export interface LogName {
  readonly name: string;
  readonly stream: 'stdout' | 'stderr';
}

interface Client {
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  send(text: string): void;
}

/** Bytes that wait for the client before the next piece is read. */
const highWaterBytes = 128 * 1024;
/** Milliseconds after which a file that is not there yet is looked for again. */
const lookAgainMs = 1000;

/**
 * Sends what is written from now on, beginning with an empty text that tells from where. Ends when the client is gone, or the
 * stream goes to no file.
 */
export async function followLog(host: ApiHost, log: LogName, client: Client): Promise<void> {
  const { signal } = client;
  const path = processLogPath(host.rpc.control, { ...log });
  if (path === null) {
    return;
  }
  while (!signal.aborted) {
    const follower = await openUnlessGone(host, path, signal);
    if (follower !== null) {
      const onAbort = (): void => follower.abort();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        await pass(follower, log, client);
      } finally {
        signal.removeEventListener('abort', onAbort);
        follower.abort();
      }
    }
    // It is not there yet, or could not be read any more.
    await pause(host.rpc.clock, lookAgainMs, signal);
  }
}

/** Null, too, once the client is gone. */
async function openUnlessGone(
  { logs }: ApiHost,
  path: string,
  signal: AbortSignal,
): Promise<Follower | null> {
  try {
    return await Follower.open(logs, path, 0, signal);
  } catch (error) {
    if (signal.aborted) {
      return null;
    }
    throw error;
  }
}

async function pass(follower: Follower, log: LogName, client: Client): Promise<void> {
  const tell = (offset: number, end: number, text: string, more: object = {}): void =>
    client.send(eventText('log', { ...log, offset, end, text, ...more }));
  tell(follower.position, follower.position, '');
  let { count } = follower.lastJump;
  for (let piece = await follower.read(); piece !== null; piece = await follower.read()) {
    const { lastJump, position } = follower;
    if (lastJump.count !== count) {
      count = lastJump.count;
      tell(0, 0, '', { [lastJump.kind]: true });
    }
    // After a truncation the piece only says so.
    if (position > 0) {
      tell(Math.max(0, position - piece.length), position, decodeUtf8(piece));
    }
    if (client.response.writableLength > highWaterBytes) {
      await drained(client.response, client.signal);
    }
  }
}
