import path from 'node:path';

import type { Clock, Timer } from '../system/clock.ts';
import type { NativeBlock } from '../native/binding.ts';
import type { LogReader } from './log-reader.ts';
import type { NextPart, ReadableLog } from './readable-log.ts';
import { smallBlockBytes } from './read-blocks.ts';
import { danglingEnd, danglingStart, maxContinuationBytes } from './utf8.ts';
import type { WriteNotices } from './write-notices.ts';

/**
 * For file systems that notify of nothing, and for a rotation by somebody else. So long, too, the beginning of a
 * character waits for its rest.
 */
const fallbackCheckMs = 1000;
const nothing = new Uint8Array(0);
const truncatedNotice = Buffer.from('==> File truncated <==\n');

export interface LogJump {
  readonly count: number;
  /** `truncated`: the file has become shorter; `rotated`: another one took its place. */
  readonly kind: 'truncated' | 'rotated';
}

export interface FollowContext {
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly notices: WriteNotices;
}

/**
 * Follows one log file for one reader, who asks for the next piece when it can take it; nothing is read ahead.
 *
 * After a rotation it reads what is left of the old file, then the one that followed it, which may have been rotated
 * away as well when the reader is slow. It wakes by the daemon's own writes, by a watch on the file for those of others, and
 * looks by itself once a second while it waits. While the file system keeps it waiting it does nothing at all.
 *
 * No piece begins or ends within a character, since readers such as the original's `supervisorctl` decode each piece
 * for itself.
 *
 * Source: B19.1; `tail_f_producer` of the original, which skips the end of a rotated file.
 */
export class Follower {
  readonly #context: FollowContext;
  readonly #unsubscribe: () => void;
  readonly #end = new AbortController();
  #log: ReadableLog;
  #position: number;
  /** The beginning of a character at the end of the last piece, and since when it has been kept. */
  #cut: Uint8Array = nothing;
  #cutAtMs = 0;
  /** Something has been written since it was begun to look. */
  #hasNews = false;
  /** What is read to from when there is more than one piece until there has been nothing for a while. */
  #block: NativeBlock | null = null;
  #timer: Timer | null = null;
  #wake: (() => void) | null = null;
  #lastJump: LogJump = { count: 0, kind: 'rotated' };

  private constructor(context: FollowContext, logPath: string, log: ReadableLog, position: number) {
    this.#context = context;
    this.#log = log;
    this.#position = position;
    this.#unsubscribe = context.notices.subscribe(logPath, () => this.#heard());
  }

  /**
   * Starts about `lastBytes` before the end of a regular file; null when it cannot be read. Rejects with the signal's reason if
   * nobody waits for it any more.
   */
  static async open(
    context: FollowContext,
    logPath: string,
    lastBytes: number,
    signal: AbortSignal,
  ): Promise<Follower | null> {
    const resolved = path.resolve(logPath);
    const log = await context.reader.open(resolved, signal);
    if ('why' in log) {
      return null;
    }
    try {
      return new Follower(context, resolved, log, await startOf(log, lastBytes, signal));
    } catch (error) {
      log.close();
      throw error;
    }
  }

  /**
   * The next piece, at most so many bytes (64 KiB or more), as soon as there is one; null after `abort` or when reading fails for
   * good. It comes in a later turn of the event loop. To be called again only after it has answered, and once the piece is not
   * used any more: the next may be read to the same place.
   */
  async read(maxBytes = smallBlockBytes): Promise<Uint8Array | null> {
    while (!this.#isAborted) {
      this.#hasNews = false;
      const wanted = Math.min(maxBytes, this.#block?.bytes.length ?? smallBlockBytes);
      const part = await this.#readOn(wanted);
      if (part === 'aborted') {
        break;
      }
      if (part?.bytes.length === wanted) {
        this.#block ??= this.#context.reader.blocks.take(maxBytes);
      }
      const piece = part === null ? null : this.#pieceOf(part, wanted);
      if (piece === null || piece.length > 0) {
        return piece;
      }
      if (part?.bytes.length === 0 && part.next === null) {
        if (this.#isCutOverdue()) {
          return this.#takeCut();
        }
        await this.#untilWoken();
      }
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
    this.#end.abort();
    this.#unsubscribe();
    this.#timer?.cancel();
    this.#log.close();
    this.#dropBlock();
    this.#wake?.();
  }

  get #isAborted(): boolean {
    return this.#end.signal.aborted;
  }

  async #readOn(length: number): Promise<NextPart | 'aborted' | null> {
    let part: NextPart | null;
    const wanted = { position: this.#position, length, block: this.#block };
    try {
      part = await this.#log.readOn(wanted, this.#end.signal);
    } catch (error) {
      if (this.#isAborted) {
        return 'aborted';
      }
      throw error;
    }
    if (this.#isAborted) {
      part?.next?.close();
      return 'aborted';
    }
    return part;
  }

  /** What there is to give out; empty when it is nothing, or only the beginning of a character. */
  #pieceOf({ facts, bytes, next }: NextPart, wantedBytes: number): Uint8Array {
    if (facts.sizeBytes < this.#position) {
      this.#position = 0;
      this.#lastJump = { count: this.#lastJump.count + 1, kind: 'truncated' };
      return this.#takeCut(truncatedNotice);
    }
    if (next !== null) {
      this.#goTo(next);
    }
    if (bytes.length === 0) {
      return nothing;
    }
    const all = this.#takeCut(bytes);
    const cutBytes = danglingEnd(all);
    const end = all.length - cutBytes;
    if (bytes.length === wantedBytes) {
      // There may be more, with which the beginning of the character is read again.
      this.#position += bytes.length - cutBytes;
    } else {
      this.#position += bytes.length;
      this.#cut = Buffer.from(all.subarray(end));
      this.#cutAtMs = this.#context.clock.monotonicMs();
    }
    return all.subarray(0, end);
  }

  #takeCut(rest: Uint8Array = nothing): Uint8Array {
    const cut = this.#cut;
    this.#cut = nothing;
    return cut.length === 0 ? rest : Buffer.concat([cut, rest]);
  }

  #dropBlock(): void {
    if (this.#block !== null) {
      this.#context.reader.blocks.giveBack(this.#block);
      this.#block = null;
    }
  }

  #isCutOverdue(): boolean {
    return this.#cut.length > 0 && this.#context.clock.monotonicMs() - this.#cutAtMs >= fallbackCheckMs;
  }

  /** Everything of the present file has been read. */
  #goTo(next: ReadableLog): void {
    this.#log.close();
    this.#log = next;
    this.#position = 0;
    this.#lastJump = { count: this.#lastJump.count + 1, kind: 'rotated' };
  }

  #heard(): void {
    this.#hasNews = true;
    this.#wake?.();
  }

  /** Not at all if something may have been written since it was looked. */
  async #untilWoken(): Promise<void> {
    const { clock } = this.#context;
    const isWatchNew = this.#log.watch(() => this.#heard());
    if (isWatchNew || this.#hasNews) {
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#wake = null;
        this.#timer?.cancel();
        this.#timer = null;
        resolve();
      };
      this.#wake = wake;
      this.#timer = clock.schedule(clock.monotonicMs() + fallbackCheckMs, () => {
        this.#dropBlock();
        wake();
      });
    });
  }
}

/** The position so many bytes before the end of a file, or up to three later where that is within a character. */
async function startOf(log: ReadableLog, lastBytes: number, signal: AbortSignal): Promise<number> {
  const start = Math.max(0, log.facts.sizeBytes - lastBytes);
  const first = start === 0 ? null : await log.readRange(start, maxContinuationBytes + 1, signal);
  return start + (first === null ? 0 : danglingStart(first));
}
