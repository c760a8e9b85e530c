/**
 * Where log bytes go.
 *
 * A *sink* is one open file, descriptor or socket. It is shared by all who write to the same place, so that
 * two programs logging to one file neither rotate it under each other nor write into each other's lines.
 * A *destination* is one writer's handle on a sink, with that writer's own size limits.
 *
 * Taking never fails: `write` always takes the chunk, and what cannot be written now is copied. It answers
 * false as long as something is waiting; the writer then stops reading its source until `onDrain`. So the
 * memory a stuck log costs is one chunk for each of its writers, and only they are held up. A failure is
 * reported once when it begins and once when it has passed, never thrown.
 */
import type { Errno } from '../../system/system.ts';
import type { SizeLimits } from '../rotation.ts';

export interface LogDestination {
  /** Takes a chunk, which may be reused afterwards. False: hold back, `onDrain` will be called. */
  write(chunk: Uint8Array): boolean;
  /** Bytes taken and not yet written. `onDrain` is called when it falls to 0. */
  readonly backlogBytes: number;
  /** Lets go of an unfinished line that is kept back for its end: none will come. */
  settle(): void;
  /** Opens the path again, after somebody moved the file. */
  reopen(): void;
  /** Removes and reopens a regular file; does nothing for anything else. */
  clear(): Errno | null;
  /** No more writes. What is waiting is still written if it can be. */
  close(): void;
}

/** Severity and wording of what a destination has to say about itself. */
export type LogReport = (level: 'error' | 'info', message: string) => void;

/** Who is told what happens to a sink. */
export interface SinkObserver {
  drained(): void;
  /** Bytes were written, or another file took the place of the former. */
  changed(): void;
  readonly report: LogReport;
}

export interface LogSink {
  readonly backlogBytes: number;
  /** Writers into it should hand over whole lines. */
  readonly keepsLines: boolean;
  write(chunk: Uint8Array, limits: SizeLimits): void;
  /** A new writer joins: makes sure that this is still what its path names. */
  refresh(): void;
  reopen(): void;
  clear(): Errno | null;
  /** Tries once more to write what is waiting, then drops the rest and says how much. */
  close(): void;
}
