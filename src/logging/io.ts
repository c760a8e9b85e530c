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
  /** Reads from a regular file at a position; 0 at its end. */
  readAt(fd: Descriptor, buffer: Uint8Array, position: number): number | Errno;
  /** Writes to a regular file from `offset` to the end of `buffer`, as far as it goes. */
  append(fd: Descriptor, buffer: Uint8Array, offset: number): number | Errno;
  open(path: string, flags: number, mode: number): Descriptor | Errno;
  fstat(fd: Descriptor): FileFacts | Errno;
  /** Follows symbolic links. */
  stat(path: string): FileFacts | Errno;
  /** Null when it is no symbolic link. */
  readlink(path: string): KeptLink | null;
  /** Names of the entries of a directory. */
  list(path: string): readonly string[] | Errno;
  /**
   * Takes the files of a user, if one is given, for logs at this path and its backups, and follows the links of root and of
   * the daemon's user that are there now, until what it returns is called. A directory: for all that is in it.
   */
  admit(path: string, uid: number | null): () => void;
  /** Which of a log (0) and its backups (1, 2 and so on) are there, up to a number. */
  listNumbered(path: string, last: number): ReadonlySet<number> | Errno;
  /**
   * Moves regular files within one directory, one after the other, to names that are free; what is not there is passed over.
   * Ends at the first that cannot be moved: `EEXIST` when there is a file at the other path, and `EINVAL` when either is no
   * regular file.
   */
  rename(moves: readonly Move[]): Errno | null;
  /**
   * Removes a regular file, or a link to one; anything else stays, and the answer is `EINVAL`. The space of a large one is freed
   * a little later, beside the event loop.
   */
  unlink(path: string): Errno | null;
}

/** Paths in one directory: from, to. */
export type Move = readonly [from: string, to: string];

/** True when two answers of `stat` are about one and the same file. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return a.inode === b.inode && a.device === b.device;
}
