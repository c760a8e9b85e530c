/**
 * HTTP to one daemon, over TCP or a unix socket, with Basic authentication.
 *
 * Connections are kept for the next call. There is no timeout: `startProcess` answers when the program runs, a tail
 * never ends; whoever wants one passes a signal.
 */
import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import { ConnectionError, HttpStatusError, UnauthorizedError } from './errors.ts';
import type { ServerAddress } from './server-url.ts';
import { parseServerUrl } from './server-url.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface TransportOptions {
  readonly serverUrl: string;
  readonly credentials?: Credentials | null;
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Buffer;
  /** `kept`: a connection that may have served before and may again; `own`: one for this exchange alone. */
  readonly connection: 'kept' | 'own';
  readonly signal?: AbortSignal | undefined;
}

export class HttpTransport {
  readonly serverUrl: string;
  readonly #address: ServerAddress;
  readonly #authorization: OutgoingHttpHeaders;
  readonly #agent = new Agent({ keepAlive: true });

  /** @throws BadServerUrlError */
  constructor(options: TransportOptions) {
    this.serverUrl = options.serverUrl;
    this.#address = parseServerUrl(options.serverUrl);
    this.#authorization = authorizationHeaders(options.credentials ?? null);
  }

  /**
   * Posts an XML document and returns the whole reply.
   *
   * @throws ConnectionError, HttpStatusError, UnauthorizedError; the signal's reason once it is aborted.
   */
  async post(path: string, xml: string, signal?: AbortSignal): Promise<Buffer> {
    const body = Buffer.from(xml);
    const headers = {
      'Content-Type': 'text/xml',
      'Content-Length': body.length,
      Accept: 'text/xml',
    };
    const response = await this.#exchange({
      method: 'POST',
      path,
      headers,
      body,
      connection: 'kept',
      signal,
    });
    return this.#readAll(response, signal);
  }

  /**
   * Gets a whole document.
   *
   * @throws as {@link post}.
   */
  async get(path: string, signal?: AbortSignal): Promise<Buffer> {
    const headers = { Accept: '*/*' };
    const response = await this.#exchange({ method: 'GET', path, headers, connection: 'kept', signal });
    return this.#readAll(response, signal);
  }

  /**
   * Opens a stream of text that the server may never end; the caller reads it to its end or destroys it.
   *
   * @throws as {@link post}.
   */
  stream(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    // Compat: asked to close the connection at the end, the original collects 64 kB before it sends anything.
    const headers = { Accept: '*/*', Connection: 'keep-alive' };
    return this.#exchange({ method: 'GET', path, headers, connection: 'own', signal });
  }

  /** Closes the kept connections. Calls still running fail; calls after this open new connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #readAll(response: IncomingMessage, signal?: AbortSignal): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.#failure(error, signal);
    }
    return Buffer.concat(chunks);
  }

  /** Resolves with the response when its headers say 200; the body is not read yet. */
  async #exchange(exchange: Exchange): Promise<IncomingMessage> {
    const { path, signal } = exchange;
    const response = await this.#send(exchange);
    const { statusCode = 0, statusMessage = '' } = response;
    if (statusCode === 200) {
      return response;
    }
    response.destroy();
    signal?.throwIfAborted();
    throw statusCode === 401
      ? new UnauthorizedError(path, statusMessage)
      : new HttpStatusError(path, statusCode, statusMessage);
  }

  async #send(exchange: Exchange): Promise<IncomingMessage> {
    try {
      return await this.#attempt(exchange);
    } catch (error) {
      if (!(error instanceof StaleConnection)) {
        throw error;
      }
      return await this.#attempt({ ...exchange, connection: 'own' });
    }
  }

  #attempt(exchange: Exchange): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      exchange.signal?.throwIfAborted();
      const outgoing = request(this.#requestOptions(exchange));
      outgoing.once('response', resolve);
      outgoing.on('error', (error) => {
        reject(isStale(outgoing, error) ? new StaleConnection() : this.#failure(error, exchange.signal));
      });
      outgoing.end(exchange.body);
    });
  }

  #requestOptions(exchange: Exchange): RequestOptions {
    const address = this.#address;
    return {
      ...(address.kind === 'unix'
        ? { socketPath: address.path, host: 'localhost' }
        : { host: address.host, port: address.port }),
      method: exchange.method,
      path: exchange.path,
      agent: exchange.connection === 'kept' ? this.#agent : false,
      headers: { 'User-Agent': 'supervisord-ts', ...exchange.headers, ...this.#authorization },
      ...(exchange.signal === undefined ? {} : { signal: exchange.signal }),
    };
  }

  #failure(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted === true) {
      return signal.reason;
    }
    if (!(error instanceof Error)) {
      return error;
    }
    return new ConnectionError(this.serverUrl, errnoOf(error), { cause: error, hungUp: isHangUp(error) });
  }
}

function authorizationHeaders(credentials: Credentials | null): OutgoingHttpHeaders {
  if (credentials === null) {
    return {};
  }
  const token = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return { Authorization: `Basic ${token}` };
}

/** A kept connection that the server had closed in the meantime: the request never reached it. */
class StaleConnection extends Error {}

function isStale(outgoing: ClientRequest, error: Error): boolean {
  const errno = errnoOf(error);
  return outgoing.reusedSocket && (errno === 'ECONNRESET' || errno === 'EPIPE');
}

/** The errno of an error of Node's. */
function errnoOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'UNKNOWN';
}

function isHangUp(error: Error): boolean {
  return error.message === 'socket hang up' || error.message === 'aborted';
}
