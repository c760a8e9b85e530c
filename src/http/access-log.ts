/**
 * One line a request, for the `trace` level of the activity log.
 *
 * Source: observed in the original's activity log.
 */
import type { IncomingMessage } from 'node:http';

/** `127.0.0.1:40000 - - [23/Nov/2026:01:56:45 +0000] "POST /RPC2 HTTP/1.1" 200 401`; the time is UTC. */
export function formatAccess(
  { socket, method = '', url = '', httpVersion }: IncomingMessage,
  status: number,
  bytesSent: number,
  now = new Date(),
): string {
  const host = socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'localhost';
  const port = socket.remotePort ?? 0;
  return `${host}:${port} - - [${formatDate(now)}] "${method} ${url} HTTP/${httpVersion}" ${status} ${bytesSent}`;
}

/** From `Mon, 23 Nov 2026 01:56:45 GMT`. */
function formatDate(date: Date): string {
  const [, day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
