/**
 * The system calls that logging makes, as a bare list, so that a test can stand in for a full disk or a
 * reader that has gone to sleep.
 *
 * Nothing throws: a call returns its result or the name of the errno. Descriptors belong to whoever opened them. What takes
 * a path waits as long as its file system does, so it is for the start of the daemon only, when nobody else waits yet, and
 * for paths that are no log's.
 *
 * Paths are safe to use in directories that others can write, as `system/safe-paths.ts` says: what somebody has put there
 * for the daemon to trip over is refused, and in place of the errno's name is a sentence that says why.
 */
import type { Descriptor, DescriptorIo } from '../system/descriptor.ts';
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
  /**
   * The daemon's own descriptor that a path stands for, symbolic links followed as native/own-descriptor.h says; null: none.
   */
  ownDescriptor(path: string): number | null;
  /** As that of `LogFiles`, within the call. */
  admit(path: string, uid: number | null): () => void;
}

/** True when two answers of `stat` are about one and the same file. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  return a.inode === b.inode && a.device === b.device;
}
