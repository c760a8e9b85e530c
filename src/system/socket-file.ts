/** The file of a socket that was just bound to, held so that nothing else is changed in its place. */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  type Stats,
} from 'node:fs';

import { UnsafePathError } from './path-trust.ts';

/** Node has no name for it; on Linux it is the same wherever Node runs. */
const O_PATH = 0o10000000;

export class SocketFile {
  readonly own: Stats;
  readonly #fd: number;
  readonly #path: string;

  private constructor(fd: number, own: Stats, path: string) {
    this.#fd = fd;
    this.own = own;
    this.#path = path;
  }

  /**
   * Holds what is at the path of a bound socket. Throws errors of the system, and {@link UnsafePathError} where others have
   * put something else there: a link, a file, or another name of a socket that is elsewhere.
   */
  static open(path: string): SocketFile {
    const fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
    try {
      const own = fstatSync(fd);
      if (!own.isSocket() || own.nlink !== 1) {
        throw new UnsafePathError('somebody has put something else in its place');
      }
      const held = `/proc/self/fd/${fd}`;
      return new SocketFile(fd, own, existsSync(held) ? held : path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  chmod(mode: number): void {
    chmodSync(this.#path, mode);
  }

  chown(uid: number, gid: number): void {
    chownSync(this.#path, uid, gid);
  }

  /** Lets go of it; the file stays. */
  close(): void {
    closeSync(this.#fd);
  }
}
