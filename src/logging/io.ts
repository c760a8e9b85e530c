/**
 * The system calls that logging makes, as a bare list, so that a test can stand in for a full disk or a
 * reader that has gone to sleep.
 *
 * Nothing here waits and nothing throws: a call returns its result or the name of the errno. Descriptors
 * belong to whoever opened them.
 */
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

export interface LogIo {
  /** Asks for a pipe that holds so many bytes; how many it holds now. */
  resizePipe(fd: number, bytes: number): number | Errno;
  /** Fills `buffer` from its start; 0 means the end of the stream, `EAGAIN` that nothing is there yet. */
  readAvailable(fd: number, buffer: Uint8Array): number | Errno;
  /** Reads from a regular file at a position; 0 at its end. */
  readAt(fd: number, buffer: Uint8Array, position: number): number | Errno;
  /** Writes to a regular file from `offset` to the end of `buffer`, as far as it goes. */
  append(fd: number, buffer: Uint8Array, offset: number): number | Errno;
  /** The same for a descriptor that could block; `EAGAIN` when it takes nothing now. */
  writeSome(fd: number, buffer: Uint8Array, offset: number): number | Errno;
  /** Changes O_NONBLOCK of the open file description, which other processes may share. */
  setNonBlocking(fd: number, nonBlocking: boolean): Errno | null;
  open(path: string, flags: number, mode: number): number | Errno;
  /** An already closed descriptor is ignored. */
  close(fd: number): void;
  fstat(fd: number): FileFacts | Errno;
  /** Follows symbolic links. */
  stat(path: string): FileFacts | Errno;
  /** The target of a symbolic link, or null when it is none. */
  readlink(path: string): string | null;
  /** Names of the entries of a directory. */
  list(path: string): readonly string[] | Errno;
  rename(from: string, to: string): Errno | null;
  unlink(path: string): Errno | null;
}

/** True when two answers of `stat` are about one and the same file. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return a.inode === b.inode && a.device === b.device;
}
