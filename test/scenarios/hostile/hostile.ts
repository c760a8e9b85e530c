/** What hostile clients do, and what is looked at while they do. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';

/** Megabytes of the heap of the daemons here: what makes them need more ends them. */
const heapMegabytes = 64;

/** A daemon with a small heap, a server on an address, and a program that has written a log. */
export async function startVictim(
  sandbox: Sandbox,
  options: {
    readonly programs?: string;
    /** Lines of the server on an address. */
    readonly inet?: string;
    /** Limit of open files that it is started with. */
    readonly maxFiles?: number;
  } = {},
) {
  const port = await freePort();
  const config = writeConfig(
    sandbox,
    `[inet_http_server]\nport=127.0.0.1:${port}\n${options.inet ?? ''}\n\n${options.programs ?? ''}`,
    'minfds=64\n',
  );
  const limit = options.maxFiles === undefined ? '' : `ulimit -n ${options.maxFiles}\n`;
  const supervisord = sandbox.write(
    'supervisord.sh',
    `#!/bin/sh\n${limit}exec ${ours.supervisord} "$@"\n`,
    0o755,
  );
  const daemon = await startDaemon(
    sandbox,
    { ...ours, supervisord },
    {
      ...config,
      env: { NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}` },
    },
  );
  return { ...config, daemon, port };
}

/** Megabytes of memory that a process takes up now. */
export function residentMegabytes(pid: number): number {
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Clients that belong together, on an address of this machine. */
export class Crowd {
  readonly #port: number;
  readonly #sockets: Socket[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  get closed(): number {
    return this.#sockets.filter(({ destroyed }) => destroyed).length;
  }

  /** Connects and sends; `read`: also takes what is answered. Resolves when all is written, or the connection has ended. */
  async send(bytes: string | Uint8Array, { read = true } = {}): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1');
    this.#sockets.push(socket);
    socket.on('error', () => undefined);
    if (read) {
      socket.resume();
    }
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.once('connect', () => socket.write(bytes, () => resolve()));
    });
    return socket;
  }

  /** The same by so many at once. */
  async sendAll(count: number, bytes: string | Uint8Array, options: { read?: boolean } = {}): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.send(bytes, options)));
  }

  leave(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}

/** The beginning of a POST whose last byte never comes. */
export function unfinishedPost(path: string, bytes: number): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.alloc(bytes - 1, 'x')]);
}
