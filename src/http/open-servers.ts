/**
 * All HTTP servers of the daemon: opened before anything else is touched, answering later, closed last.
 */
import { isLoopback } from '../config/loopback.ts';
import { repr } from '../config/python/repr.ts';
import type { HttpServerSettings } from '../config/settings.ts';
import type { ListenFailure, ListenOutcome } from './listen.ts';
import { listenInet } from './listen-inet.ts';
import { listenUnix, type UnixListenHost } from './listen-unix.ts';
import type { SharedCount } from './limits/connections.ts';
import type { MemoryKeeper } from './limits/memory-keeper.ts';
import { maxDescriptorOf } from './limits/descriptors.ts';
import { HttpServer, type HttpApp, usualLimits } from './server.ts';

export interface HttpServers {
  /**
   * Begins to answer. Requests that came in since the servers were opened have waited for this. `announce` is called
   * for each server before anything is logged of it.
   */
  start(app: HttpApp, announce: () => void): void;
  /** Stops listening, unlinks the socket files and ends all connections, those with an answer under way last. */
  close(): Promise<void>;
}

export type OpenOutcome =
  { readonly ok: true; readonly servers: HttpServers } | ({ readonly ok: false } & ListenFailure);

interface OpenServer {
  readonly http: HttpServer;
  release(): void;
}

export interface ListenHost extends UnixListenHost {
  /** The limit of open descriptors of this process. */
  readonly maxDescriptors: number;
  /** Null: memory is left to itself. */
  readonly memory: MemoryKeeper | null;
}

/** Connections of all servers on addresses together. */
const maxInetConnections = 1024;
/** Milliseconds for answers under way when the daemon closes its servers. */
const closeGraceMs = 1000;

/** Opens the servers in the given order; at the first that fails those before it are closed again. */
export async function openHttpServers(
  settings: readonly HttpServerSettings[],
  host: ListenHost,
): Promise<OpenOutcome> {
  const open: OpenServer[] = [];
  const shared: SharedCount = { open: 0, max: maxInetConnections };
  for (const one of settings) {
    const maxDescriptor = maxDescriptorOf(one.family, host.maxDescriptors);
    const http = new HttpServer(
      one,
      { ...usualLimits, maxDescriptor },
      { shared: one.family === 'inet' ? shared : null, memory: host.memory },
    );
    const outcome = await listen(http, host);
    if (!outcome.ok) {
      http.server.close();
      await closeAll(open);
      return outcome;
    }
    open.push({ http, release: () => outcome.release() });
  }
  if (open.length > 0) {
    host.memory?.begin();
  }
  return {
    ok: true,
    servers: {
      start: (app, announce) => {
        for (const { http } of open) {
          announce();
          startOne(http, app);
        }
      },
      close: async () => {
        await closeAll(open);
        host.memory?.end();
      },
    },
  };
}

function listen(http: HttpServer, host: ListenHost): Promise<ListenOutcome> {
  const { settings, server } = http;
  return settings.family === 'unix' ? listenUnix(server, settings, host) : listenInet(server, settings);
}

function startOne(http: HttpServer, app: HttpApp): void {
  const { section, credentials } = http.settings;
  if (credentials === null) {
    app.log('critical', `Server ${repr(section)} running without any HTTP authentication checking`);
    const danger = dangerOf(http.settings);
    if (danger !== null) {
      app.log('critical', danger);
    }
  }
  http.start(app);
}

/** What a server without a password lets others do who can reach it; null where nobody else can. */
function dangerOf(settings: HttpServerSettings): string | null {
  if (settings.family === 'unix' || isLoopback(settings.host)) {
    return null;
  }
  const where = settings.host === '' ? 'all addresses of this machine' : settings.host;
  const who = process.getuid?.() === 0 ? 'root' : 'the user of this daemon';
  return (
    `Whoever reaches ${where}, port ${settings.port}, can do here what ${who} can: set username and password in ` +
    `[${settings.section}], or port=127.0.0.1:${settings.port}`
  );
}

async function closeAll(open: readonly OpenServer[]): Promise<void> {
  for (const server of open) {
    server.release();
  }
  await Promise.all(open.map(({ http }) => http.close(closeGraceMs)));
}
