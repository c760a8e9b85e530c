import type { LogSink } from './destination.ts';

/** What is at a path and no regular file: another one takes its place when the path is opened again. */
export interface ReplaceableSink extends LogSink {
  /** The path is to be opened again when another writer joins. */
  readonly isStale: boolean;
  /** Lets go of it at once, another one being open; returns what waits, which that one is to take. */
  leave(): Uint8Array;
}
