/**
 * Keeps connections that ask for nothing from piling up.
 *
 * A new connection must bring its first request within a deadline, however slowly it drips. One that waits for its
 * next request may do so for long, since interactive clients keep theirs, but only so many may wait at a time:
 * beyond that the one that has waited longest is closed. Connections with a request in progress are left alone.
 */
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Milliseconds from the connection to the end of the first request's header. */
  readonly firstRequestTimeoutMs: number;
  /** Connections without a request in progress. */
  readonly maxWaiting: number;
}

interface Connection {
  /** Requests that have come in and are not answered yet; several when the client does not wait for answers. */
  inProgress: number;
  readonly deadline: NodeJS.Timeout;
}

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #all = new Map<Socket, Connection>();
  /** Those without a request in progress, longest wait first. */
  readonly #waiting = new Set<Socket>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** A new connection; forgotten by itself once it is closed. */
  opened(socket: Socket): void {
    const deadline = setTimeout(() => socket.destroy(), this.#limits.firstRequestTimeoutMs);
    this.#all.set(socket, { inProgress: 0, deadline });
    socket.once('close', () => {
      clearTimeout(deadline);
      this.#all.delete(socket);
      this.#waiting.delete(socket);
    });
    this.#wait(socket);
  }

  /** A request has come in on it. */
  requested(socket: Socket): void {
    const connection = this.#all.get(socket);
    if (connection !== undefined) {
      clearTimeout(connection.deadline);
      connection.inProgress += 1;
      this.#waiting.delete(socket);
    }
  }

  /** A request of it has been answered. */
  answered(socket: Socket): void {
    const connection = this.#all.get(socket);
    if (connection !== undefined) {
      connection.inProgress -= 1;
      if (connection.inProgress === 0) {
        this.#wait(socket);
      }
    }
  }

  /** Whether a single request of it is in progress. */
  isAnsweringOne(socket: Socket): boolean {
    return this.#all.get(socket)?.inProgress === 1;
  }

  #wait(socket: Socket): void {
    this.#waiting.add(socket);
    if (this.#waiting.size > this.#limits.maxWaiting) {
      const [longest] = this.#waiting;
      longest?.destroy();
    }
  }
}
