import type { Clock, Timer } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import { Backlog } from './backlog.ts';
import {
  type Answer,
  type LogDestination,
  type LogSink,
  maxWaitingBytes,
  type SinkObserver,
} from './destinations/destination.ts';
import type { ReplaceableSink } from './destinations/replaceable-sink.ts';
import { SharedSink } from './destinations/shared-sink.ts';
import { StreamSink } from './destinations/stream-sink.ts';
import type { LogIo } from './io.ts';
import type { LogFiles, OpenAnswer } from './log-files.ts';
import { openForAppend, type OpenedFile } from './open-log.ts';
import type { Pump, PumpStream, PumpStreamOwner } from './pump.ts';
import { PumpedFile } from './pumped-file.ts';
import type { SizeLimits } from './rotation.ts';

const retryMs = 1000;
/** How long the end waits for a path that is still being opened. */
const patienceMs = 1000;

export interface PathSinkOptions {
  readonly io: LogIo;
  readonly files: LogFiles;
  readonly pump: Pump;
  readonly clock: Clock;
  readonly path: string;
  /** Permissions of a file that is created, less the umask. */
  readonly mode: number;
  readonly observer: SinkObserver;
  /** One more writer at one of the daemon's own descriptors, to be opened; or why it cannot be written. */
  readonly joinOwn: (descriptor: number, observer: SinkObserver) => LogDestination | Errno;
}

/**
 * What is at a path, which is opened beside the event loop: only then it turns out what kind of sink it is. Until then what is
 * written waits. Where it cannot be opened, whoever asked is told, and it is tried again as long as somebody is left who
 * needs it. What is no regular file is replaced when it is opened again; a regular file looks after itself.
 */
export class PathSink implements LogSink {
  readonly #options: PathSinkOptions;
  readonly #backlog = new Backlog();
  #sink: PumpedFile | ReplaceableSink | null = null;
  #asked: Answer[] = [];
  #isOpening = false;
  /** It was asked for while it was being opened, which may have found what was there before. */
  #mustReopen = false;
  #isFollowed = false;
  #hasFailed = false;
  #openedAtMs = 0;
  #retry: Timer | null = null;
  /** To be closed, as soon as it is not being opened. */
  #isClosed = false;
  #isClosing = false;
  /** Nobody waits any more once the patience is at its end. */
  #onClosed: (() => void) | null = null;
  #patience: Timer | null = null;

  /** `opened`: it has been opened already. */
  constructor(options: PathSinkOptions, opened: OpenedFile | null = null) {
    this.#options = options;
    if (opened !== null) {
      this.#become(opened);
    }
  }

  get backlogBytes(): number {
    return this.#backlog.bytes + (this.#sink?.backlogBytes ?? 0);
  }

  get isBehind(): boolean {
    return this.#sink?.isBehind ?? this.#backlog.bytes > maxWaitingBytes;
  }

  get blockedForMs(): number {
    const isWaiting = this.#isOpening || this.#hasFailed;
    const opening = isWaiting ? this.#options.clock.monotonicMs() - this.#openedAtMs : 0;
    return this.#sink?.blockedForMs ?? opening;
  }

  get isOpen(): boolean {
    return this.#sink !== null;
  }

  get keepsLines(): boolean {
    return this.#sink?.keepsLines ?? false;
  }

  write(chunk: Uint8Array, limits: SizeLimits): void {
    if (this.#sink === null) {
      this.#backlog.push(chunk, limits);
    } else {
      this.#sink.write(chunk, limits);
    }
  }

  takePipe(pipe: Descriptor, limits: SizeLimits, owner: PumpStreamOwner): PumpStream | null {
    return this.#sink?.takePipe(pipe, limits, owner) ?? null;
  }

  follow(on: boolean): void {
    this.#isFollowed = on;
    this.#sink?.follow(on);
  }

  refresh(refreshed: Answer): void {
    if (this.#sink !== null && this.#replaceable?.isStale !== true) {
      this.#sink.refresh(refreshed);
      return;
    }
    this.#asked.push(refreshed);
    this.#open();
  }

  reopen(): void {
    if (this.#isOpening) {
      this.#mustReopen = true;
    } else if (this.#replaceable !== null) {
      this.#open();
    } else {
      this.#sink?.reopen();
    }
  }

  clear(cleared: Answer): void {
    if (this.#sink === null) {
      this.refresh((errno) => (errno === null ? this.clear(cleared) : cleared(errno)));
    } else {
      this.#sink.clear(cleared);
    }
  }

  close(closed: () => void): void {
    this.#isClosed = true;
    this.#stopRetrying();
    this.#onClosed = closed;
    if (this.#isOpening && this.#sink === null) {
      const { clock } = this.#options;
      this.#patience = clock.schedule(clock.monotonicMs() + patienceMs, () => this.#tellClosed());
    } else {
      this.#closeNow();
    }
  }

  /** What there is, unless it is a regular file. */
  get #replaceable(): ReplaceableSink | null {
    return this.#sink instanceof PumpedFile ? null : this.#sink;
  }

  #closeNow(): void {
    if (this.#isClosing) {
      return;
    }
    this.#isClosing = true;
    this.#patience?.cancel();
    if (this.#sink === null) {
      this.#lose();
      this.#tellClosed();
    } else {
      this.#sink.close(() => this.#tellClosed());
    }
  }

  #tellClosed(): void {
    const closed = this.#onClosed;
    this.#onClosed = null;
    closed?.();
  }

  #stopRetrying(): void {
    this.#retry?.cancel();
    this.#retry = null;
  }

  #open(): void {
    if (this.#isOpening) {
      return;
    }
    const { files, path, mode, clock } = this.#options;
    this.#isOpening = true;
    this.#stopRetrying();
    if (!this.#hasFailed) {
      this.#openedAtMs = clock.monotonicMs();
    }
    files.open(path, mode, (answer) => {
      this.#isOpening = false;
      const errno = this.#take(answer);
      if (errno === null) {
        this.#flush();
      }
      const asked = this.#asked;
      this.#asked = [];
      asked.forEach((each) => each(errno));
      if (this.#isClosed) {
        this.#closeNow();
      } else if (errno !== null) {
        this.#failed(errno);
      }
      this.#reopenIfAsked();
    });
  }

  #reopenIfAsked(): void {
    if (this.#mustReopen && !this.#isClosed) {
      this.#mustReopen = false;
      this.reopen();
    }
  }

  /** Null, or why it cannot be written. */
  #take(answer: OpenAnswer | Errno): Errno | null {
    if (typeof answer === 'string') {
      return answer;
    }
    if (this.#isClosing) {
      if ('fd' in answer) {
        this.#options.files.close(answer.fd);
      }
      return 'EBADF';
    }
    return 'fd' in answer ? this.#become(answer) : this.#becomeOwn(answer.own);
  }

  #become(opened: OpenedFile): Errno | null {
    const { io, clock, path, observer, files } = this.#options;
    const { fd, facts } = opened;
    if (facts.kind !== 'file') {
      this.#replace(new StreamSink({ io, clock, fd, isOwned: true, kind: facts.kind, name: path, observer }));
      return null;
    }
    const file = PumpedFile.open(opened, this.#options);
    if (typeof file === 'string') {
      files.close(fd);
      return file;
    }
    file.follow(this.#isFollowed);
    this.#replace(file);
    return null;
  }

  #becomeOwn(descriptor: number): Errno | null {
    const { observer, joinOwn } = this.#options;
    const present = this.#sink;
    if (present instanceof SharedSink && present.descriptor === descriptor) {
      return null;
    }
    const destination = joinOwn(descriptor, observer);
    if (typeof destination === 'string') {
      return destination;
    }
    destination.open(() => undefined);
    this.#replace(new SharedSink(descriptor, destination));
    return null;
  }

  /** What the former has not written is the first that this one takes. */
  #replace(next: PumpedFile | ReplaceableSink): void {
    const rest = this.#replaceable?.leave();
    if (rest !== undefined && rest.length > 0) {
      this.#backlog.push(rest);
    }
    this.#sink = next;
  }

  /** What is open goes on, or it is tried again until something is. */
  #failed(errno: Errno): void {
    if (this.#sink === null) {
      this.#openLater(errno);
    } else {
      const { observer, path } = this.#options;
      observer.report('error', `cannot open '${path}': ${errno}; what was opened before is written to`);
    }
  }

  /** Whoever has been told and gone has closed it by now. */
  #openLater(errno: Errno): void {
    const { clock, path, observer } = this.#options;
    if (this.#retry !== null) {
      return;
    }
    if (!this.#hasFailed) {
      this.#hasFailed = true;
      observer.report('error', `cannot open '${path}': ${errno}; output is held back until it works`);
    }
    this.#retry = clock.schedule(clock.monotonicMs() + retryMs, () => {
      this.#retry = null;
      this.#open();
    });
  }

  /** What has waited comes first, then those who wait to write, in the order in which they came. */
  #flush(): void {
    const { path, observer } = this.#options;
    if (this.#hasFailed) {
      this.#hasFailed = false;
      observer.report('info', `can open '${path}' again`);
    }
    for (let next = this.#backlog.first; next !== null; next = this.#backlog.first) {
      this.#sink?.write(next.bytes, next.limits);
      this.#backlog.consume(next.bytes.length);
    }
    observer.changed();
    observer.drained();
  }

  #lose(): void {
    const { bytes } = this.#backlog;
    if (bytes > 0) {
      const { path, observer } = this.#options;
      observer.report('error', `lost ${bytes} bytes of output for '${path}'`);
      this.#backlog.takeAll();
    }
  }
}

/** Waits for the file system; for the start of the daemon, when there is nothing else yet. */
export function openPathSink(options: PathSinkOptions): PathSink | Errno {
  const opened = openForAppend(options.io, options.path, options.mode);
  return typeof opened === 'string' ? opened : new PathSink(options, opened);
}
