import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import path from 'node:path';

import type { Errno } from '../system/system.ts';
import type { LogIo } from './io.ts';
import { repr } from '../config/python/repr.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_WRONLY } = constants;

/** Permissions of AUTO logs, which may hold secrets in a directory open to all. */
export const autoLogMode = 0o600;

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789_';
const randomLength = 8;
const attempts = 100;

export interface AutoLogName {
  readonly processName: string;
  readonly channel: 'stdout' | 'stderr';
  readonly identifier: string;
}

function randomName(): string {
  return [...randomBytes(randomLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/**
 * Creates an empty AUTO log, which nobody had before. Its path, or the errno's name.
 * Source: B16.3.
 */
export function createAutoLog(
  io: LogIo,
  childLogDir: string,
  { processName, channel, identifier }: AutoLogName,
): { readonly path: string } | Errno {
  for (let attempt = 1; ; attempt += 1) {
    const name = `${processName}-${channel}---${identifier}-${randomName()}.log`;
    const logPath = path.join(childLogDir, name);
    const fd = io.open(logPath, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, autoLogMode);
    if (typeof fd !== 'string') {
      io.close(fd);
      return { path: logPath };
    }
    if (fd !== 'EEXIST' || attempt === attempts) {
      return fd;
    }
  }
}

/**
 * The AUTO logs of one life of the daemon. A process that is removed and added again, as `update` does it with one that
 * changed, goes on in the file it had: each change would leave a file behind that nobody looks at or rotates any more.
 */
export class AutoLogs {
  readonly #io: LogIo;
  readonly #childLogDir: string;
  readonly #identifier: string;
  readonly #paths = new Map<string, string>();

  constructor(io: LogIo, childLogDir: string, identifier: string) {
    this.#io = io;
    this.#childLogDir = childLogDir;
    this.#identifier = identifier;
  }

  /** The file for a stream of a process, an empty one the first time. Its path, or the errno's name. */
  pathFor(
    groupName: string,
    processName: string,
    channel: AutoLogName['channel'],
  ): { readonly path: string } | Errno {
    const key = `${groupName}:${processName}:${channel}`;
    const known = this.#paths.get(key);
    if (known !== undefined && this.#isStillThere(known)) {
      return { path: known };
    }
    const identifier = this.#identifier;
    const made = createAutoLog(this.#io, this.#childLogDir, { processName, channel, identifier });
    if (typeof made !== 'string') {
      this.#paths.set(key, made.path);
    }
    return made;
  }

  /** Whoever may write into the folder may have put a link in its place meanwhile. */
  #isStillThere(file: string): boolean {
    const fd = this.#io.open(file, O_WRONLY | O_APPEND | O_NOFOLLOW, autoLogMode);
    if (typeof fd !== 'string') {
      this.#io.close(fd);
    }
    return typeof fd !== 'string';
  }
}

/**
 * Removes the AUTO logs that earlier daemons of the same identifier left, with their backups. Returns
 * warnings for the activity log.
 *
 * Compat: the pattern is the original's and not anchored at its end, so `x---supervisor-y.log.gz` goes too;
 * but the identifier stands for itself there and is no regular expression. Source: B5.10.
 */
export function clearAutoLogs(io: LogIo, childLogDir: string, identifier: string): readonly string[] {
  const escaped = identifier.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(`^.+?---${escaped}-\\S+\\.log\\.{0,1}\\d{0,4}`);
  const names = io.list(childLogDir);
  if (typeof names === 'string') {
    return ['Could not clear childlog dir'];
  }
  return names
    .filter((name) => pattern.test(name))
    .map((name) => path.join(childLogDir, name))
    .filter((file) => io.unlink(file) !== null)
    .map((file) => `Failed to clean up ${repr(file)}`);
}
