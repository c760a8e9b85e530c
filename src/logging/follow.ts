import fs from 'node:fs';
import path from 'node:path';

import type { Descriptor } from '../system/descriptor.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { isSameFile, type FileFacts, type LogIo } from './io.ts';
import { type OpenedFile, openForReading } from './open-log.ts';
import { backupPath } from './rotation.ts';
import { danglingEnd, danglingStart, maxContinuationBytes } from './utf8.ts';
import type { WriteNotices } from './write-notices.ts';

const maxReadBytes = 64 * 1024;
/**
 * For file systems that notify of nothing, and for a rotation by somebody else. So long, too, the beginning of a
 * character waits for its rest.
 */
const fallbackCheckMs = 1000;
const truncatedNotice = Buffer.from('==> File truncated <==\n');

export interface LogJump {
  readonly count: number;
  /** `truncated`: the file has become shorter; `rotated`: another one took its place. */
  readonly kind: 'truncated' | 'rotated';
}

export interface FollowContext {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly notices: WriteNotices;
}

/**
 * Follows one log file for one reader, who asks for the next piece when it can take it; nothing is read ahead.
 *
 * After a rotation it reads what is left of the old file, then the one that followed it, which may have been rotated
 * away as well when the reader is slow. It wakes by the daemon's own writes, by `fs.watch` for those of others, and
 * looks by itself once a second while it waits.
 *
 * No piece begins or ends within a character, since readers such as the original's `supervisorctl` decode each piece
 * for itself.
 *
 * Source: B19.1; `tail_f_producer` of the original, which skips the end of a rotated file.
 */
export class Follower {
  readonly #context: FollowContext;
  readonly #path: string;
  readonly #unsubscribe: () => void;
  #fd: Descriptor;
  #facts: FileFacts;
  #position: number;
  /** The beginning of a character at the end of the last piece, and since when it has been kept. */
  #cut: Uint8Array = new Uint8Array(0);
  #cutAtMs = 0;
  #watcher: fs.FSWatcher | null = null;
  #timer: Timer | null = null;
  #wake: (() => void) | null = null;
  #isAborted = false;
  #lastJump: LogJump = { count: 0, kind: 'rotated' };

  private constructor(context: FollowContext, logPath: string, { fd, facts }: OpenedFile, lastBytes: number) {
    this.#context = context;
    this.#path = logPath;
    this.#fd = fd;
    this.#facts = facts;
    this.#position = startOf(context.io, { fd, facts }, lastBytes);
    this.#unsubscribe = context.notices.subscribe(logPath, () => this.#wake?.());
    this.#watch();
  }

  /** Starts about `lastBytes` before the end of a regular file; null when it cannot be read. */
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
    return this.#cut.length > 0 ? this.#takeCut() : null;
  }

  /** Byte of the file at which the next piece begins. */
  get position(): number {
    return this.#position - this.#cut.length;
  }

  /** How often, and why the last time, it went on at the start of a file. */
  get lastJump(): LogJump {
    return this.#lastJump;
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
    for (;;) {
      const facts = this.#context.io.fstat(this.#fd);
      if (typeof facts === 'string') {
        return null;
      }
      if (facts.sizeBytes < this.#position) {
        this.#position = 0;
        this.#lastJump = { count: this.#lastJump.count + 1, kind: 'truncated' };
        return this.#takeCut(truncatedNotice);
      }
      if (facts.sizeBytes > this.#position) {
        const piece = this.#readPiece(facts.sizeBytes - this.#position);
        if (piece === null || piece.length > 0) {
          return piece;
        }
      } else if (!this.#goToNextFile()) {
        return this.#isCutOverdue() ? this.#takeCut() : 'nothing yet';
      }
    }
  }

  /** Reads on; empty when there is nothing but the beginning of a character, null when it cannot be read. */
  #readPiece(available: number): Uint8Array | null {
    const { io, clock } = this.#context;
    const piece = Buffer.allocUnsafe(Math.min(maxReadBytes, available));
    const count = io.readAt(this.#fd, piece, this.#position);
    if (typeof count === 'string') {
      return null;
    }
    this.#position += count;
    const all = this.#takeCut(piece.subarray(0, count));
    const end = all.length - danglingEnd(all);
    this.#cut = all.subarray(end);
    this.#cutAtMs = clock.monotonicMs();
    return all.subarray(0, end);
  }

  #takeCut(rest: Uint8Array = new Uint8Array(0)): Uint8Array {
    const cut = this.#cut;
    this.#cut = new Uint8Array(0);
    return cut.length === 0 ? rest : Buffer.concat([cut, rest]);
  }

  #isCutOverdue(): boolean {
    return this.#cut.length > 0 && this.#context.clock.monotonicMs() - this.#cutAtMs >= fallbackCheckMs;
  }

  /** True when the path now names another file, and the one that came after ours is open from here on. */
  #goToNextFile(): boolean {
    const { io } = this.#context;
    const named = io.stat(this.#path);
    if (typeof named === 'string' || isSameFile(named, this.#facts)) {
      return false;
    }
    const log = openForReading(io, this.#successorPath());
    if (log === null) {
      return false;
    }
    io.close(this.#fd);
    this.#fd = log.fd;
    this.#facts = log.facts;
    this.#position = 0;
    this.#lastJump = { count: this.#lastJump.count + 1, kind: 'rotated' };
    this.#watch();
    return true;
  }

  /** Where the file is that was begun when ours was rotated away: the path itself, unless that has been rotated since. */
  #successorPath(): string {
    for (let index = 1; ; index += 1) {
      const backup = this.#context.io.stat(backupPath(this.#path, index));
      if (typeof backup === 'string') {
        return this.#path;
      }
      if (isSameFile(backup, this.#facts)) {
        return index === 1 ? this.#path : backupPath(this.#path, index - 1);
      }
    }
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

/** The position so many bytes before the end of a file, or up to three later where that is within a character. */
function startOf(io: LogIo, { fd, facts }: OpenedFile, lastBytes: number): number {
  const start = Math.max(0, facts.sizeBytes - lastBytes);
  const first = new Uint8Array(maxContinuationBytes + 1);
  const count = start === 0 ? 0 : io.readAt(fd, first, start);
  return typeof count === 'string' ? start : start + danglingStart(first.subarray(0, count));
}
