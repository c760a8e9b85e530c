import { constants } from 'node:fs';
import path from 'node:path';

import { askAll } from '../system/answers.ts';
import type { Clock } from '../system/clock.ts';
import { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { Answer, LogDestination, LogReport, LogSink, SinkObserver } from './destinations/destination.ts';
import { noDestination } from './destinations/fan-out.ts';
import { LineKeeper } from './destinations/line-keeper.ts';
import { NullSink, nullPath } from './destinations/null-sink.ts';
import { ownDescriptorOf } from './destinations/own-descriptor.ts';
import { StreamSink } from './destinations/stream-sink.ts';
import type { LogIo } from './io.ts';
import type { LogFiles } from './log-files.ts';
import { openPathSink, PathSink } from './path-sink.ts';
import type { Pump, PumpStream, PumpStreamOwner } from './pump.ts';
import type { SizeLimits } from './rotation.ts';
import { Settling } from './settling.ts';
import type { WriteNotices } from './write-notices.ts';

const { O_APPEND, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;
const defaultMode = 0o666;
/** No file system that works takes so long. */
const leastHangMs = 1000;
/**
 * The smallest buffer that programs collect output in. What is as long ends where a buffer was full, so that its last
 * line is kept for its end even while nobody else writes: somebody may by then. What is shorter, such as a prompt, the
 * program meant to be seen.
 */
const bufferBytes = 4096;

export interface OutletOptions {
  readonly limits: SizeLimits;
  /** Permissions of a file that is created, less the umask; 0666 unless given. */
  readonly mode?: number;
  readonly report: LogReport;
  readonly onDrain: () => void;
}

export interface OutletsContext {
  readonly io: LogIo;
  readonly files: LogFiles;
  readonly pump: Pump;
  readonly clock: Clock;
  readonly notices: WriteNotices;
}

/** What a path leads to: one of the daemon's own descriptors, or itself. */
interface Key {
  readonly name: string;
  readonly own: number | null;
}

/** A sink with those who write to it. */
interface Outlet {
  readonly sink: LogSink;
  readonly writers: Set<Writer>;
  readonly settling: Settling;
  /** For one more writer. */
  readonly open: (opened: Answer) => void;
  readonly remove: (removed: () => void) => void;
}

class Writer implements LogDestination {
  readonly options: OutletOptions;
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  #lines: LineKeeper | null = null;

  constructor(outlet: Outlet, options: OutletOptions, clock: Clock) {
    this.options = options;
    this.#outlet = outlet;
    this.#clock = clock;
    outlet.writers.add(this);
  }

  get backlogBytes(): number {
    return this.#outlet.sink.backlogBytes;
  }

  get isBehind(): boolean {
    return this.#outlet.sink.isBehind;
  }

  get isOpen(): boolean {
    return this.#outlet.sink.isOpen;
  }

  get blockedForMs(): number {
    return this.#outlet.sink.blockedForMs;
  }

  open(opened: Answer): void {
    this.#outlet.open(opened);
  }

  takePipe(pipe: Descriptor, owner: PumpStreamOwner): PumpStream | null {
    return this.#outlet.sink.takePipe(pipe, this.options.limits, owner);
  }

  write(chunk: Uint8Array): boolean {
    const { sink, writers } = this.#outlet;
    if (sink.keepsLines && (writers.size > 1 || chunk.length >= bufferBytes)) {
      this.#keeper().push(chunk);
    } else {
      this.#lines?.flush();
      sink.write(chunk, this.options.limits);
    }
    if (sink.isBehind) {
      this.#lines?.hold();
      return false;
    }
    return true;
  }

  /** The sink takes more. */
  drained(): void {
    this.#lines?.release();
    this.options.onDrain();
  }

  settle(): void {
    this.#lines?.flush();
  }

  reopen(): void {
    this.#outlet.sink.reopen();
  }

  clear(cleared: Answer): void {
    this.#outlet.sink.clear(cleared);
  }

  close(): void {
    this.settle();
    const { sink, writers, remove } = this.#outlet;
    if (writers.delete(this) && writers.size === 0 && sink.backlogBytes === 0) {
      remove(() => undefined);
    }
  }

  #keeper(): LineKeeper {
    this.#lines ??= new LineKeeper(this.#clock, (bytes) =>
      this.#outlet.sink.write(bytes, this.options.limits),
    );
    return this.#lines;
  }
}

/**
 * All places that logs go to, each opened once however many write there. A sink stays open after its last
 * writer has left until everything is written, so that a program may be restarted meanwhile.
 */
export class LogOutlets {
  readonly #context: OutletsContext;
  readonly #outlets = new Map<string, Outlet>();

  constructor(context: OutletsContext) {
    this.#context = context;
    context.notices.whenFollowed((file, on) => this.#outlets.get(file)?.sink.follow(on));
  }

  /** One more writer at a path, which is created, beside the event loop, when it opens. */
  join(logPath: string, options: OutletOptions): LogDestination {
    const key = this.#keyOf(logPath);
    const present = this.#outlets.get(key.name);
    const outlet = present ?? this.#add(key, options, (observer) => this.#sinkFor(key, options, observer));
    return typeof outlet === 'string'
      ? { ...noDestination, open: (opened) => opened(outlet) }
      : new Writer(outlet, options, this.#context.clock);
  }

  /**
   * Opens a path within the call: for the daemon's own descriptors, and before there is anything that could be
   * kept waiting. Or the errno's name.
   */
  open(logPath: string, options: OutletOptions): LogDestination | Errno {
    const key = this.#keyOf(logPath);
    const present = this.#outlets.get(key.name);
    const outlet =
      present ??
      this.#add(key, options, (observer) =>
        key.own === null
          ? openPathSink(this.#pathOptions(key.name, options, observer))
          : this.#openOwn(key.own, observer),
      );
    if (typeof outlet === 'string') {
      return outlet;
    }
    if (present !== undefined) {
      present.sink.refresh(() => undefined);
    }
    return new Writer(outlet, options, this.#context.clock);
  }

  /** Empties the log file of somebody who has it not open: removes and recreates it, if it is there. */
  clear(logPath: string, mode: number | undefined, cleared: Answer): void {
    const { files, notices } = this.#context;
    const { name, own } = this.#keyOf(logPath);
    const present = this.#outlets.get(name);
    if (present !== undefined) {
      present.sink.clear(cleared);
      return;
    }
    if (own !== null) {
      cleared(null);
      return;
    }
    files.stat(name, (facts) => {
      if (typeof facts === 'string' || facts.kind !== 'file') {
        cleared(null);
        return;
      }
      files.clear(name, mode ?? defaultMode, (answer) => {
        if (answer.outcome !== 'cleared') {
          cleared(answer.why);
          return;
        }
        files.close(answer.opened.fd);
        notices.notifyWritten(name);
        cleared(null);
      });
    });
  }

  /** Writes what can be written at once, or within a second, and closes everything. */
  close(closed: () => void): void {
    const all = [...this.#outlets.values()];
    askAll(
      all.map(
        ({ remove }) =>
          (removed: (answer: null) => void) =>
            remove(() => removed(null)),
      ),
      () => closed(),
    );
  }

  /**
   * Calls `done` when all that waited for a log at a path is written, so that who reads it then finds it there: after a quarter
   * of a second at the latest, and at once where the log is held up. What is in the pipes of programs is not waited for.
   */
  settled(logPath: string, done: () => void): void {
    const outlet = this.#outlets.get(path.resolve(logPath));
    if (outlet === undefined) {
      done();
    } else {
      outlet.settling.wait(outlet.sink, done);
    }
  }

  /** Whether work for the file system of a path has been under way for so long that it will take a while. */
  #isKnownToHang(name: string): boolean {
    const { files, clock } = this.#context;
    const sinceMs = files.blockedSince(name);
    return sinceMs !== null && clock.monotonicMs() - sinceMs >= leastHangMs;
  }

  #keyOf(logPath: string): Key {
    const own = ownDescriptorOf(this.#context.io, logPath);
    return { name: own === null ? path.resolve(logPath) : `descriptor ${own}`, own };
  }

  #add(
    { name, own }: Key,
    { report }: OutletOptions,
    open: (observer: SinkObserver) => LogSink | Errno,
  ): Outlet | Errno {
    const writers = new Set<Writer>();
    const settling = new Settling(this.#context.clock);
    let lastReport = report;
    const observer: SinkObserver = {
      drained: () => {
        settling.drained();
        [...writers].forEach((writer) => writer.drained());
        const outlet = this.#outlets.get(name);
        if (writers.size === 0 && outlet?.writers === writers && outlet.sink.backlogBytes === 0) {
          outlet.remove(() => undefined);
        }
      },
      changed: () => this.#context.notices.notifyWritten(name),
      report: (level, message) => {
        const reports = new Set([...writers].map((writer) => writer.options.report));
        lastReport = [...reports].at(-1) ?? lastReport;
        reports.add(lastReport).forEach((each) => each(level, message));
      },
    };
    const sink = open(observer);
    if (typeof sink === 'string') {
      return sink;
    }
    const remove = (removed: () => void): void => {
      if (this.#outlets.get(name)?.sink === sink) {
        this.#outlets.delete(name);
        sink.close(removed);
      } else {
        removed();
      }
    };
    const openForOneMore = (opened: Answer): void => {
      if (own === null && this.#isKnownToHang(name)) {
        // Nobody need find out once more: it is opened as soon as it can be.
        sink.refresh(() => undefined);
        opened(null);
      } else {
        sink.refresh(opened);
      }
    };
    const outlet: Outlet = { sink, writers, settling, open: openForOneMore, remove };
    this.#outlets.set(name, outlet);
    sink.follow(this.#context.notices.isFollowed(name));
    return outlet;
  }

  #sinkFor({ name, own }: Key, options: OutletOptions, observer: SinkObserver): LogSink | Errno {
    if (own !== null) {
      return this.#openOwn(own, observer);
    }
    const { io, pump } = this.#context;
    return name === nullPath
      ? new NullSink(io, pump)
      : new PathSink(this.#pathOptions(name, options, observer));
  }

  #pathOptions(name: string, { mode = defaultMode }: OutletOptions, observer: SinkObserver) {
    const { io, files, pump, clock } = this.#context;
    return { io, files, pump, clock, path: name, mode, observer };
  }

  /**
   * One of the daemon's own descriptors. Where the system permits, it is written through an open file
   * description of our own, since O_NONBLOCK on the inherited one would hit all who share it.
   */
  #openOwn(descriptor: number, observer: SinkObserver): LogSink | Errno {
    const { io, clock } = this.#context;
    const inherited = new Descriptor(descriptor);
    const facts = io.fstat(inherited);
    if (typeof facts === 'string') {
      return facts;
    }
    const { kind } = facts;
    const name = `descriptor ${descriptor}`;
    const base = { io, clock, kind, name, open: null, observer };
    if (kind === 'fifo' || kind === 'tty' || kind === 'device') {
      const flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY;
      const fd = io.open(`/proc/self/fd/${descriptor}`, flags, 0);
      if (typeof fd !== 'string') {
        return new StreamSink({ ...base, fd, isOwned: true });
      }
    }
    if (kind !== 'file') {
      io.setNonBlocking(inherited, true);
    }
    return new StreamSink({ ...base, fd: inherited, isOwned: false });
  }
}
