import { constants } from 'node:fs';

import type { Clock, Timer } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import { Backlog } from './backlog.ts';
import type { LogSink, SinkObserver } from './destinations/destination.ts';
import { isSameFile, type LogIo } from './io.ts';
import { openForAppend, type OpenedFile } from './open-log.ts';
import { shiftBackups, type SizeLimits } from './rotation.ts';

/** How long a write, a rotation or a reopening that failed waits for the next try. */
const retryMs = 1000;
const rotationRetryMs = 10_000;
/** How often, at most, an active file is checked for having been removed; and after how many bytes at the latest. */
const checkMs = 250;
const checkBytes = 8 * 1024 * 1024;

/** Errors that mean: no room. Any other one may be cured by opening the file again. */
const spaceErrors: ReadonlySet<Errno> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EAGAIN']);

export interface RotatingFileOptions {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly path: string;
  /** Permissions of a file that is created, less the umask. */
  readonly mode: number;
  readonly observer: SinkObserver;
}

/**
 * A regular file that is appended to and rotated by size.
 *
 * No byte is lost or written twice, whatever happens to the file: a write that fails keeps its rest, a
 * rotation that fails goes on in the present file, a file that was removed is made anew and gets what was
 * written since it was last seen, a file that was moved is written to until `reopen`, as logrotate expects.
 *
 * Source: B16.4, B16.9; the scheme of the original, which checks the size after each whole chunk.
 */
export class RotatingFile implements LogSink {
  readonly keepsLines = false;
  readonly #io: LogIo;
  readonly #clock: Clock;
  readonly #path: string;
  readonly #mode: number;
  readonly #observer: SinkObserver;
  readonly #backlog = new Backlog();
  readonly #problems = new Set<string>();
  #fd: Descriptor;
  #sizeBytes: number;
  /** Size when the file was last seen to have a name. */
  #seenBytes: number;
  #checkAtMs: number;
  #rotateAtMs = Number.NEGATIVE_INFINITY;
  /** The descriptor is not what the path should name: rotation or `reopen` got stuck half way. */
  #isMisplaced = false;
  #writeError: Errno | null = null;
  #retry: Timer | null = null;

  /** Takes over the descriptor of a regular file. */
  constructor({ fd, facts }: OpenedFile, options: RotatingFileOptions) {
    this.#io = options.io;
    this.#clock = options.clock;
    this.#path = options.path;
    this.#mode = options.mode;
    this.#observer = options.observer;
    this.#fd = fd;
    this.#sizeBytes = facts.sizeBytes;
    this.#seenBytes = facts.sizeBytes;
    this.#checkAtMs = this.#clock.monotonicMs() + checkMs;
  }

  get backlogBytes(): number {
    return this.#backlog.bytes;
  }

  write(chunk: Uint8Array, limits: SizeLimits): void {
    let rest = chunk;
    if (this.#retry === null && this.#isUsable() && this.#flush()) {
      rest = chunk.subarray(this.#append(chunk));
      if (rest.length === 0) {
        this.#rotateIfDue(limits);
        return;
      }
    }
    this.#backlog.push(rest, limits);
    this.#retryLater();
  }

  refresh(): void {
    const here = this.#io.fstat(this.#fd);
    const named = this.#io.stat(this.#path);
    if (typeof here === 'string' || typeof named === 'string' || !isSameFile(here, named)) {
      this.reopen();
    }
  }

  reopen(): void {
    this.#replace(this.#isRemoved());
    if (this.#retry === null && !this.#flush()) {
      this.#retryLater();
    }
  }

  clear(): Errno | null {
    const errno = this.#io.unlink(this.#path);
    if (errno !== null && errno !== 'ENOENT') {
      return errno;
    }
    this.#seenBytes = this.#sizeBytes;
    return this.#replace(false);
  }

  close(): void {
    this.#retry?.cancel();
    this.#retry = null;
    if (this.#backlog.bytes > 0 && !this.#flush()) {
      this.#observer.report('error', `lost ${this.#backlog.bytes} bytes of output for '${this.#path}'`);
      this.#backlog.takeAll();
    }
    this.#io.close(this.#fd);
  }

  /** Writes a chunk as far as it goes; returns how far. */
  #append(chunk: Uint8Array): number {
    let offset = 0;
    while (offset < chunk.length) {
      const written = this.#io.append(this.#fd, chunk, offset);
      if (written === 'EINTR') {
        continue;
      }
      if (typeof written === 'string' || written === 0) {
        this.#writeError = written === 0 ? 'ENOSPC' : written;
        this.#begin('write to', `${this.#writeError}; output is held back until it works again`);
        break;
      }
      offset += written;
      this.#sizeBytes += written;
    }
    if (offset > 0) {
      this.#observer.changed();
    }
    return offset;
  }

  /** Writes the backlog as far as it goes; true when nothing of it is left. */
  #flush(): boolean {
    for (let next = this.#backlog.first; next !== null; next = this.#backlog.first) {
      const written = this.#append(next.bytes);
      this.#backlog.consume(written);
      if (written < next.bytes.length) {
        return false;
      }
      this.#rotateIfDue(next.limits);
    }
    return true;
  }

  #retryLater(): void {
    this.#retry ??= this.#clock.schedule(this.#clock.monotonicMs() + retryMs, () => {
      this.#retry = null;
      if (this.#writeError !== null && !spaceErrors.has(this.#writeError)) {
        this.#replace(this.#isRemoved());
      }
      if (!this.#isUsable() || !this.#flush()) {
        this.#retryLater();
        return;
      }
      this.#writeError = null;
      this.#end('write to');
      this.#observer.drained();
    });
  }

  /**
   * Looks now and then whether the file still has a name, and sees to it that it does. False: nothing may be
   * written, since the file has no name, none can be made, and it holds all that would be read back.
   */
  #isUsable(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#checkAtMs && this.#sizeBytes - this.#seenBytes < checkBytes) {
      return true;
    }
    this.#checkAtMs = nowMs + checkMs;
    const facts = this.#io.fstat(this.#fd);
    if (typeof facts !== 'string' && facts.links > 0) {
      this.#sizeBytes = facts.sizeBytes;
      this.#seenBytes = facts.sizeBytes;
      if (this.#isMisplaced && this.#replace(false) !== null) {
        this.#checkAtMs = nowMs + retryMs;
      }
      return true;
    }
    if (this.#replace(true) === null) {
      return true;
    }
    this.#checkAtMs = nowMs + retryMs;
    return this.#sizeBytes - this.#seenBytes < checkBytes;
  }

  #rotateIfDue({ maxBytes, backups }: SizeLimits): void {
    if (maxBytes <= 0 || this.#sizeBytes < maxBytes || this.#isMisplaced) {
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#rotateAtMs) {
      return;
    }
    const facts = this.#io.fstat(this.#fd);
    if (typeof facts !== 'string') {
      if (facts.links === 0) {
        this.#checkAtMs = nowMs;
        return;
      }
      this.#sizeBytes = facts.sizeBytes;
      if (facts.sizeBytes < maxBytes) {
        this.#seenBytes = facts.sizeBytes;
        return;
      }
    }
    const errno = backups > 0 ? shiftBackups(this.#io, this.#path, backups) : null;
    if (errno !== null) {
      this.#begin('rotate', `${errno}; it keeps growing until it works again`);
      this.#rotateAtMs = nowMs + rotationRetryMs;
      return;
    }
    if (this.#replace(false, backups > 0 ? 0 : constants.O_TRUNC) === null) {
      this.#end('rotate');
    }
  }

  /**
   * Goes over to the file that the path names, or keeps the present one when that cannot be opened.
   * `readBack`: the present one has been removed; what was written to it since it was last seen goes along.
   */
  #replace(readBack: boolean, extraFlags = 0): Errno | null {
    const opened = openForAppend(this.#io, this.#path, this.#mode, extraFlags);
    const errno = typeof opened === 'string' ? opened : opened.facts.kind === 'file' ? null : 'EINVAL';
    if (typeof opened === 'string' || errno !== null) {
      if (typeof opened !== 'string') {
        this.#io.close(opened.fd);
      }
      this.#isMisplaced = true;
      this.#begin('open', `${errno}; the file opened before is written to until it works again`);
      return errno;
    }
    if (readBack) {
      this.#putBackTail();
    }
    this.#io.close(this.#fd);
    this.#fd = opened.fd;
    this.#sizeBytes = opened.facts.sizeBytes;
    this.#seenBytes = opened.facts.sizeBytes;
    this.#isMisplaced = false;
    this.#end('open');
    this.#observer.changed();
    return null;
  }

  #isRemoved(): boolean {
    const facts = this.#io.fstat(this.#fd);
    return typeof facts !== 'string' && facts.links === 0;
  }

  #putBackTail(): void {
    const tail = new Uint8Array(Math.max(0, this.#sizeBytes - this.#seenBytes));
    if (tail.length === 0) {
      return;
    }
    const count = this.#io.readAt(this.#fd, tail, this.#seenBytes);
    if (typeof count === 'number' && count > 0) {
      this.#backlog.putBack(tail.subarray(0, count));
    }
  }

  /** Reports a problem unless it has been. */
  #begin(action: string, why: string): void {
    if (!this.#problems.has(action)) {
      this.#problems.add(action);
      this.#observer.report('error', `cannot ${action} '${this.#path}': ${why}`);
    }
  }

  #end(action: string): void {
    if (this.#problems.delete(action)) {
      this.#observer.report('info', `can ${action} '${this.#path}' again`);
    }
  }
}
