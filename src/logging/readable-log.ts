import fs from 'node:fs';

import { type FileFacts, isSameFile } from './io.ts';
import type { FollowedPart, Following, LogFiles, Unreadable } from './log-files.ts';
import type { Errno } from '../system/errno.ts';
import type { OpenedFile } from './open-log.ts';
import type { ReadTurns } from './read-turns.ts';

/** A job reads no more at once, so that a large answer keeps no rotation waiting. */
const maxPieceBytes = 1024 * 1024;

/** What is asked of files that are read. */
export type ReadingJobs = Pick<LogFiles, 'read' | 'openToRead' | 'readAt' | 'makeBlock' | 'readOn' | 'close'>;

export interface NextPart extends Omit<FollowedPart, 'next'> {
  /** As {@link FollowedPart.next}. */
  readonly next: ReadableLog | null;
}

/** A log that is open for reading. Calls on it come one after the other, and end with their signals. */
export class ReadableLog {
  readonly #files: ReadingJobs;
  readonly #turns: ReadTurns;
  readonly #path: string;
  readonly #opened: OpenedFile;
  #jobs = 0;
  #isClosed = false;
  #watcher: fs.FSWatcher | null = null;
  #isWatched = false;

  constructor(files: ReadingJobs, turns: ReadTurns, logPath: string, opened: OpenedFile) {
    this.#files = files;
    this.#turns = turns;
    this.#path = logPath;
    this.#opened = opened;
  }

  /** When it was opened. */
  get facts(): FileFacts {
    return this.#opened.facts;
  }

  /** As many bytes as there are from `start`, at most `length`; null when reading fails. */
  async readRange(start: number, length: number, signal: AbortSignal): Promise<Uint8Array | null> {
    if (length <= maxPieceBytes) {
      return this.#readPiece(start, length, signal);
    }
    const bytes = Buffer.allocUnsafeSlow(length);
    let count = 0;
    while (count < length) {
      const wanted = Math.min(length - count, maxPieceBytes);
      const piece = await this.#readPiece(start + count, wanted, signal);
      if (piece === null) {
        return null;
      }
      bytes.set(piece, count);
      count += piece.length;
      if (piece.length < wanted) {
        break;
      }
    }
    return bytes.subarray(0, count);
  }

  /** The next bytes of a log that is followed, or the file that came after it; null when reading fails. */
  async readOn(
    wanted: Pick<Following, 'position' | 'length' | 'block'>,
    signal: AbortSignal,
  ): Promise<NextPart | null> {
    const { fd, facts } = this.#opened;
    if (facts.kind !== 'file') {
      return { facts, bytes: new Uint8Array(0), next: await this.#other(signal) };
    }
    const part = await this.#ask<FollowedPart | Errno>(
      (done) => this.#files.readOn({ path: this.#path, fd, ...wanted }, done),
      signal,
      (late) => {
        if (typeof late !== 'string' && late.next !== null) {
          this.#files.close(late.next.fd);
        }
      },
    );
    return typeof part === 'string'
      ? null
      : { ...part, next: part.next === null ? null : this.#after(part.next) };
  }

  /**
   * Calls back after writes of anybody to the file. True when that has begun with this call: who wrote before is not told of.
   * The watch is put on what is open already, since the path may lead to where nobody answers any more.
   */
  watch(changed: () => void): boolean {
    if (this.#isWatched || this.#isClosed || this.facts.kind !== 'file') {
      return false;
    }
    this.#isWatched = true;
    try {
      const watcher = fs.watch(`/proc/self/fd/${this.#opened.fd.number}`, { persistent: false }, changed);
      watcher.on('error', () => watcher.close());
      this.#watcher = watcher;
      return true;
    } catch {
      // Out of watches: then it has to be looked at now and then.
      return false;
    }
  }

  /** Idempotent. A job that is under way is over first. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#watcher?.close();
    this.#watcher = null;
    this.#letGo();
  }

  async #readPiece(start: number, length: number, signal: AbortSignal): Promise<Uint8Array | null> {
    const piece = await this.#ask<Uint8Array | Errno>(
      (done) => this.#files.readAt(this.#opened.fd, start, length, done),
      signal,
      () => undefined,
    );
    return typeof piece === 'string' ? null : piece;
  }

  /** What is at the path now, if that is another file than the one that cannot be read. */
  async #other(signal: AbortSignal): Promise<ReadableLog | null> {
    const found = await this.#turns.ask<OpenedFile | Unreadable>(
      this.#path,
      (done) => this.#files.openToRead(this.#path, done),
      signal,
      (late) => 'fd' in late && this.#files.close(late.fd),
    );
    if ('why' in found) {
      return null;
    }
    if (isSameFile(found.facts, this.facts)) {
      this.#files.close(found.fd);
      return null;
    }
    return this.#after(found);
  }

  /** Once it is closed and no job uses it. */
  #letGo(): void {
    if (this.#isClosed && this.#jobs === 0) {
      this.#files.close(this.#opened.fd);
    }
  }

  #after(opened: OpenedFile): ReadableLog {
    return new ReadableLog(this.#files, this.#turns, this.#path, opened);
  }

  #ask<Answer>(
    start: (done: (answer: Answer) => void) => void,
    signal: AbortSignal,
    late: (answer: Answer) => void,
  ): Promise<Answer> {
    const begin = (done: (answer: Answer) => void): void => {
      this.#jobs += 1;
      start((answer) => {
        this.#jobs -= 1;
        this.#letGo();
        done(answer);
      });
    };
    return this.#turns.ask(this.#path, begin, signal, late);
  }
}
