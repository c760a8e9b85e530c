/**
 * HTTP to one daemon, over TCP or a unix socket, with Basic authentication.
 *
 * Connections are kept for the next call. There is no timeout: `startProcess` answers when the program runs, a tail
 * never ends; whoever wants one passes a signal. Credentials go to a unix socket only when it is known who serves it.
 */
import { isSocketPathTooLong, socketPathTooLong } from '../system/socket-path.ts';
import { ConnectionError, HttpStatusError, UnauthorizedError, UntrustedServerError } from './errors.ts';
import { BodyStream } from './http/body-stream.ts';
import { Connection, HangUpError } from './http/connection.ts';
import type { ServerAddress } from './server-url.ts';
import { parseServerUrl } from './server-url.ts';
import { checkServer } from './server-trust.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface TransportOptions {
  readonly serverUrl: string;
  readonly credentials?: Credentials | null;
}

type Headers = Readonly<Record<string, string | number>>;

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

export class HttpTransport {
  readonly serverUrl: string;
  readonly #address: ServerAddress;
  readonly #headers: Headers;
  /** Looks at who serves a connection before it is used; null: whoever may. */
  readonly #admit: ((fd: number | null) => void) | null;
  /** Those that calls use in turn; a stream has one of its own. */
  readonly #connections = new Set<Connection>();

  /** @throws BadServerUrlError */
  constructor(options: TransportOptions) {
    this.serverUrl = options.serverUrl;
    this.#address = parseServerUrl(options.serverUrl);
    this.#admit = admissionTo(this.#address, options.credentials ?? null);
    this.#headers = {
      Host: hostHeader(this.#address),
      'User-Agent': 'supervisord-ts',
      ...authorizationHeaders(options.credentials ?? null),
      // Compat: asked to close the connection, the original collects 64 kB of a stream before it sends anything.
      Connection: 'keep-alive',
    };
  }

  /**
   * Posts an XML document and returns the whole reply.
   *
   * @throws ConnectionError, UntrustedServerError, HttpStatusError, UnauthorizedError; the signal's reason once it is aborted.
   */
  post(path: string, xml: string, signal?: AbortSignal): Promise<Buffer> {
    const headers = { 'Content-Type': 'text/xml', Accept: 'text/xml' };
    return this.#whole({ method: 'POST', path, headers, body: xml, signal });
  }

  /**
   * Gets a whole document.
   *
   * @throws as {@link post}.
   */
  get(path: string, signal?: AbortSignal): Promise<Buffer> {
    return this.#whole({ method: 'GET', path, headers: { Accept: '*/*' }, body: '', signal });
  }

  /**
   * Opens a stream of bytes that the server may never end; leaving the loop over it closes it.
   *
   * A server that goes away in the middle ends it with a ConnectionError that says `hungUp`.
   *
   * @throws as {@link post}.
   */
  async stream(path: string, signal?: AbortSignal): Promise<AsyncGenerator<Buffer, void, void>> {
    const headers = { Accept: '*/*' };
    return this.#attempt(this.#connect(), { method: 'GET', path, headers, body: '', signal });
  }

  /** Closes the connections kept for calls. Calls still running fail; calls after this open new connections. */
  close(): void {
    for (const connection of this.#connections) {
      connection.fail(new HangUpError('the connection was closed'));
    }
    this.#connections.clear();
  }

  async #whole(exchange: Exchange): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.#call(exchange)) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Uses a kept connection, and a new one when the server had closed that in the meantime. */
  async #call(exchange: Exchange): Promise<AsyncGenerator<Buffer, void, void>> {
    const kept = this.#takeIdle();
    if (kept !== null) {
      try {
        return await this.#attempt(kept, exchange);
      } catch (error) {
        if (!(error instanceof ConnectionError && kept.wasStale)) {
          throw error;
        }
      }
    }
    const connection = this.#connect();
    this.#connections.add(connection);
    return await this.#attempt(connection, exchange);
  }

  /** Connects nowhere where the path would be cut off. */
  #connect(): Connection {
    if (this.#address.kind === 'unix' && isSocketPathTooLong(this.#address.path)) {
      throw new ConnectionError(this.serverUrl, socketPathTooLong, { hungUp: false });
    }
    return new Connection(this.#address, this.#admit);
  }

  #takeIdle(): Connection | null {
    for (const connection of this.#connections) {
      if (connection.isClosed) {
        this.#connections.delete(connection);
      } else if (connection.isIdle) {
        return connection;
      }
    }
    return null;
  }

  /** Resolves with the body when the headers of the response say 200; nothing of it is read yet. */
  #attempt(connection: Connection, exchange: Exchange): Promise<AsyncGenerator<Buffer, void, void>> {
    const { path, signal } = exchange;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const body = new BodyStream(connection);
      const onAbort = (): void => {
        connection.fail(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort);
      connection.exchange(this.#requestText(exchange), {
        head: ({ status, reason }) => {
          if (status === 200) {
            resolve(body.read());
          } else {
            connection.fail(
              status === 401
                ? new UnauthorizedError(path, reason)
                : new HttpStatusError(path, status, reason),
            );
          }
        },
        data: (bytes) => {
          body.push(bytes);
        },
        end: () => {
          signal?.removeEventListener('abort', onAbort);
          body.end(null);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', onAbort);
          const failure = signal?.aborted === true ? signal.reason : this.#failure(error);
          // Of the two, the one that is waited for hears of it.
          reject(failure);
          body.end(failure);
        },
      });
    });
  }

  #requestText({ method, path, headers, body }: Exchange): string {
    const length = method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {};
    const lines = Object.entries({ ...this.#headers, ...headers, ...length }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  }

  #failure(error: unknown): unknown {
    if (
      error instanceof HttpStatusError ||
      error instanceof UntrustedServerError ||
      !(error instanceof Error)
    ) {
      return error;
    }
    return new ConnectionError(this.serverUrl, errnoOf(error), {
      cause: error,
      hungUp: error instanceof HangUpError,
    });
  }
}

function hostHeader(address: ServerAddress): string {
  if (address.kind === 'unix') {
    return 'localhost';
  }
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}

/** Over TCP nothing can be told of a server, and without credentials there is nothing to keep from it. */
function admissionTo(
  address: ServerAddress,
  credentials: Credentials | null,
): ((fd: number | null) => void) | null {
  if (address.kind !== 'unix' || credentials === null) {
    return null;
  }
  return (fd) => checkServer(address.path, fd);
}

function authorizationHeaders(credentials: Credentials | null): Headers {
  if (credentials === null) {
    return {};
  }
  const token = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return { Authorization: `Basic ${token}` };
}

/** The errno of an error of Node's. */
function errnoOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'UNKNOWN';
}
