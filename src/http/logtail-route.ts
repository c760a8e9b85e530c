/**
 * Following logs over HTTP, as `tail -f` does.
 *
 * Source: checklist B19.1.
 */
import type { ServerResponse } from 'node:http';
import { Follower, type FollowContext } from '../logging/follow.ts';
import { largeBlockBytes } from '../logging/read-blocks.ts';
import { parseNamespec } from '../rpc/namespec.ts';
import type { SupervisorControl } from '../rpc/supervisor-control.ts';
import { written } from './drained.ts';
import type { Exchange } from './exchange.ts';
import { securityHeaders, sendError } from './reply.ts';
import type { Route } from './routes.ts';

/** How far before the end it starts. */
const headBytes = 1024;

export function logtailRoutes(control: SupervisorControl, logs: FollowContext): readonly Route[] {
  return [
    {
      path: '/mainlogtail',
      match: 'prefix',
      methods: ['GET'],
      handle: (exchange) => follow(logs, control.activityLogPath, exchange),
    },
    {
      path: '/logtail',
      match: 'prefix',
      methods: ['GET'],
      handle: (exchange) => follow(logs, processLogPath(control, exchange.path), exchange),
    },
  ];
}

/** The log that `/logtail/<namespec>[/stdout|/stderr]` speaks of; null when there is none. */
function processLogPath(control: SupervisorControl, path: string): string | null {
  const [, rest = ''] = path.replace(/^\/+/, '').split(/\/(.*)/s);
  const [name = '', channel = 'stdout'] = rest.split(/\/(.*)/s);
  const namespec = parseNamespec(name);
  const found =
    namespec.process === null
      ? undefined
      : control.groups.get(namespec.group)?.processes.get(namespec.process);
  switch (channel) {
    case 'stdout':
      return found?.stdoutLogPath ?? null;
    case 'stderr':
      return found?.stderrLogPath ?? null;
    default:
      return null;
  }
}

async function follow(
  logs: FollowContext,
  logPath: string | null,
  { request, response, signal }: Exchange,
): Promise<void> {
  const follower = logPath === null ? null : await Follower.open(logs, logPath, headBytes, signal);
  if (follower === null) {
    sendError(response, 404);
    return;
  }
  try {
    response.writeHead(200, {
      ...securityHeaders,
      'Cache-Control': 'no-store',
      'Content-Type': 'text/plain;charset=utf-8',
      // Tells a proxy such as nginx to pass on each piece at once.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    if (request.method !== 'HEAD') {
      await copy(follower, response, signal);
    }
    response.end();
  } finally {
    follower.abort();
  }
}

/**
 * Reads only as fast as the client takes it, the next piece when it has the last, and one a turn of the event loop, so that a
 * client that catches up with a large log delays nobody. Ends when the client is gone, the server closes or reading fails.
 */
async function copy(follower: Follower, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const onAbort = (): void => follower.abort();
  if (signal.aborted) {
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  const next = (): Promise<Uint8Array | null> => follower.read(largeBlockBytes);
  for (let piece = await next(); piece !== null; piece = await next()) {
    await written(response, piece, signal);
  }
  signal.removeEventListener('abort', onAbort);
}
