/** Who is shown what nobody else may see. */
import type { IncomingMessage } from 'node:http';
import { isFromBrowser } from './origin.ts';

/** What proxies add to the requests that they pass on. */
const proxyHeaders = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

/**
 * Whether a program on this machine asks over a unix socket, whose mode says who may. A proxy that passes on what
 * comes over a network makes itself known in most cases, and behind it are browsers.
 */
export function isDirectlyLocal({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  return (
    socket.remoteAddress === undefined &&
    !socket.destroyed &&
    !isFromBrowser(headers) &&
    proxyHeaders.every((name) => headers[name] === undefined)
  );
}
