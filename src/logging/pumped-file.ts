import type { Clock, Timer } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import { type Answer, type LogSink, maxWaitingBytes, type SinkObserver } from './destinations/destination.ts';
import { Backlog } from './backlog.ts';
import type { LogFiles } from './log-files.ts';
import type { OpenedFile } from './open-log.ts';
import type { GoOn, Pump, PumpFile, PumpFileOwner, PumpStream, PumpStreamOwner } from './pump.ts';
import type { SizeLimits } from './rotation.ts';
import { ToldOnce } from './told-once.ts';

/** How long a write, a rotation or a reopening that failed waits for the next try. */
const retryMs = 1000;
const rotationRetryMs = 10_000;
/** What would be read back from a file that was removed; more is not written to one. */
const maxNamelessBytes = 8 * 1024 * 1024;

/** Errors that mean: no room. Any other one may be cured by opening the file again. */
const spaceErrors: ReadonlySet<Errno> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EAGAIN']);

export interface PumpedFileOptions {
  readonly pump: Pump;
  readonly files: LogFiles;
  readonly clock: Clock;
  readonly path: string;
  /** Permissions of a file that is created, less the umask. */
  readonly mode: number;
  readonly observer: SinkObserver;
}

/**
 * What somebody has asked for comes after what was written before, which is waited for unless nothing can be written; what is
 * written after it was asked for comes after it.
 */
class Asked {
  readonly done: Answer;
  readonly after = new Backlog();

  constructor(done: Answer) {
    this.done = done;
  }
}

/** What is to be done with the file; each while it is held, one after the other. */
type Task =
  | { readonly kind: 'rotate' }
  /** `onlyIfOther`: a new writer has come. Null: nobody has asked. */
  | { readonly kind: 'open'; readonly onlyIfOther: boolean; readonly asked: Asked | null }
  | { readonly kind: 'clear'; readonly asked: Asked }
  /** To try again what has failed. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'drop' };

/** How it goes on after a task; null: not before the next try. */
type Way = GoOn | null;

interface Closing {
  /** Null: it has been called. */
  closed: (() => void) | null;
  /** It has taken too long: nobody waits any more. */
  isOverdue: boolean;
  isDropping: boolean;
}

/**
 * A regular file that is appended to and rotated by size: what is to be done when the pump tells that something has happened.
 *
 * No byte is lost or written twice, whatever happens to the file: a write that fails keeps its rest, a
 * rotation that fails goes on in the present file, a file that was removed is made anew and gets what was
 * written since it was last seen, a file that was moved is written to until `reopen`, as logrotate expects. Nothing
 * here waits for the file system.
 *
 * Source: B16.4, B16.9; the scheme of the original, which checks the size after each whole chunk.
 */
export class PumpedFile implements LogSink, PumpFileOwner {
  readonly keepsLines = false;
  readonly isOpen = true;
  readonly #options: PumpedFileOptions;
  readonly #file: PumpFile;
  readonly #problems: ToldOnce;
  readonly #tasks: Task[] = [];
  /** Not done yet, in order. */
  #asked: Asked[] = [];
  /** Of those who write here, one of each size: how many backups are wanted. */
  #limits: readonly SizeLimits[] = [];
  #isWorking = false;
  #workingSinceMs = 0;
  #failingSinceMs: number | null = null;
  /** The descriptor is not what the path should name: rotation or `reopen` got stuck half way. */
  #isMisplaced = false;
  /** It was seen to have no name. */
  #isNameless = false;
  #writeError: Errno | null = null;
  #retry: Timer | null = null;
  #isDropped = false;
  #closing: Closing | null = null;
  #patience: Timer | null = null;

  private constructor(options: PumpedFileOptions, file: PumpFile) {
    this.#options = options;
    this.#problems = new ToldOnce(options.path, options.observer);
    this.#file = file;
    file.own(this);
  }

  /** Takes over the descriptor of a regular file; or the errno's name. */
  static open(opened: OpenedFile, options: PumpedFileOptions): PumpedFile | Errno {
    const file = options.pump.open(opened);
    return typeof file === 'string' ? file : new PumpedFile(options, file);
  }

  get backlogBytes(): number {
    const waiting = this.#asked.reduce((sum, { after }) => sum + after.bytes, 0);
    return this.#isDropped ? 0 : this.#file.backlogBytes + waiting;
  }

  get isBehind(): boolean {
    return this.backlogBytes > maxWaitingBytes;
  }

  get blockedForMs(): number {
    if (this.#isDropped) {
      return 0;
    }
    const { clock } = this.#options;
    const failing = this.#failingSinceMs === null ? 0 : clock.monotonicMs() - this.#failingSinceMs;
    return Math.max(failing, this.#workingForMs, this.#file.facts.busyForMs);
  }

  write(chunk: Uint8Array, limits: SizeLimits): void {
    const after = this.#asked.at(-1)?.after;
    this.#know(limits);
    if (after !== undefined) {
      after.push(chunk, limits);
    } else if (!this.#isDropped) {
      this.#file.push(chunk, limits.maxBytes);
    }
  }

  takePipe(pipe: Descriptor, limits: SizeLimits, owner: PumpStreamOwner): PumpStream | null {
    if (this.#isDropped) {
      return null;
    }
    this.#know(limits);
    const stream = this.#file.addStream(pipe, limits.maxBytes, owner);
    return typeof stream === 'string' ? null : stream;
  }

  follow(on: boolean): void {
    if (!this.#isDropped) {
      this.#file.follow(on);
    }
  }

  refresh(done: Answer): void {
    this.#add({ kind: 'open', onlyIfOther: true, asked: new Asked(done) });
  }

  reopen(): void {
    this.#add({ kind: 'open', onlyIfOther: false, asked: new Asked(ignore) });
  }

  clear(done: Answer): void {
    this.#add({ kind: 'clear', asked: new Asked(done) });
  }

  close(closed: () => void): void {
    const { clock } = this.#options;
    this.#closing = { closed, isOverdue: false, isDropping: false };
    this.#patience = clock.schedule(clock.monotonicMs() + retryMs, () => this.#giveUp());
    if (this.#retry !== null) {
      this.#stopWaiting();
      this.#add({ kind: 'resume' });
    }
    this.#dropIfDone();
  }

  sizeReached(): void {
    this.#add({ kind: 'rotate' });
  }

  removed(): void {
    this.#isNameless = true;
    this.#add({ kind: 'open', onlyIfOther: false, asked: null });
  }

  failed(errno: Errno): void {
    this.#writeError = errno;
    this.#failingSinceMs ??= this.#options.clock.monotonicMs();
    this.#problems.begin('write to', `${errno}; output is held back until it works again`);
    if (this.#tasks.length === 0 && !this.#isWorking) {
      this.#waitForNextTry();
    }
    this.#work();
  }

  /** What it was held for may have been dealt with since. */
  held(): void {
    if (this.#tasks.every((task) => this.#comesLater(task)) && !this.#isWorking && this.#retry === null) {
      this.#tasks.push({ kind: 'resume' });
    }
    this.#work();
  }

  written(): void {
    this.#options.observer.changed();
  }

  emptied(): void {
    if (this.#writeError !== null && this.#file.backlogBytes === 0) {
      this.#writeError = null;
      this.#failingSinceMs = null;
      this.#problems.end('write to');
    }
    this.#work();
    this.#dropIfDone();
    this.#options.observer.drained();
  }

  unused(): void {
    this.#dropIfDone();
  }

  #know(limits: SizeLimits): void {
    if (!this.#limits.includes(limits)) {
      this.#limits = [...this.#limits.filter(({ maxBytes }) => maxBytes !== limits.maxBytes), limits];
    }
  }

  get #workingForMs(): number {
    return this.#isWorking ? this.#options.clock.monotonicMs() - this.#workingSinceMs : 0;
  }

  #add(task: Task): void {
    const isRepeated = task.kind === 'rotate' && this.#tasks.some(({ kind }) => kind === 'rotate');
    const asked = askedOf(task);
    if (asked !== null) {
      this.#asked.push(asked);
    }
    if (!isRepeated) {
      this.#tasks.push(task);
    }
    this.#work();
  }

  #work(): void {
    if (this.#isDropped) {
      this.#asked = [];
      this.#tasks.splice(0).forEach(answerClosed);
      return;
    }
    const task = this.#isWorking ? undefined : this.#tasks.find((next) => !this.#comesLater(next));
    if (task === undefined || !this.#file.hold()) {
      return;
    }
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    this.#isWorking = true;
    this.#workingSinceMs = this.#options.clock.monotonicMs();
    this.#stopWaiting();
    this.#carryOut(task, (way) => {
      this.#isWorking = false;
      if (way === null) {
        this.#waitForNextTry();
      } else {
        this.#goOn(way);
      }
      this.#work();
    });
  }

  /** What was written after it was asked for is next in line. */
  #answer(asked: Asked | null, errno: Errno | null, goOn: () => void): void {
    this.#asked = this.#asked.filter((other) => other !== asked);
    const after = asked?.after ?? new Backlog();
    for (let next = after.first; next !== null; next = after.first) {
      this.#file.push(next.bytes, next.limits.maxBytes);
      after.consume(next.bytes.length);
    }
    goOn();
    asked?.done(errno);
  }

  #comesLater(task: Task): boolean {
    const isStuck = this.#writeError !== null || this.#retry !== null;
    return askedOf(task) !== null && !isStuck && this.#file.backlogBytes > 0;
  }

  #carryOut(task: Task, done: (way: Way) => void): void {
    switch (task.kind) {
      case 'rotate':
        this.#rotate(done);
        break;
      case 'open':
        this.#open(task.onlyIfOther, (way, errno) => this.#answer(task.asked, errno, () => done(way)));
        break;
      case 'clear':
        this.#clear((way, errno) => this.#answer(task.asked, errno, () => done(way)));
        break;
      case 'resume':
        done({});
        break;
      case 'drop':
        this.#drop();
        break;
    }
  }

  #rotate(done: (way: Way) => void): void {
    const { files, path, mode } = this.#options;
    const { size, reached } = this.#file.facts;
    const backups = this.#limits.find(({ maxBytes }) => maxBytes === reached)?.backups;
    if (this.#isMisplaced) {
      // It has been moved away already, and only the new one is missing.
      this.#open(false, done);
      return;
    }
    if (backups === undefined || size < reached) {
      done({});
      return;
    }
    files.rotate({ path, fd: this.#file.fd, maxBytes: reached, backups, mode }, (answer) => {
      switch (answer.outcome) {
        case 'rotated':
          this.#problems.end('rotate');
          done(this.#movedTo(answer.opened));
          break;
        case 'small':
          done({ sizeBytes: answer.sizeBytes });
          break;
        case 'removed':
          this.#isNameless = true;
          this.#open(false, done);
          break;
        case 'kept':
          this.#problems.begin('rotate', `${answer.why}; it keeps growing until it works again`);
          done({ noLimitForMs: rotationRetryMs });
          break;
        case 'misplaced':
          done(this.#isNotOpened(answer.why));
          break;
      }
    });
  }

  /**
   * Goes over to the file that the path names, or keeps the present one when that cannot be opened. What was written to one
   * that has been removed, since it was last seen, goes along.
   */
  #open(onlyIfOther: boolean, done: (way: Way, errno: Errno | null) => void): void {
    const { files, path, mode } = this.#options;
    const { seen } = this.#file.facts;
    files.reopen({ path, fd: this.#file.fd, seenBytes: seen, mode, onlyIfOther }, (answer) => {
      switch (answer.outcome) {
        case 'same':
          this.#isPlaced();
          done({ sizeBytes: answer.facts.sizeBytes }, null);
          break;
        case 'opened':
          if (answer.rest.length > 0) {
            this.#file.putBack(answer.rest);
          }
          done(this.#movedTo(answer.opened), null);
          break;
        case 'failed':
          done(this.#isNotOpened(answer.why), answer.why);
          break;
      }
    });
  }

  #clear(done: (way: Way, errno: Errno | null) => void): void {
    const { files, path, mode } = this.#options;
    files.clear(path, mode, (answer) => {
      switch (answer.outcome) {
        case 'cleared':
          done(this.#movedTo(answer.opened), null);
          break;
        case 'kept':
          done({}, answer.why);
          break;
        case 'misplaced':
          done(this.#isNotOpened(answer.why), answer.why);
          break;
      }
    });
  }

  #movedTo(opened: OpenedFile): GoOn {
    this.#isPlaced();
    return { opened };
  }

  #isPlaced(): void {
    this.#isMisplaced = false;
    this.#isNameless = false;
    this.#problems.end('open');
  }

  /** Goes on in the file that was open before, or waits if that has no name and holds too much to be read back. */
  #isNotOpened(why: Errno): Way {
    this.#isMisplaced = true;
    this.#problems.begin('open', `${why}; the file opened before is written to until it works again`);
    const { size, seen } = this.#file.facts;
    const isFull = this.#isNameless && size - seen >= maxNamelessBytes;
    return isFull ? null : { noLookForMs: retryMs, noLimitForMs: retryMs };
  }

  #goOn(way: GoOn): void {
    const former = this.#file.goOn(way);
    if (former !== null) {
      this.#options.files.close(former);
      this.#options.observer.changed();
    }
    if (this.#isMisplaced) {
      this.#waitForNextTry();
    }
  }

  #waitForNextTry(): void {
    const { clock } = this.#options;
    this.#retry ??= clock.schedule(clock.monotonicMs() + retryMs, () => {
      this.#retry = null;
      if (this.#isMisplaced || (this.#writeError !== null && !spaceErrors.has(this.#writeError))) {
        this.#add({ kind: 'open', onlyIfOther: false, asked: null });
      } else {
        this.#add({ kind: 'resume' });
      }
    });
  }

  #stopWaiting(): void {
    this.#retry?.cancel();
    this.#retry = null;
  }

  /** Once it is to be closed and nothing is left that could be written before. */
  #dropIfDone(): void {
    const closing = this.#closing;
    if (closing === null || closing.isDropping || this.#file.hasStreams) {
      return;
    }
    if (closing.isOverdue || this.backlogBytes === 0) {
      closing.isDropping = true;
      this.#add({ kind: 'drop' });
    }
  }

  /** What cannot be written is given up. Pipes that are still read keep it, but nobody waits for them. */
  #giveUp(): void {
    const closing = this.#closing;
    if (closing !== null) {
      closing.isOverdue = true;
      this.#dropIfDone();
      this.#tellClosed();
    }
  }

  #tellClosed(): void {
    const closed = this.#closing?.closed;
    if (this.#closing !== null) {
      this.#closing.closed = null;
    }
    closed?.();
  }

  #drop(): void {
    const { observer, files, path } = this.#options;
    const { backlogBytes } = this;
    if (backlogBytes > 0) {
      observer.report('error', `lost ${backlogBytes} bytes of output for '${path}'`);
    }
    this.#isDropped = true;
    this.#asked = [];
    this.#stopWaiting();
    this.#patience?.cancel();
    files.close(this.#file.drop());
    this.#work();
    this.#tellClosed();
  }
}

function ignore(): void {
  // Nobody has asked.
}

/** Nothing is left that it could be done to. */
function answerClosed(task: Task): void {
  askedOf(task)?.done('EBADF');
}

function askedOf(task: Task): Asked | null {
  return task.kind === 'open' || task.kind === 'clear' ? task.asked : null;
}
