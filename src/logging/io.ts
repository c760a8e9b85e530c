/**
 * The system calls that logging makes, as a bare list, so that a test can stand in for a full disk or a
 * reader that has gone to sleep.
 *
 * Nothing here waits and nothing throws: a call returns its result or the name of the errno. Descriptors
 * belong to whoever opened them.
 *
 * Paths are safe to use in directories that others can write, as `system/safe-paths.ts` says: what somebody has put there
 * for the daemon to trip over is refused, and in place of the errno's name is a sentence that says why.
 */
import type { Descriptor, DescriptorIo } from '../system/descriptor.ts';
import type { KeptLink } from '../system/place.ts';
import type { Errno } from '../system/system.ts';

/** What kind of file a path or a descriptor refers to. */
export type FileKind = 'file' | 'fifo' | 'socket' | 'tty' | 'device' | 'directory' | 'other';

/** What `stat` tells that logging wants to know. */
export interface FileFacts {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  readonly device: number;
  readonly inode: number;
  /** Number of names; 0: the file has been removed and lives on in open descriptors only. */
  readonly links: number;
}

export interface LogIo extends DescriptorIo {
  /** Writes to a regular file from `offset` to the end of `buffer`, as far as it goes. */
  append(fd: Descriptor, buffer: Uint8Array, offset: number): number | Errno;
  open(path: string, flags: number, mode: number): Descriptor | Errno;
  fstat(fd: Descriptor): FileFacts | Errno;
  /** Null when it is no symbolic link. */
  readlink(path: string): KeptLink | null;
  /** Names of the entries of a directory. */
  list(path: string): readonly string[] | Errno;
  /**
   * Takes the files of a user, if one is given, for logs at this path and its backups, and follows the links of root and of
   * the daemon's user that are there now, until what it returns is called. A directory: for all that is in it.
   */
  admit(path: string, uid: number | null): () => void;
  /**
   * Removes a regular file, or a link to one; anything else stays, and the answer is `EINVAL`. The space of a large one is freed
   * a little later, beside the event loop.
   */
  unlink(path: string): Errno | null;
}

/** True when two answers of `stat` are about one and the same file. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return a.inode === b.inode && a.device === b.device;
}
