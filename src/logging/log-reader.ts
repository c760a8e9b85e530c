/**
 * Reading logs for clients, beside the event loop.
 *
 * Whoever asks for a log on a file system that hangs waits for it, and nobody else does. Each wait ends with its signal, by a
 * rejection with the signal's reason; what a job that is under way then brings is let go of when it is answered.
 *
 * What the daemon itself has just had to write is waited for before a log is opened, so that it is read as well.
 */
import path from 'node:path';

import type { LogPart, ReadRange, Unreadable } from './log-files.ts';
import type { OpenedFile } from './open-log.ts';
import { ReadableLog, type ReadingJobs } from './readable-log.ts';
import { ReadBlocks } from './read-blocks.ts';
import { ReadTurns } from './read-turns.ts';

/** Calls `done` when what waits to be written at a path is written, or is not to be waited for any longer. */
type Settled = (logPath: string, done: () => void) => void;

export class LogReader {
  readonly #files: ReadingJobs;
  readonly #settled: Settled;
  readonly #turns = new ReadTurns();
  /** For followers. */
  readonly blocks: ReadBlocks;

  constructor(files: ReadingJobs, settled: Settled) {
    this.#files = files;
    this.#settled = settled;
    this.blocks = new ReadBlocks((bytes) => files.makeBlock(bytes));
  }

  /** Opens a log; whoever gets it closes it. What is no regular file reads as an empty one. */
  async open(logPath: string, signal: AbortSignal): Promise<ReadableLog | Unreadable> {
    const file = path.resolve(logPath);
    await this.#untilSettled(file, signal);
    const opened = await this.#turns.ask<OpenedFile | Unreadable>(
      file,
      (done) => this.#files.openToRead(file, done),
      signal,
      (late) => 'fd' in late && this.#files.close(late.fd),
    );
    return 'why' in opened ? opened : new ReadableLog(this.#files, this.#turns, file, opened);
  }

  /** A part of a log, of which nothing else is wanted. */
  async read(logPath: string, range: ReadRange, signal: AbortSignal): Promise<LogPart | Unreadable> {
    const file = path.resolve(logPath);
    await this.#untilSettled(file, signal);
    return this.#turns.ask<LogPart | Unreadable>(
      file,
      (done) => this.#files.read(file, range, done),
      signal,
      () => undefined,
    );
  }

  /** Null when nothing waits to be written to a log; else resolves when it is written, or has taken long. */
  written(logPath: string): Promise<void> | null {
    let isWritten = false;
    let tell: () => void = () => undefined;
    this.#settled(path.resolve(logPath), () => {
      isWritten = true;
      tell();
    });
    return isWritten
      ? null
      : new Promise((resolve) => {
          tell = resolve;
        });
  }

  async #untilSettled(file: string, signal: AbortSignal): Promise<void> {
    await this.written(file);
    signal.throwIfAborted();
  }
}
