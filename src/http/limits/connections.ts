/**
 * Keeps connections from piling up: those that ask for nothing, and all together.
 *
 * A new connection must bring its first request within a deadline, however slowly it drips. One that waits for its
 * next request may do so for long, since interactive clients keep theirs, but once it has begun to send that must come
 * within a deadline too. Only so many connections there may be of one address, of one server, and of all that are not on a
 * socket file. Beyond that the one is closed whose client has owed something for longest: a request, the rest of one, or taking
 * its answer. When nobody owes anything, the new one is refused.
 */
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Milliseconds from the connection to the end of the first request's header. */
  readonly firstRequestTimeoutMs: number;
  /** How often it is looked whether a kept connection has begun a request; seen so twice in a row, it is too slow. */
  readonly nextRequestCheckMs: number;
  /** Connections without a request in progress. */
  readonly maxWaiting: number;
  readonly maxConnections: number;
  /** Of one address; those on a socket file have none. */
  readonly maxOfAddress: number;
  /** Requests of one connection that are not answered yet. */
  readonly maxRequests: number;
  /** Descriptors from this number on are for others; see `descriptors.ts`. */
  readonly maxDescriptor: number;
}

/** Connections of all servers that count together. */
export interface SharedCount {
  open: number;
  readonly max: number;
}

interface Connection {
  readonly address: string | null;
  /** Requests that have come in and are not answered yet; several when the client does not wait for answers. */
  inProgress: number;
  /** It has sent more than may be in progress, and gets nothing more answered. */
  isOverrun: boolean;
  deadline: NodeJS.Timeout;
}

/** Why a connection was closed or refused for lack of room, in the words of a log. */
export type Shortage = string;

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #shared: SharedCount | null;
  readonly #all = new Map<Socket, Connection>();
  readonly #ofAddress = new Map<string, number>();
  /** Those whose client has to do something, longest first. */
  readonly #owing = new Set<Socket>();
  #waiting = 0;

  /** `shared`: counted together with those of other servers. */
  constructor(limits: ConnectionLimits, shared: SharedCount | null = null) {
    this.#limits = limits;
    this.#shared = shared;
  }

  /**
   * A new connection; forgotten by itself once it is closed. `isAccepted`: false, and it is not counted, when there is no room
   * for it. `shortage`: why it was refused, or another was closed for it.
   */
  opened(
    socket: Socket,
    descriptor = 0,
  ): { readonly isAccepted: boolean; readonly shortage: Shortage | null } {
    const address = socket.remoteAddress ?? null;
    const shortage = this.#shortageFor(address, descriptor);
    if (shortage !== null) {
      const isAccepted = this.#closeOne(shortage.concerns) && descriptor < this.#limits.maxDescriptor;
      if (!isAccepted) {
        return { isAccepted, shortage: shortage.text };
      }
    }
    this.#add(socket, address);
    return { isAccepted: true, shortage: shortage?.text ?? null };
  }

  /** A request has come in on it. The first beyond what may be in progress is refused, and the rest gets no answer. */
  requested(socket: Socket): 'accepted' | 'first-too-many' | 'too-many' {
    const connection = this.#all.get(socket);
    if (connection === undefined || connection.isOverrun) {
      return 'too-many';
    }
    clearTimeout(connection.deadline);
    if (connection.inProgress === 0) {
      this.#waiting -= 1;
    }
    connection.inProgress += 1;
    this.#owing.delete(socket);
    connection.isOverrun = connection.inProgress > this.#limits.maxRequests;
    return connection.isOverrun ? 'first-too-many' : 'accepted';
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

  /** Its client has to go on: send the rest of a request, or take its answer. */
  owes(socket: Socket): void {
    if (this.#all.has(socket)) {
      this.#owing.delete(socket);
      this.#owing.add(socket);
    }
  }

  /** Its client has done so. */
  owesNothing(socket: Socket): void {
    if ((this.#all.get(socket)?.inProgress ?? 0) > 0) {
      this.#owing.delete(socket);
    }
  }

  /** Whether a single request of it is in progress. */
  isAnsweringOne(socket: Socket): boolean {
    return this.#all.get(socket)?.inProgress === 1;
  }

  #add(socket: Socket, address: string | null): void {
    const deadline = setTimeout(() => socket.destroy(), this.#limits.firstRequestTimeoutMs);
    const connection: Connection = { address, inProgress: 0, isOverrun: false, deadline };
    this.#all.set(socket, connection);
    this.#count(address, 1);
    socket.once('close', () => {
      clearTimeout(connection.deadline);
      this.#forget(socket);
    });
    this.#waiting += 1;
    this.#owing.add(socket);
    this.#closeSurplusWaiting();
  }

  /** Also while it is still being closed, so that another can take its place at once. */
  #forget(socket: Socket): void {
    const connection = this.#all.get(socket);
    if (connection !== undefined && this.#all.delete(socket)) {
      this.#count(connection.address, -1);
      this.#owing.delete(socket);
      if (connection.inProgress === 0) {
        this.#waiting -= 1;
      }
    }
  }

  #count(address: string | null, change: 1 | -1): void {
    if (this.#shared !== null) {
      this.#shared.open += change;
    }
    if (address !== null) {
      const open = (this.#ofAddress.get(address) ?? 0) + change;
      if (open === 0) {
        this.#ofAddress.delete(address);
      } else {
        this.#ofAddress.set(address, open);
      }
    }
  }

  #shortageFor(
    address: string | null,
    descriptor: number,
  ): { readonly text: Shortage; readonly concerns: string | null } | null {
    const { maxConnections, maxOfAddress, maxDescriptor } = this.#limits;
    if (address !== null && (this.#ofAddress.get(address) ?? 0) >= maxOfAddress) {
      return { text: `${maxOfAddress} are open of ${address}`, concerns: address };
    }
    if (this.#all.size >= maxConnections) {
      return { text: `${maxConnections} are open`, concerns: null };
    }
    if (this.#shared !== null && this.#shared.open >= this.#shared.max) {
      return { text: `${this.#shared.max} are open, with those of other servers`, concerns: null };
    }
    return descriptor >= maxDescriptor
      ? { text: 'the descriptors that are left are for programs and socket files', concerns: null }
      : null;
  }

  /** Closes the one that has owed something for longest, of an address if given; false when there is none. */
  #closeOne(address: string | null): boolean {
    for (const socket of this.#owing) {
      if (address === null || this.#all.get(socket)?.address === address) {
        socket.destroy();
        this.#forget(socket);
        return true;
      }
    }
    return false;
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
    this.#waiting += 1;
    this.owes(socket);
    this.#closeSurplusWaiting();
  }

  #closeSurplusWaiting(): void {
    if (this.#waiting <= this.#limits.maxWaiting) {
      return;
    }
    for (const socket of this.#owing) {
      if (this.#all.get(socket)?.inProgress === 0) {
        socket.destroy();
        this.#forget(socket);
        return;
      }
    }
  }
}
