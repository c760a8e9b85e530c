import { constants } from 'node:fs';
import path from 'node:path';

import type { Clock } from '../system/clock.ts';
import { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { LogDestination, LogReport, LogSink, SinkObserver } from './destinations/destination.ts';
import { LineKeeper } from './destinations/line-keeper.ts';
import { ownDescriptorOf } from './destinations/own-descriptor.ts';
import { StreamSink } from './destinations/stream-sink.ts';
import type { LogIo } from './io.ts';
import { openForAppend } from './open-log.ts';
import { RotatingFile } from './rotating-file.ts';
import type { SizeLimits } from './rotation.ts';
import type { WriteNotices } from './write-notices.ts';

const { O_APPEND, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;
const defaultMode = 0o666;
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
  readonly clock: Clock;
  readonly notices: WriteNotices;
}

/** A sink with those who write to it. */
interface Outlet {
  readonly sink: LogSink;
  readonly writers: Set<Writer>;
  readonly remove: () => void;
}

class Writer implements LogDestination {
  readonly options: OutletOptions;
  readonly #outlet: Outlet;
  readonly #lines: LineKeeper | null;

  constructor(outlet: Outlet, options: OutletOptions, clock: Clock) {
    this.options = options;
    this.#outlet = outlet;
    const write = (bytes: Uint8Array): void => outlet.sink.write(bytes, options.limits);
    this.#lines = outlet.sink.keepsLines ? new LineKeeper(clock, write) : null;
    outlet.writers.add(this);
  }

  get backlogBytes(): number {
    return this.#outlet.sink.backlogBytes;
  }

  write(chunk: Uint8Array): boolean {
    const { sink, writers } = this.#outlet;
    if (this.#lines !== null && (writers.size > 1 || chunk.length >= bufferBytes)) {
      this.#lines.push(chunk);
    } else {
      this.#lines?.flush();
      sink.write(chunk, this.options.limits);
    }
    if (sink.backlogBytes > 0) {
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

  clear(): Errno | null {
    return this.#outlet.sink.clear();
  }

  close(): void {
    this.settle();
    const { sink, writers, remove } = this.#outlet;
    if (writers.delete(this) && writers.size === 0 && sink.backlogBytes === 0) {
      remove();
    }
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
  }

  /** Opens a path for one more writer, creating the file; or the errno's name. */
  open(logPath: string, options: OutletOptions): LogDestination | Errno {
    const { io, clock } = this.#context;
    const own = ownDescriptorOf(io, logPath);
    const key = own === null ? path.resolve(logPath) : `descriptor ${own}`;
    const present = this.#outlets.get(key);
    if (present !== undefined) {
      present.sink.refresh();
      return new Writer(present, options, clock);
    }
    const writers = new Set<Writer>();
    let lastReport = options.report;
    const observer: SinkObserver = {
      drained: () => {
        [...writers].forEach((writer) => writer.drained());
        const outlet = this.#outlets.get(key);
        if (writers.size === 0 && outlet?.writers === writers) {
          outlet.remove();
        }
      },
      changed: () => this.#context.notices.notifyWritten(key),
      report: (level, message) => {
        const reports = new Set([...writers].map((writer) => writer.options.report));
        lastReport = [...reports].at(-1) ?? lastReport;
        reports.add(lastReport).forEach((report) => report(level, message));
      },
    };
    const sink = own === null ? this.#openPath(key, options, observer) : this.#openOwn(own, observer);
    if (typeof sink === 'string') {
      return sink;
    }
    const remove = (): void => {
      this.#outlets.delete(key);
      sink.close();
    };
    const outlet: Outlet = { sink, writers, remove };
    this.#outlets.set(key, outlet);
    return new Writer(outlet, options, clock);
  }

  /** Empties the log file of somebody who has it not open: removes and recreates it, if it is there. */
  clear(logPath: string, mode = defaultMode): Errno | null {
    const { io, notices } = this.#context;
    const key = path.resolve(logPath);
    const present = this.#outlets.get(key);
    if (present !== undefined) {
      return present.sink.clear();
    }
    const facts = io.stat(key);
    if (ownDescriptorOf(io, key) !== null || typeof facts === 'string' || facts.kind !== 'file') {
      return null;
    }
    const errno = io.unlink(key);
    if (errno !== null) {
      return errno === 'ENOENT' ? null : errno;
    }
    const opened = openForAppend(io, key, mode);
    if (typeof opened === 'string') {
      return opened;
    }
    io.close(opened.fd);
    notices.notifyWritten(key);
    return null;
  }

  /** Writes what can be written at once and closes everything. */
  close(): void {
    [...this.#outlets.values()].forEach(({ remove }) => remove());
  }

  #openPath(logPath: string, options: OutletOptions, observer: SinkObserver): LogSink | Errno {
    const { io, clock } = this.#context;
    const mode = options.mode ?? defaultMode;
    const opened = openForAppend(io, logPath, mode);
    if (typeof opened === 'string') {
      return opened;
    }
    if (opened.facts.kind === 'file') {
      return new RotatingFile(opened, { io, clock, path: logPath, mode, observer });
    }
    const open = (): Descriptor | Errno => {
      const next = openForAppend(io, logPath, mode);
      return typeof next === 'string' ? next : next.fd;
    };
    const { fd, facts } = opened;
    return new StreamSink({ io, clock, fd, isOwned: true, kind: facts.kind, name: logPath, open, observer });
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
