/**
 * Where log bytes go.
 *
 * A *sink* is one open file, descriptor or socket. It is shared by all who write to the same place, so that
 * two programs logging to one file neither rotate it under each other nor write into each other's lines.
 * A *destination* is one writer's handle on a sink, with that writer's own size limits.
 *
 * Taking never fails and never waits: `write` always takes the chunk, and what cannot be written now is copied. It answers
 * false once too much is waiting; the writer then stops reading its source until `onDrain`. So the memory a stuck log costs is
 * bounded for each of its writers, and only they are held up. A failure is reported once when it begins and once
 * when it has passed, never thrown.
 *
 * Answers come by a callback, which is called once: within the call where nothing has to be waited for.
 */
import type { Descriptor } from '../../system/descriptor.ts';
import type { Errno } from '../../system/system.ts';
import type { PumpStream, PumpStreamOwner } from '../pump.ts';
import type { SizeLimits } from '../rotation.ts';

/** Bytes that may wait for a file before its writers are held back. */
export const maxWaitingBytes = 256 * 1024;

export type Answer = (errno: Errno | null) => void;

export interface LogDestination {
  /**
   * To be called once, first. `opened` is told when it can be written, or why it cannot be; then it is tried again until it is closed.
   * What is written meanwhile waits.
   */
  open(opened: Answer): void;
  /** Takes a chunk, which may be reused afterwards. False: hold back, `onDrain` will be called. */
  write(chunk: Uint8Array): boolean;
  /** Bytes taken and not yet written. `onDrain` is called when it falls to 0. */
  readonly backlogBytes: number;
  /** So much is waiting that writers are to hold back. */
  readonly isBehind: boolean;
  /** False: what is written waits until it could be opened; `onDrain` is called then. */
  readonly isOpen: boolean;
  /**
   * Takes over a pipe whose bytes go there as they are, without passing through here; null: they have to be read, and
   * handed over by {@link write}.
   */
  takePipe(pipe: Descriptor, owner: PumpStreamOwner): PumpStream | null;
  /** How many milliseconds the file system has kept a call waiting; 0: it does not. */
  readonly blockedForMs: number;
  /** Lets go of an unfinished line that is kept back for its end: none will come. */
  settle(): void;
  /** Opens the path again, after somebody moved the file. */
  reopen(): void;
  /** Removes and reopens a regular file; does nothing for anything else. */
  clear(cleared: Answer): void;
  /** No more writes, and no stream is left. What is waiting is still written if it can be. */
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
  readonly isBehind: boolean;
  readonly isOpen: boolean;
  readonly blockedForMs: number;
  /** Writers into it should hand over whole lines. */
  readonly keepsLines: boolean;
  write(chunk: Uint8Array, limits: SizeLimits): void;
  takePipe(pipe: Descriptor, limits: SizeLimits, owner: PumpStreamOwner): PumpStream | null;
  /** Whether anybody wants to know when it has grown. */
  follow(on: boolean): void;
  /** A new writer joins: makes sure that this is still what its path names. Null, or why it cannot be opened. */
  refresh(refreshed: Answer): void;
  reopen(): void;
  clear(cleared: Answer): void;
  /** Tries once more to write what is waiting, then drops the rest and says how much. */
  close(closed: () => void): void;
}
