/**
 * What moves bytes: files that are appended to, and streams, which are pipes whose bytes go into a file, beside the event loop.
 *
 * A pump decides nothing. Whoever opens a file is told what happens to it and says how it goes on, while
 * the file is *held*: nothing is written to it, and its pipes fill.
 */
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/errno.ts';
import type { OpenedFile } from './open-log.ts';

export interface PumpFileOwner {
  /** Held: it has grown to the limit of who wrote. */
  sizeReached(): void;
  /** Held: a write failed. What was not taken waits in front of what comes. */
  failed(errno: Errno): void;
  /** Held: it has no name any more. */
  removed(): void;
  /** Held, as {@link PumpFile.hold} has asked for. */
  held(): void;
  /** It has grown; told while it is followed. */
  written(): void;
  /** Nothing waits to be written. */
  emptied(): void;
  /** The last of its streams was dropped. */
  unused(): void;
}

export interface PumpStreamOwner {
  /** All that was in the pipe when it was drained is in the file, or waits for it. */
  ended(): void;
  /** It is not read any more; its pipe is given back by {@link PumpStream.drop}. */
  parted(): void;
}

/** How a held file goes on. */
export interface GoOn {
  /** In this one, which the pump takes over, instead of the present one. */
  readonly opened?: OpenedFile;
  /** What it holds, if it is known better. */
  readonly sizeBytes?: number;
  /** So long `sizeReached` is not told. */
  readonly noLimitForMs?: number;
  /** So long `removed` is not told. */
  readonly noLookForMs?: number;
}

export interface Pump {
  /** Takes over a file that is open for appending, for {@link PumpFile.own}; or the errno's name, and it stays the caller's. */
  open(file: OpenedFile): PumpFile | Errno;
  /** Waits until all is written that was pushed, for so long at most: before the process ends. */
  settle(limitMs: number): void;
}

/** A file that is appended to. Whoever opened it drops it, once it has no streams. */
export interface PumpFile {
  /** Who is told what happens to it; to be called once, in the turn in which it was opened. */
  own(owner: PumpFileOwner): void;
  /** For jobs while it is held. */
  readonly fd: Descriptor;
  /** Bytes that wait to be written; those in pipes are not among them. */
  readonly backlogBytes: number;
  readonly facts: PumpFileFacts;
  /** Appends a copy. From `maxBytes` on `sizeReached` is told; 0: never. */
  push(bytes: Uint8Array, maxBytes: number): void;
  /** What is older than all that waits. */
  putBack(bytes: Uint8Array): void;
  /** True: it is held now; false: as soon as `held` is told. */
  hold(): boolean;
  /** Returns the file it was in before, if it goes on in another one, which is the caller's. */
  goOn(way: GoOn): Descriptor | null;
  /** Whether `written` is told. */
  follow(on: boolean): void;
  /** Takes over the non-blocking reading end of a pipe; or the errno's name, and it stays the caller's. */
  addStream(pipe: Descriptor, maxBytes: number, owner: PumpStreamOwner): PumpStream | Errno;
  readonly hasStreams: boolean;
  /** Only while it is held and without streams. Returns its descriptor, the caller's. */
  drop(): Descriptor;
}

export interface PumpFileFacts {
  /** As far as known. */
  readonly size: number;
  /** What of it was there when the file was last seen to have a name. */
  readonly seen: number;
  /** The limit that `sizeReached` was told for. */
  readonly reached: number;
  /** How long a call on a file of its file system has been under way; 0: none is. */
  readonly busyForMs: number;
}

/** A pipe whose bytes go into a file, in the order in which pipes came. */
export interface PumpStream {
  /** So far. */
  readonly bytesRead: number;
  /** The child has ended. True: so has the stream; false: as soon as `ended` is told. */
  drain(): boolean;
  /** True: it is not read any more; false: as soon as `parted` or `ended` is told. */
  part(): boolean;
  /** Only once it has ended, or parted: then its pipe is the caller's again, else null. */
  drop(): Descriptor | null;
}
