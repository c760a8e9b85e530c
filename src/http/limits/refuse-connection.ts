/** Tells a client that there is no room for its connection, and closes it. */
import type { Socket } from 'node:net';

const answer =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain\r\n' +
  'Content-Length: 46\r\n\r\nThere are too many connections to this server\n';

/** Milliseconds in which a client may take the answer: a connection that is closed while it still sends is reset. */
const lingerMs = 500;
/** Beyond this, they have no time for it. */
const maxLingering = 32;
let lingering = 0;

/** `mayLinger`: false, its descriptor is needed at once. */
export function refuseConnection(socket: Socket, { mayLinger }: { readonly mayLinger: boolean }): void {
  socket.on('error', () => undefined);
  if (!mayLinger || lingering >= maxLingering) {
    socket.write(answer);
    socket.destroy();
    return;
  }
  lingering += 1;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => {
    clearTimeout(timer);
    lingering -= 1;
  });
  socket.end(answer);
}
