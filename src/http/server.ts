/**
 * One HTTP server: takes connections from the moment it listens, and answers from the moment there is something
 * to answer with.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HttpServerSettings, LogLevel } from '../config/settings.ts';
import type { Clock } from '../system/clock.ts';
import { formatAccess } from './access-log.ts';
import { authenticateChallenge } from './access/basic.ts';
import { type Access, Gate } from './access/gate.ts';
import { HostRule } from './access/host-rule.ts';
import type { Sessions } from './access/sessions.ts';
import { refuseMalformed } from './client-error.ts';
import { discardBody } from './body.ts';
import { pathOf, type Exchange } from './exchange.ts';
import { announcesBody } from './body.ts';
import { Connections, type ConnectionLimits, type SharedCount } from './limits/connections.ts';
import { descriptorOf } from '../native/socket-descriptor.ts';
import { HeldAnswers } from './limits/held-answers.ts';
import { refuseConnection } from './limits/refuse-connection.ts';
import type { MemoryKeeper } from './limits/memory-keeper.ts';
import { ignoreRest } from './limits/ignore-rest.ts';
import { Room } from './limits/room.ts';
import { sendError, sendRefusal } from './reply.ts';
import { RequestLife } from './request-life.ts';
import { chooseRoute, type Refusal, type Route } from './routes.ts';

/** What a server answers with. */
export interface HttpApp {
  /** Requests wait for this. Does not reject. */
  readonly ready: Promise<void>;
  readonly routes: readonly Route[];
  readonly sessions: Sessions;
  readonly clock: Clock;
  log(level: LogLevel, message: string): void;
  /** Takes an error that no handler expected; it ends that one request, which is answered with 500. */
  reportError(where: string, error: unknown): void;
}

/** What a server has in common with the others. */
export interface ServerSurroundings {
  /** Connections that count together; null: those of this server count alone. */
  readonly shared: SharedCount | null;
  /** Told how much comes in and goes out. */
  readonly memory: Pick<MemoryKeeper, 'noticed'> | null;
}

export interface ServerLimits extends ConnectionLimits {
  /** Milliseconds a connection may wait for its next request. Interactive clients keep theirs open for long. */
  readonly idleTimeoutMs: number;
  /** Milliseconds without progress after which a client that does not take its answer is dropped. */
  readonly sendTimeoutMs: number;
  /** Bytes of all bodies that have come in and are not answered yet; a single one may have more. */
  readonly maxBodyBytes: number;
  /** Bytes of logs and results that answers are made of; a single one may have more. */
  readonly maxAnswerBytes: number;
  /** Bytes of answers that are complete and not taken yet. */
  readonly maxHeldBytes: number;
}

const mebibyte = 1024 * 1024;

export const usualLimits: ServerLimits = {
  firstRequestTimeoutMs: 15_000,
  nextRequestCheckMs: 30_000,
  maxWaiting: 256,
  maxConnections: 512,
  maxOfAddress: 256,
  maxRequests: 16,
  maxDescriptor: Number.POSITIVE_INFINITY,
  idleTimeoutMs: 30 * 60_000,
  sendTimeoutMs: 60_000,
  maxBodyBytes: 12 * mebibyte,
  maxAnswerBytes: 16 * mebibyte,
  maxHeldBytes: 16 * mebibyte,
};

/** Milliseconds of silence after which the kernel asks whether the other end still exists. */
const probeAfterMs = 60_000;
/** What a connection takes up by itself, about. */
const connectionBytes = 64 * 1024;
/** Milliseconds without a piece of its body after which a request may have to give way to others. */
const bodyGraceMs = 1000;
/** The same for a client that takes its answer. */
const answerGraceMs = 10_000;
/** Milliseconds after which it is said again that connections were closed for lack of room. */
const shortageRepeatMs = 60_000;
/** Node's own switch, which its types do not know: a client that has no more to say may still be waiting for its answer. */
const answersHalfOpen = { httpAllowHalfOpen: true };
/** How long it is waited for; one that has gone altogether looks the same. */
const halfOpenMs = 1000;

/** Never in practice: deadlines are our own, so that an idle server needs no timer. */
const neverMs = 2 ** 31 - 1;

export class HttpServer {
  readonly settings: HttpServerSettings;
  /** For listening; nothing else touches it. */
  readonly server: Server;
  readonly #limits: ServerLimits;
  readonly #connections: Connections;
  readonly #open = new Map<ServerResponse, RequestLife>();
  readonly #app: Promise<{ readonly routes: readonly Route[]; readonly gate: Gate }>;
  #provideApp: (app: { readonly routes: readonly Route[]; readonly gate: Gate }) => void = () => undefined;
  #log: HttpApp['log'] = () => undefined;
  #reportError: HttpApp['reportError'] = () => undefined;
  #acceptFailed = false;
  #nowMs: () => number = () => 0;
  readonly #hostRule: HostRule;
  readonly #bodies: Room;
  readonly #answers: Room;
  readonly #held: HeldAnswers;
  readonly #memory: ServerSurroundings['memory'];
  #shortageToldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    settings: HttpServerSettings,
    limits = usualLimits,
    { shared, memory }: ServerSurroundings = { shared: null, memory: null },
  ) {
    this.settings = settings;
    this.#limits = limits;
    this.#hostRule = new HostRule(settings);
    this.#connections = new Connections(limits, shared);
    this.#memory = memory;
    const nowMs = (): number => this.#nowMs();
    this.#bodies = new Room({ maxBytes: limits.maxBodyBytes, graceMs: bodyGraceMs }, nowMs, (bytes) =>
      memory?.noticed(bytes),
    );
    this.#answers = new Room({ maxBytes: limits.maxAnswerBytes, graceMs: answerGraceMs }, nowMs);
    this.#held = new HeldAnswers(limits.maxHeldBytes, nowMs);
    this.#app = new Promise((resolve) => {
      this.#provideApp = resolve;
    });
    this.server = createServer(
      {
        keepAliveTimeout: limits.idleTimeoutMs,
        headersTimeout: 0,
        requestTimeout: 0,
        connectionsCheckingInterval: neverMs,
        keepAlive: true,
        keepAliveInitialDelay: probeAfterMs,
        requireHostHeader: false,
      },
      (request, response) => void this.#serve(request, response),
    );
    Object.assign(this.server, answersHalfOpen);
    this.server.on('connection', (socket: Socket) => {
      this.#acceptFailed = false;
      this.#onConnection(socket);
    });
    this.server.on('error', (error) => this.#onAcceptError(error));
    this.server.on('clientError', refuseMalformed);
  }

  /** Begins to answer; requests that came in before have waited. Called once, after listening has succeeded. */
  start(app: HttpApp): void {
    this.#log = (level, message) => app.log(level, message);
    this.#reportError = (where, error) => app.reportError(where, error);
    this.#nowMs = () => app.clock.monotonicMs();
    void app.ready.then(() =>
      this.#provideApp({
        routes: app.routes,
        gate: new Gate(this.settings, {
          sessions: app.sessions,
          clock: app.clock,
          warn: (message) => app.log('warn', message),
        }),
      }),
    );
  }

  /**
   * Ends every connection: idle ones at once, followed logs too, and the others when their answer is complete,
   * at the latest after `graceMs`. Resolves when all are closed.
   */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    const timer = setTimeout(() => this.server.closeAllConnections(), graceMs);
    await this.#answersComplete();
    this.server.closeAllConnections();
    await closed;
    clearTimeout(timer);
  }

  /** Lets handlers finish that can do so now, ends those that wait, then waits for what is being sent. */
  async #answersComplete(): Promise<void> {
    await nextTurn();
    const complete = [...this.#open].map(([response, life]) => {
      if (!response.writableEnded) {
        life.abort('the server is closing');
      }
      return life.over();
    });
    await Promise.all(complete);
  }

  #onConnection(socket: Socket): void {
    // Each request of it listens for its end.
    socket.setMaxListeners(2 * this.#limits.maxRequests + 10);
    socket.once('close', () => this.#memory?.noticed(socket.bytesRead + connectionBytes));
    socket.once('end', () => closeSoon(socket));
    const descriptor = descriptorOf(socket) ?? 0;
    const { isAccepted, shortage } = this.#connections.opened(socket, descriptor);
    if (!isAccepted) {
      refuseConnection(socket, { mayLinger: descriptor < this.#limits.maxDescriptor });
    }
    if (shortage !== null) {
      this.#tellShortage(shortage);
    }
  }

  #tellShortage(shortage: string): void {
    if (this.#nowMs() - this.#shortageToldAtMs >= shortageRepeatMs) {
      this.#shortageToldAtMs = this.#nowMs();
      const { section } = this.settings;
      this.#log(
        'warn',
        `too many connections to [${section}]: ${shortage}; those that wait longest are closed, then new ones refused`,
      );
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const place = this.#connections.requested(socket);
    if (place === 'too-many') {
      return;
    }
    const life = new RequestLife(request, response);
    const { signal, whenOver } = life;
    const bytesBefore = socket.bytesWritten;
    if (announcesBody(request)) {
      this.#connections.owes(socket);
      request.once('end', () => this.#connections.owesNothing(socket));
    }
    this.#open.set(response, life);
    whenOver(() => {
      this.#open.delete(response);
      this.#connections.answered(socket);
      this.#memory?.noticed(socket.bytesWritten - bytesBefore);
      this.#log('trace', formatAccess(request, response.statusCode, socket.bytesWritten - bytesBefore));
    });
    // A connection that breaks is told by `close` as well.
    response.on('error', () => undefined);
    try {
      if (place === 'first-too-many') {
        ignoreRest(socket);
        socket.pause();
        sendError(response, 503, { Connection: 'close' });
      } else {
        await this.#answer(request, response, life);
      }
    } catch (error) {
      // Whoever gives up because nobody waits any more has not failed.
      if (error !== signal.reason) {
        this.#onHandlerError(error, request, response);
      }
    }
    if (!response.writableEnded) {
      response.destroy();
    } else if (!response.writableFinished) {
      this.#connections.owes(socket);
      this.#held.add({ request, response, whenOver });
      if (this.#connections.isAnsweringOne(socket)) {
        socket.setTimeout(this.#limits.sendTimeoutMs);
      }
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    { signal, whenOver }: Pick<Exchange, 'signal' | 'whenOver'>,
  ): Promise<void> {
    const { routes, gate } = await this.#app;
    const path = pathOf(request.url ?? '');
    const choice = path === null ? null : chooseRoute(routes, request.method ?? '', path);
    const route = choice?.ok === true ? choice.route : null;
    const access = await gate.examine(request, signal);
    const exchange: Exchange = {
      request,
      response,
      path: path ?? '',
      signal,
      access,
      gate,
      bodies: this.#bodies,
      answers: this.#answers,
      whenOver,
    };
    if (access.verdict === 'dropped') {
      response.destroy();
      return;
    }
    const isOpen = route?.isOpen?.(exchange.path) === true;
    const refusal =
      this.#hostRule.refusalOf(request, route, this.#told()) ?? (isOpen ? null : refusalOf(access));
    if (refusal !== null) {
      await discardBody(exchange);
      if (route?.refuse === undefined) {
        sendRefusal(response, refusal);
      } else {
        route.refuse(exchange, refusal);
      }
    } else if (route === null) {
      sendError(response, choice?.ok === false ? choice.status : 400);
    } else {
      await route.handle(exchange);
    }
  }

  #told(): { readonly nowMs: number; readonly warn: (message: string) => void } {
    return { nowMs: this.#nowMs(), warn: (message) => this.#log('warn', message) };
  }

  #onHandlerError(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    this.#reportError(`the request ${request.method} ${pathOf(request.url ?? '')}`, error);
    if (!response.headersSent) {
      sendError(response, 500, { Connection: 'close' });
    }
  }

  /** Such as no descriptor being left: said once, until connections are accepted again. */
  #onAcceptError(error: Error): void {
    if (!this.#acceptFailed) {
      this.#acceptFailed = true;
      this.#log('error', `cannot accept connections of [${this.settings.section}]: ${error.message}`);
    }
  }
}

/** Null for who is let in. */
function refusalOf({ verdict }: Access): Refusal | null {
  if (verdict === 'granted') {
    return null;
  }
  const headers = { Connection: 'close' };
  if (verdict === 'malformed') {
    return { status: 400, detail: 'The Authorization header cannot be read', headers };
  }
  return {
    status: 401,
    detail: 'A user name and password are needed',
    headers: { ...headers, 'WWW-Authenticate': authenticateChallenge },
  };
}

function closeSoon(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), halfOpenMs);
  socket.once('close', () => clearTimeout(timer));
}
