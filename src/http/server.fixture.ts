/** Real servers over a scripted daemon, in a directory of their own, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HttpServerSettings } from '../config/settings.ts';
import { WriteNotices } from '../logging/write-notices.ts';
import { fakeRpcHost } from '../rpc/control.fixture.ts';
import { freePort } from '../../test/helpers/free-port.ts';
import { NodeClock } from '../system/node-clock.ts';
import type { ActivityRecord } from '../logging/activity-log.ts';
import { Sessions } from './access/sessions.ts';
import type { ActivitySource } from './api/host.ts';
import { makeHttpApp } from './app.ts';
import { openHttpServers, type HttpServers } from './open-servers.ts';
import type { HttpApp } from './server.ts';
import type { StaticAssets } from './static-route.ts';

export type UnixServerSettings = Extract<HttpServerSettings, { readonly family: 'unix' }>;

/** A directory whose name leaves room for a socket's. */
export function makeDirectory(): { readonly directory: string; readonly remove: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'sv-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export function unixSettings(file: string, changes: Partial<UnixServerSettings> = {}): UnixServerSettings {
  return {
    section: 'unix_http_server',
    name: null,
    credentials: null,
    family: 'unix',
    file,
    chmod: 0o700,
    chown: [-1, -1],
    ...changes,
  };
}

interface InetOptions {
  readonly allowedHosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
}

function inetSettings(
  port: number,
  credentials: HttpServerSettings['credentials'],
  { allowedHosts = [], trustedProxies = [] }: InetOptions,
): HttpServerSettings {
  return {
    section: 'inet_http_server',
    name: null,
    credentials,
    family: 'inet',
    host: '127.0.0.1',
    port,
    allowedHosts,
    trustedProxies,
  };
}

const listenHost = {
  pid: process.pid,
  warn: (): void => undefined,
  maxDescriptors: Number.POSITIVE_INFINITY,
  memory: null,
};

/** Opens one server, or throws what it could not. */
async function openOne(settings: HttpServerSettings): Promise<HttpServers> {
  const outcome = await openHttpServers([settings], listenHost);
  if (!outcome.ok) {
    throw new Error(outcome.message);
  }
  return outcome.servers;
}

/** An application of these routes alone. */
export function appOf(routes: HttpApp['routes']): HttpApp {
  const clock = new NodeClock();
  return {
    ready: Promise.resolve(),
    routes,
    clock,
    sessions: new Sessions(clock),
    log: () => undefined,
    reportError: () => undefined,
  };
}

/** An activity log into which a test writes. */
class FakeActivity implements ActivitySource {
  readonly #listeners = new Set<(record: ActivityRecord) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (record: ActivityRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  log(record: ActivityRecord): void {
    this.#listeners.forEach((listener) => listener(record));
  }
}

/** The whole application over a scripted daemon, on a socket file, with its own routes if given. */
export async function serveFake(
  options: InetOptions & {
    readonly credentials?: HttpServerSettings['credentials'];
    readonly family?: 'inet' | 'unix';
    readonly routes?: HttpApp['routes'];
    readonly assets?: StaticAssets;
  },
) {
  const { directory, remove } = makeDirectory();
  const file = path.join(directory, 's.sock');
  const credentials = options.credentials ?? null;
  const port = options.family === 'inet' ? await freePort() : 0;
  const servers = await openOne(
    options.family === 'inet'
      ? inetSettings(port, credentials, options)
      : unixSettings(file, { credentials }),
  );
  const host = fakeRpcHost();
  const logs = { reader: host.reader, clock: new NodeClock(), notices: new WriteNotices() };
  const errors: string[] = [];
  const activity = new FakeActivity();
  const app = makeHttpApp({
    ready: Promise.resolve(),
    rpc: host,
    logs,
    activity,
    assets: options.assets ?? new Map(),
    sessions: new Sessions(host.clock),
    reportError: (where, error) => {
      errors.push(`${where}: ${String(error)}`);
    },
  });
  servers.start({ ...app, routes: options.routes ?? app.routes }, () => undefined);
  return {
    directory,
    file,
    port,
    host,
    activity,
    errors,
    servers,
    close: async () => {
      await servers.close();
      remove();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. */
export function ask(
  at: string | number,
  method: string,
  target: string,
  { headers = {}, body = '' }: { readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        ...(typeof at === 'string' ? { socketPath: at } : { port: at }),
        method,
        path: target,
        headers,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** A connection on which a test writes bytes itself. */
export class RawConnection {
  readonly socket: Socket;
  #received = '';
  #isClosed = false;
  #changed: () => void = () => undefined;

  /** To a socket file, or to a port of this machine. */
  constructor(at: string | number) {
    this.socket = typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at);
    this.socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString();
      this.#changed();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.#isClosed = true;
      this.#changed();
    });
  }

  write(text: string): void {
    this.socket.write(text);
  }

  /** Everything received, as soon as it fulfils `enough`. */
  async receive(enough: (received: string) => boolean): Promise<string> {
    while (!enough(this.#received)) {
      if (this.#isClosed) {
        throw new Error(`the connection was closed after: ${this.#received}`);
      }
      await this.#untilChanged();
    }
    return this.#received;
  }

  /** Everything received until the other end closed the connection. */
  async untilClosed(): Promise<string> {
    while (!this.#isClosed) {
      await this.#untilChanged();
    }
    return this.#received;
  }

  #untilChanged(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}
