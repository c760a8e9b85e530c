/**
 * One connection to a daemon, which carries one exchange after the other.
 *
 * Not node:http: that takes a short-lived program longer to load and to warm up than all the rest of its work.
 */
import { connect, type Socket } from 'node:net';
import { descriptorOf } from '../../native/socket-descriptor.ts';
import type { ServerAddress } from '../server-url.ts';
import type { BodySource } from './body-stream.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';

/** What hears of an exchange; after `end` or `fail` nothing more. */
export interface ExchangeSink extends ResponseSink {
  /** The connection failed, or ended before the response did. */
  fail(error: unknown): void;
}

/** The connection ended before the response was complete. */
export class HangUpError extends Error {
  override readonly name = 'HangUpError';
  readonly code = 'ECONNRESET';
}

interface RunningExchange {
  readonly parser: ResponseParser;
  readonly sink: ExchangeSink;
}

export class Connection implements BodySource {
  readonly #socket: Socket;
  #running: RunningExchange | null = null;
  /** A request that is not sent before it is known who gets it. */
  #held: string | null = null;
  #isAdmitted: boolean;
  #hasServed = false;
  #hasHeard = false;

  /**
   * Begins to connect; what goes wrong is told to the first exchange.
   *
   * @param admit looks at the connection before anything is sent over it, and throws what is wrong with it; null: nothing is.
   */
  constructor(address: ServerAddress, admit: ((fd: number | null) => void) | null) {
    this.#isAdmitted = admit === null;
    this.#socket = connect(
      address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port },
    );
    this.#socket.setNoDelay(true);
    if (admit !== null) {
      this.#socket.on('connect', () => {
        this.#onConnect(admit);
      });
    }
    this.#socket.on('data', (bytes) => {
      this.#hear(bytes);
    });
    this.#socket.on('error', (error) => {
      this.fail(error);
    });
    this.#socket.on('close', () => {
      this.#onClose();
    });
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Another exchange may begin. */
  get isIdle(): boolean {
    return this.#running === null && !this.isClosed;
  }

  /** The latest exchange followed another and got no byte of an answer: the server had closed before it came. */
  get wasStale(): boolean {
    return this.#hasServed && !this.#hasHeard;
  }

  /** Sends a request. */
  exchange(request: string, sink: ExchangeSink): void {
    this.#running = { parser: new ResponseParser(sink), sink };
    this.#hasHeard = false;
    this.#socket.ref();
    if (this.#isAdmitted) {
      this.#socket.write(request);
    } else {
      this.#held = request;
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  abandon(): void {
    if (this.#running !== null) {
      this.#running = null;
      this.#socket.destroy();
    }
  }

  /** Closes the connection; an exchange that runs is told why. */
  fail(error: unknown): void {
    const sink = this.#running?.sink;
    this.#running = null;
    this.#socket.destroy();
    sink?.fail(error);
  }

  /** Nothing has been read yet. */
  #onConnect(admit: (fd: number | null) => void): void {
    try {
      admit(descriptorOf(this.#socket));
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#isAdmitted = true;
    if (this.#held !== null) {
      this.#socket.write(this.#held);
      this.#held = null;
    }
  }

  #hear(bytes: Buffer): void {
    const running = this.#running;
    if (running === null) {
      // An answer to nothing.
      this.#socket.destroy();
      return;
    }
    this.#hasHeard = true;
    try {
      running.parser.push(bytes);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (running.parser.isComplete && this.#running === running) {
      this.#rest(running.parser.isPersistent);
    }
  }

  #rest(isPersistent: boolean): void {
    this.#running = null;
    this.#hasServed = true;
    if (isPersistent) {
      // A connection that nobody uses keeps no program alive.
      this.#socket.unref();
    } else {
      this.#socket.destroy();
    }
  }

  #onClose(): void {
    if (this.#running?.parser.close() === true) {
      this.#running = null;
    } else {
      this.fail(new HangUpError('the server ended the connection'));
    }
  }
}
