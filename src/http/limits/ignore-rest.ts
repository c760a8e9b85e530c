import type { Socket } from 'node:net';

/** What Node's server keeps with a connection while it reads requests from it. */
interface ReadSocket extends Socket {
  readonly parser?: { onIncoming?: (() => number) | null } | null;
}

/**
 * Makes nothing of the requests that a connection has still sent: Node would keep each of them, and an answer for it, although the
 * connection is about to be closed. Thousands may be in a single piece that was read.
 */
export function ignoreRest(socket: Socket): void {
  const { parser } = socket as ReadSocket;
  if (parser !== undefined && parser !== null) {
    parser.onIncoming = () => 0;
  }
}
