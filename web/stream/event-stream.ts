/**
 * The daemon's event stream: one connection, opened again when it is lost, going on after the last event seen.
 *
 * Not an `EventSource`: that can neither begin after a given event nor tell a refused login from a lost connection,
 * and the choice of what to hear changes while the page is open.
 */
import { ApiError, apiUrl, send } from './api.ts';
import { SseParser } from './sse-parser.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost';

export interface EventStreamHandlers {
  onEvent(event: string, data: unknown): void;
  onState(state: ConnectionState): void;
  /** What was chosen cannot be had (any more): it has to be found out anew what there is. */
  onRefused(): void;
}

const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** Statistics come every two seconds; a stream that is silent for this long is dead. */
const silenceMs = 30_000;

export class EventStream {
  readonly #handlers: EventStreamHandlers;
  #query: Readonly<Record<string, string | undefined>> = {};
  #lastEventId = '';
  #connection: AbortController | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = firstRetryMs;

  constructor(handlers: EventStreamHandlers) {
    this.#handlers = handlers;
  }

  /** Opens the stream after an event, or where it was left. */
  open(lastEventId?: string): void {
    if (lastEventId !== undefined) {
      this.#lastEventId = lastEventId;
    }
    this.close();
    void this.#run();
  }

  /** Chooses what to hear, and opens the stream again with it when it is open. */
  choose(query: Readonly<Record<string, string | undefined>>): void {
    const isSame = JSON.stringify(query) === JSON.stringify(this.#query);
    this.#query = query;
    if (!isSame && this.isActive) {
      this.open();
    }
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#connection?.abort();
    this.#connection = null;
  }

  /** Whether it is open, or will be by itself. */
  get isActive(): boolean {
    return this.#connection !== null || this.#retry !== undefined;
  }

  /** Tries at once instead of at the end of the pause. */
  hurry(): void {
    if (this.#retry !== undefined) {
      this.open();
    }
  }

  async #run(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#handlers.onState('connecting');
    let isRefused = false;
    try {
      await this.#read(connection);
    } catch (error) {
      if (connection.signal.aborted && this.#connection !== connection) {
        return;
      }
      if (error instanceof ApiError && error.status === 401) {
        this.#connection = null;
        return;
      }
      isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    }
    if (this.#connection === connection) {
      this.#connection = null;
      this.#handlers.onState('lost');
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        if (isRefused) {
          this.#handlers.onRefused();
        } else {
          void this.#run();
        }
      }, this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    }
  }

  async #read(connection: AbortController): Promise<void> {
    const response = await send(apiUrl(['events'], this.#query), {
      signal: connection.signal,
      headers: {
        Accept: 'text/event-stream',
        ...(this.#lastEventId !== '' && { 'Last-Event-ID': this.#lastEventId }),
      },
    });
    this.#retryMs = firstRetryMs;
    this.#handlers.onState('open');
    const decoder = new TextDecoder();
    const parser = new SseParser();
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const rearm = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => connection.abort(), silenceMs);
    };
    try {
      rearm();
      for await (const value of piecesOf(response)) {
        rearm();
        for (const message of parser.push(decoder.decode(value, { stream: true }))) {
          this.#handlers.onEvent(message.event, JSON.parse(message.data));
          if (connection.signal.aborted) {
            return;
          }
        }
        this.#lastEventId = parser.lastId || this.#lastEventId;
      }
    } finally {
      clearTimeout(watchdog);
    }
  }
}

/** Not every browser can iterate over a body. */
async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) {
      return;
    }
    yield piece.value;
  }
}
