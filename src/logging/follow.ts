import fs from 'node:fs';
import path from 'node:path';

import type { Clock, Timer } from '../system/clock.ts';
import { isSameFile, type FileFacts, type LogIo } from './io.ts';
import { type OpenedFile, openForReading } from './open-log.ts';
import type { WriteNotices } from './write-notices.ts';

const maxReadBytes = 64 * 1024;
/** For file systems that notify of nothing, and for a rotation by somebody else. */
const fallbackCheckMs = 1000;
const truncatedNotice = Buffer.from('==> File truncated <==\n');

export interface FollowContext {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly notices: WriteNotices;
}

/**
 * Follows one log file for one reader, who asks for the next piece when it can take it; nothing is read ahead.
 *
 * After a rotation it reads what is left of the old file, then the new one from its start. It wakes by the
 * daemon's own writes, by `fs.watch` for those of others, and looks by itself once a second while it waits.
 *
 * Source: B19.1; `tail_f_producer` of the original, which skips the end of a rotated file.
 */
export class Follower {
  readonly #context: FollowContext;
  readonly #path: string;
  readonly #unsubscribe: () => void;
  #fd: number;
  #facts: FileFacts;
  #position: number;
  #watcher: fs.FSWatcher | null = null;
  #timer: Timer | null = null;
  #wake: (() => void) | null = null;
  #isAborted = false;

  private constructor(context: FollowContext, logPath: string, { fd, facts }: OpenedFile, lastBytes: number) {
    this.#context = context;
    this.#path = logPath;
    this.#fd = fd;
    this.#facts = facts;
    this.#position = Math.max(0, facts.sizeBytes - lastBytes);
    this.#unsubscribe = context.notices.subscribe(logPath, () => this.#wake?.());
    this.#watch();
  }

  /** Starts `lastBytes` before the end of a regular file; null when it cannot be read. */
  static open(context: FollowContext, logPath: string, lastBytes: number): Follower | null {
    const resolved = path.resolve(logPath);
    const log = openForReading(context.io, resolved);
    return log === null ? null : new Follower(context, resolved, log, lastBytes);
  }

  /**
   * The next piece, at most 64 KiB, as soon as there is one; null after `abort` or when reading fails for good.
   * To be called again only after it has answered.
   */
  async read(): Promise<Uint8Array | null> {
    while (!this.#isAborted) {
      const piece = this.#next();
      if (piece !== 'nothing yet') {
        return piece;
      }
      await this.#untilWoken();
    }
    return null;
  }

  /** Ends it, and a pending `read`. */
  abort(): void {
    if (this.#isAborted) {
      return;
    }
    this.#isAborted = true;
    this.#unsubscribe();
    this.#watcher?.close();
    this.#timer?.cancel();
    this.#context.io.close(this.#fd);
    this.#wake?.();
  }

  #next(): Uint8Array | 'nothing yet' | null {
    const { io } = this.#context;
    for (;;) {
      const facts = io.fstat(this.#fd);
      if (typeof facts === 'string') {
        return null;
      }
      if (facts.sizeBytes < this.#position) {
        this.#position = 0;
        return truncatedNotice;
      }
      if (facts.sizeBytes > this.#position) {
        const piece = Buffer.alloc(Math.min(maxReadBytes, facts.sizeBytes - this.#position));
        const count = io.readAt(this.#fd, piece, this.#position);
        if (typeof count === 'string') {
          return null;
        }
        this.#position += count;
        return piece.subarray(0, count);
      }
      if (!this.#goToNewFile()) {
        return 'nothing yet';
      }
    }
  }

  /** True when the path now names another file, which is open from here on. */
  #goToNewFile(): boolean {
    const { io } = this.#context;
    const named = io.stat(this.#path);
    if (typeof named === 'string' || isSameFile(named, this.#facts)) {
      return false;
    }
    const log = openForReading(io, this.#path);
    if (log === null) {
      return false;
    }
    io.close(this.#fd);
    this.#fd = log.fd;
    this.#facts = log.facts;
    this.#position = 0;
    this.#watch();
    return true;
  }

  #watch(): void {
    this.#watcher?.close();
    this.#watcher = null;
    try {
      this.#watcher = fs.watch(this.#path, { persistent: false }, () => this.#wake?.());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Out of watches, or the file is gone again: the timer is left.
    }
  }

  #untilWoken(): Promise<void> {
    const { clock } = this.#context;
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wake = null;
        this.#timer?.cancel();
        this.#timer = null;
        resolve();
      };
      this.#wake = wake;
      this.#timer = clock.schedule(clock.monotonicMs() + fallbackCheckMs, wake);
    });
  }
}
