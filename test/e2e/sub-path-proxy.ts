/** A reverse proxy that serves another server below a path, as many sites do. */
import { createServer, request } from 'node:http';
import { freePort } from '../helpers/free-port.ts';

export interface SubPathProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** `prefix` begins and ends with a slash. Everything else is not found. */
export async function startSubPathProxy(prefix: string, port: number): Promise<SubPathProxy> {
  const server = createServer((incoming, outgoing) => {
    const target = incoming.url ?? '';
    if (!target.startsWith(prefix)) {
      outgoing.writeHead(404).end();
      return;
    }
    const forwarded = request(
      {
        host: '127.0.0.1',
        port,
        path: `/${target.slice(prefix.length)}`,
        method: incoming.method,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  const ownPort = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(ownPort, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${ownPort}${prefix}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
