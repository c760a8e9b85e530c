/**
 * Work on the paths of logs, beside the event loop.
 *
 * Whatever names a path may take as long as the file system likes: a dead NFS server or a frozen disk does not answer at
 * all. So each of these is a job that a thread of the addon carries out, and `done` hears of it: once, never within the
 * call, in a later turn of the event loop. What stands in line for one file system delays no other one's. Jobs about one
 * path are carried out one after the other, in the order they were asked for, but for those that only read; the file that comes
 * after one that is followed is looked for among the others.
 *
 * Failures are values: the name of an errno, or a sentence that says why a path is not safe to use, as
 * `system/safe-paths.ts` does. Nothing throws but for mistakes of ours, such as a closed descriptor.
 *
 * A descriptor that a job is given must stay open until `done` is called, and stays the caller's. One that an answer
 * brings is the caller's, who closes it with {@link LogFiles.close}.
 */
import type { NativeBlock } from '../native/binding.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/errno.ts';
import type { FileFacts } from './io.ts';
import type { OpenedFile } from './open-log.ts';

export interface LogFiles {
  /**
   * Takes the files of a user, if one is given, for logs at this path and its backups, and follows the links of root and of
   * the daemon's user that are there now, until what it returns is called. A directory: for all that is in it. What is
   * asked for these paths from now on waits until the links are known.
   */
  admit(path: string, uid: number | null): () => void;
  /**
   * Opens a path for appending, whatever kind of file it is, as `openForAppend` does, making it with `mode` less the
   * umask. A rotation that was killed in its middle is completed first. Nothing is opened where the path leads to one of
   * the daemon's own descriptors.
   */
  open(path: string, mode: number, done: (answer: OpenAnswer | Errno) => void): void;
  /** Makes an empty file with `mode`, less the umask, where there is nothing; `EEXIST`: there is something. */
  create(path: string, options: Creation, done: (errno: Errno | null) => void): void;
  /** The names in a directory, in order. */
  list(directory: string, done: (names: readonly string[] | Errno) => void): void;
  /** Moves the file away once it is large enough, and its backups up, and opens the path anew. */
  rotate(rotation: Rotation, done: (answer: RotateAnswer) => void): void;
  /** Opens what the path names now, which the present file need not be. */
  reopen(reopening: Reopening, done: (answer: ReopenAnswer) => void): void;
  /** Removes the file at the path, if there is one, and opens the path anew. */
  clear(path: string, mode: number, done: (answer: ClearAnswer) => void): void;
  /** Removes a regular file, or a link to one: null. Anything else is `EINVAL`. */
  remove(path: string, done: (answer: Errno | null) => void): void;
  /** Follows symbolic links. */
  stat(path: string, done: (answer: FileFacts | Errno) => void): void;
  /**
   * Whether a directory is there, links followed whoever has made them; null: it could not be asked. The path is absolute, and
   * taken as it is. It stands in line with the files of the directory.
   */
  isDirectory(directory: string, done: (answer: boolean | null) => void): void;
  /**
   * Takes over a descriptor, which is closed a little later; idempotent. Its number is not given out again before that is
   * done. Not to be called while a job uses it.
   */
  close(fd: Descriptor): void;
  /** Opens, reads a part and closes. Other things than regular files read as empty ones. */
  read(path: string, range: ReadRange, done: (answer: LogPart | Unreadable) => void): void;
  /** Opens a log for reading; what is no regular file reads as an empty one. For {@link readAt} and {@link readOn}. */
  openToRead(path: string, done: (answer: OpenedFile | Unreadable) => void): void;
  /** As many bytes as there are from `position`, at most `length`. */
  readAt(fd: Descriptor, position: number, length: number, done: (answer: Uint8Array | Errno) => void): void;
  /** Memory for {@link readOn}, so that not each answer takes some of its own; null when there is none. */
  makeBlock(bytes: number): NativeBlock | null;
  /** The next bytes of a log that is followed, or the file that came after it. */
  readOn(following: Following, done: (answer: FollowedPart | Errno) => void): void;
  /**
   * Since when the job for the file system of a path that has been running longest runs, on the clock of
   * `Clock.monotonicMs`; null when none does. Of a file system that answers that is no longer than some milliseconds.
   */
  blockedSince(path: string): number | null;
}

export type OpenAnswer = OpenedFile | OwnDescriptor;

/** The path stands for a descriptor of the daemon itself, as /dev/stdout does, or is a link to such a path. */
export interface OwnDescriptor {
  readonly own: number;
}

export interface Creation {
  readonly mode: number;
  /** A regular file that is there, and is ours, will do. */
  readonly takesPresent: boolean;
}

export interface Rotation {
  readonly path: string;
  /** The file as it is open now. */
  readonly fd: Descriptor;
  /** Above 0. */
  readonly maxBytes: number;
  /** 0: the file is emptied instead. */
  readonly backups: number;
  /** Permissions of the new file, less the umask. */
  readonly mode: number;
}

export type RotateAnswer =
  /** The path has been opened anew, which is a regular file. The one before is still open. */
  | { readonly outcome: 'rotated'; readonly opened: OpenedFile }
  /** It has no name any more; nothing was done. */
  | { readonly outcome: 'removed' }
  /** It is smaller than that, since somebody has truncated it; nothing was done. */
  | { readonly outcome: 'small'; readonly sizeBytes: number }
  /** It could not be moved, and is still what the path names. No backup was lost. */
  | { readonly outcome: 'kept'; readonly why: Errno }
  /** It was moved, but the path could not be opened; `EINVAL`: there is now something else than a regular file. */
  | { readonly outcome: 'misplaced'; readonly why: Errno };

export interface Reopening {
  readonly path: string;
  /** The file as it is open now. */
  readonly fd: Descriptor;
  /** Size when it was last seen to have a name. */
  readonly seenBytes: number;
  /** Permissions of a file that is made, less the umask. */
  readonly mode: number;
  /** Leaves it at that while the path names the file that is open. */
  readonly onlyIfOther: boolean;
}

export type ReopenAnswer =
  /**
   * The path has been opened, which is a regular file. The one before is still open; if it has no name any more, `rest` is
   * what was written to it from `seenBytes` on (what a lane writes between two looks), else empty.
   */
  | { readonly outcome: 'opened'; readonly opened: OpenedFile; readonly rest: Uint8Array }
  /** The path names the file that is open; only with `onlyIfOther`. */
  | { readonly outcome: 'same'; readonly facts: FileFacts }
  /** `EINVAL`: what is there is no regular file. */
  | { readonly outcome: 'failed'; readonly why: Errno };

export type ClearAnswer =
  | { readonly outcome: 'cleared'; readonly opened: OpenedFile }
  /** It could not be removed: `EINVAL`, it is no regular file. */
  | { readonly outcome: 'kept'; readonly why: Errno }
  /** It was removed, but the path could not be opened. */
  | { readonly outcome: 'misplaced'; readonly why: Errno };

export interface ReadRange {
  /** Below 0: so many bytes before the end, or the start. */
  readonly start: number;
  /** At most so many bytes; the caller bounds it. */
  readonly length: number;
}

export interface LogPart {
  /** Of the file when it was opened. */
  readonly facts: FileFacts;
  /** Where `bytes` begin. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

export interface Unreadable {
  readonly why: Errno;
  /** Whether there is something at the path, which cannot be read: a directory, or what is not permitted. */
  readonly isThere: boolean;
}

export interface Following {
  /** Of the log that is followed, which its file need not have any more. */
  readonly path: string;
  readonly fd: Descriptor;
  readonly position: number;
  /** At most so many bytes. */
  readonly length: number;
  /** Where they are read to, as long as the answer is not there; null: to memory of their own. */
  readonly block: NativeBlock | null;
}

export interface FollowedPart {
  /** Of the file that is open. Smaller than the position: it has been truncated. */
  readonly facts: FileFacts;
  /** From the position on; empty at the end. */
  readonly bytes: Uint8Array;
  /**
   * At the end of a file that the path does not name any more: the one that was begun when it was rotated away, which may
   * have been rotated since; the caller's. Null: there is none (yet).
   */
  readonly next: OpenedFile | null;
}
