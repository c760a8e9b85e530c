import type { ListenOptions, Server } from 'node:net';

/** Connections that may wait to be accepted. */
const backlog = 1024;

/** Binds and listens; rejects with the system's error. */
export function bind(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError).once('listening', onListening);
    server.listen({ ...options, backlog });
  });
}
