/**
 * One client of the event stream. What it has not taken is bounded: logs are read only as fast as it takes them, and one
 * that has fallen behind with everything else is dropped, to come back and be told what it missed.
 */
import { securityHeaders } from '../../reply.ts';
import type { Exchange } from '../../exchange.ts';
import type { ApiHost } from '../host.ts';
import { Problem } from '../problem.ts';
import { eventText, idText } from './event-text.ts';
import { followLog, type LogName } from './follow-log.ts';

export interface EventChoice {
  readonly logs: readonly LogName[];
  readonly activity: boolean;
  readonly statistics: boolean;
  /** Number of the event to go on after; null: from now on. */
  readonly since: number | null;
}

/** Bytes that may wait for a client when there is more to send. */
const maxWaitingBytes = 1024 * 1024;
/** Milliseconds after which a sign of life is sent, so that neither end takes a silent connection for a dead one. */
const heartbeatMs = 15_000;
/** Milliseconds after which browsers come back. */
const retryMs = 2000;

/** Ends when the client is gone or the server closes. Throws a problem before anything is sent. */
export async function serveEvents(
  host: ApiHost,
  { request, response }: Exchange,
  signal: AbortSignal,
  choice: EventChoice,
): Promise<void> {
  if (host.hub.isFull) {
    throw new Problem(503, 'Too many look on already', { headers: { 'Retry-After': '10' } });
  }
  response.writeHead(200, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/event-stream',
    // Tells a proxy such as nginx to pass on each piece at once.
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.setMaxListeners(0);
  const send = (text: string): void => {
    if (response.writableLength > maxWaitingBytes) {
      response.destroy();
    } else if (!response.destroyed) {
      response.write(text);
    }
  };
  const ends: (() => void)[] = [];
  try {
    const { lastId } = host.rpc.journal;
    ends.push(host.hub.add({ wantsStatistics: choice.statistics, send }));
    send(`retry: ${retryMs}\n${idText(lastId)}`);
    if (choice.since !== null) {
      send(host.hub.since(choice.since));
    }
    if (choice.activity) {
      ends.push(
        host.activity.subscribe(({ wallMs, level, message }) =>
          send(eventText('activity', { atMs: wallMs, level, message })),
        ),
      );
    }
    ends.push(beginHeartbeat(host, send));
    const followed = choice.logs.map((log) => followLog(host, log, { response, send, signal }));
    await Promise.all([untilAborted(signal), ...followed]);
  } finally {
    for (const end of ends) {
      end();
    }
    response.end();
  }
}

function beginHeartbeat({ rpc: { clock } }: ApiHost, send: (text: string) => void): () => void {
  const arm = () =>
    clock.schedule(clock.monotonicMs() + heartbeatMs, () => {
      send(':\n\n');
      timer = arm();
    });
  let timer = arm();
  return () => timer.cancel();
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
