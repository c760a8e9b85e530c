import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Status for what the HTTP parser refuses; anything else is a bad request. */
const statusByCode: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431 };

/** Answers what is no HTTP request, if anybody listens, and closes the connection. */
export function refuseMalformed(error: Error, socket: Duplex): void {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusByCode[code] ?? 400;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
