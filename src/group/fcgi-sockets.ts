/**
 * The sockets of the active `[fcgi-program:x]` groups. Each is opened when the first process of its group needs it, kept
 * while any of them runs or is about to be started again, and closed with the last.
 *
 * Source: Supervisor manual, "[fcgi-program:x] Section Settings"; observed, B9.3.
 */
import type { FcgiSocketSettings, GroupSettings, LogLevel } from '../config/settings.ts';
import type { SharedSocket, SharedSocketOutcome } from '../process/shared-socket.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { System } from '../system/system.ts';

export interface SocketHost {
  readonly system: Pick<System, 'listen' | 'close'>;
  log(level: LogLevel, message: string): void;
}

/** By name of the group, made when it is first asked for. */
export class FcgiSockets {
  readonly #host: SocketHost;
  readonly #sockets = new Map<string, FcgiSocket>();

  constructor(host: SocketHost) {
    this.#host = host;
  }

  /** The socket of a group; null for one that has none. */
  of(group: GroupSettings): SharedSocket | null {
    return this.#find(group);
  }

  /** Opens and closes the socket of a group that becomes active, so that a mistake is noticed. Null, or what is wrong. */
  check(group: GroupSettings): string | null {
    const socket = this.#find(group);
    const opened = socket?.acquire(this);
    socket?.release(this);
    return opened?.ok === false ? opened.message : null;
  }

  /** Forgets the socket of a group, which none of its processes holds any more. */
  remove(groupName: string): void {
    this.#sockets.delete(groupName);
  }

  #find(group: GroupSettings): FcgiSocket | null {
    if (group.kind !== 'fcgi-program') {
      return null;
    }
    let socket = this.#sockets.get(group.name);
    if (socket === undefined) {
      socket = new FcgiSocket(group.socket, this.#host);
      this.#sockets.set(group.name, socket);
    }
    return socket;
  }
}

class FcgiSocket implements SharedSocket {
  readonly #settings: FcgiSocketSettings;
  readonly #host: SocketHost;
  readonly #holders = new Set<object>();
  #fd: Descriptor | null = null;

  constructor(settings: FcgiSocketSettings, host: SocketHost) {
    this.#settings = settings;
    this.#host = host;
  }

  acquire(holder: object): SharedSocketOutcome {
    const { url, backlog } = this.#settings;
    if (this.#fd === null) {
      this.#host.log('info', `Creating socket ${url}`);
      const opened = this.#host.system.listen(this.#settings, backlog);
      if (!opened.ok) {
        const { reason } = opened;
        return { ok: false, message: `could not create FastCGI socket ${url}: ${reason}`, reason };
      }
      this.#fd = opened.fd;
    }
    this.#holders.add(holder);
    return { ok: true, fd: this.#fd };
  }

  release(holder: object): void {
    this.#holders.delete(holder);
    if (this.#holders.size === 0 && this.#fd !== null) {
      this.#host.log('info', `Closing socket ${this.#settings.url}`);
      this.#host.system.close(this.#fd);
      this.#fd = null;
    }
  }
}
