/**
 * Keeps connections that ask for nothing from piling up.
 *
 * A new connection must bring its first request within a deadline, however slowly it drips. One that waits for its
 * next request may do so for long, since interactive clients keep theirs, but once it has begun to send that must come
 * within a deadline too. Only so many may wait at a time: beyond that the one that has waited longest is closed.
 * Connections with a request in progress are left alone.
 */
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Milliseconds from the connection to the end of the first request's header. */
  readonly firstRequestTimeoutMs: number;
  /** How often it is looked whether a kept connection has begun a request; seen so twice in a row, it is too slow. */
  readonly nextRequestCheckMs: number;
  /** Connections without a request in progress. */
  readonly maxWaiting: number;
}

interface Connection {
  /** Requests that have come in and are not answered yet; several when the client does not wait for answers. */
  inProgress: number;
  deadline: NodeJS.Timeout;
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
    const connection: Connection = { inProgress: 0, deadline };
    this.#all.set(socket, connection);
    socket.once('close', () => {
      clearTimeout(connection.deadline);
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
      if (connection.inProgress === 0 && !socket.destroyed) {
        this.#wait(socket);
        connection.deadline = this.#watch(socket, connection, socket.bytesRead);
      }
    }
  }

  /** Whether a single request of it is in progress. */
  isAnsweringOne(socket: Socket): boolean {
    return this.#all.get(socket)?.inProgress === 1;
  }

  /** `bytesBefore`: what had been read of it when it began to wait. */
  #watch(socket: Socket, connection: Connection, bytesBefore: number, hasBegun = false): NodeJS.Timeout {
    return setTimeout(() => {
      const isIncomplete = socket.bytesRead > bytesBefore;
      if (isIncomplete && hasBegun) {
        socket.destroy();
      } else {
        connection.deadline = this.#watch(socket, connection, bytesBefore, isIncomplete);
      }
    }, this.#limits.nextRequestCheckMs);
  }

  #wait(socket: Socket): void {
    this.#waiting.add(socket);
    if (this.#waiting.size > this.#limits.maxWaiting) {
      const [longest] = this.#waiting;
      longest?.destroy();
    }
  }
}
