import { constants } from 'node:fs';
import path from 'node:path';

import { askAll } from '../system/answers.ts';
import type { Clock } from '../system/clock.ts';
import { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { Answer, LogDestination, LogSink, SinkObserver } from './destinations/destination.ts';
import { noDestination } from './destinations/fan-out.ts';
import { NullSink, nullPath } from './destinations/null-sink.ts';
import { descriptorNamed } from './destinations/own-descriptor.ts';
import { StreamSink } from './destinations/stream-sink.ts';
import type { LogIo } from './io.ts';
import type { LogFiles } from './log-files.ts';
import { openPathSink, PathSink, type PathSinkOptions } from './path-sink.ts';
import { type AllOutlets, Outlet, type OutletOptions, Writer } from './outlet.ts';
import type { Pump } from './pump.ts';
import { unlimited } from './rotation.ts';
import type { WriteNotices } from './write-notices.ts';

const { O_APPEND, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants;
const defaultMode = 0o666;
/** No file system that works takes so long. */
const leastHangMs = 1000;

export interface OutletsContext {
  readonly io: LogIo;
  readonly files: LogFiles;
  readonly pump: Pump;
  readonly clock: Clock;
  readonly notices: WriteNotices;
}

/** What a path names: one of the daemon's own descriptors, or itself, which may yet turn out to be a link to one. */
interface Key {
  readonly name: string;
  readonly own: number | null;
}

/**
 * All places that logs go to, each opened once however many write there. A sink stays open after its last
 * writer has left until everything is written, so that a program may be restarted meanwhile.
 */
export class LogOutlets {
  readonly #context: OutletsContext;
  readonly #outlets = new Map<string, Outlet>();
  readonly #all: AllOutlets;

  constructor(context: OutletsContext) {
    const { clock, notices } = context;
    this.#context = context;
    this.#all = {
      clock,
      notices,
      present: this.#outlets,
      isKnownToHang: (name) => this.#isKnownToHang(name),
    };
    notices.whenFollowed((file, on) => this.#outlets.get(file)?.sink.follow(on));
  }

  /** One more writer at a path, which is created, beside the event loop, when it opens. */
  join(logPath: string, options: OutletOptions): LogDestination {
    const writer = this.#join(keyOf(logPath), options);
    return typeof writer === 'string' ? { ...noDestination, open: (opened) => opened(writer) } : writer;
  }

  /**
   * Opens a path within the call: for the daemon's own descriptors, and before there is anything that could be
   * kept waiting. Or the errno's name.
   */
  open(logPath: string, options: OutletOptions): LogDestination | Errno {
    const own = this.#context.io.ownDescriptor(logPath);
    const key = own === null ? keyOf(logPath) : ownKey(own);
    const present = this.#outlets.get(key.name);
    const outlet =
      present ??
      this.#add(key.name, options, (observer) =>
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
    const { name, own } = keyOf(logPath);
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
          // One of the daemon's own descriptors may be a file.
          cleared(answer.why === 'EINVAL' ? null : answer.why);
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
      all.map((outlet) => (removed: (answer: null) => void) => outlet.remove(() => removed(null))),
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
      outlet.settle(done);
    }
  }

  #isKnownToHang(name: string): boolean {
    if (!path.isAbsolute(name)) {
      return false;
    }
    const { files, clock } = this.#context;
    const sinceMs = files.blockedSince(name);
    return sinceMs !== null && clock.monotonicMs() - sinceMs >= leastHangMs;
  }

  #join(key: Key, options: OutletOptions): Writer | Errno {
    const outlet =
      this.#outlets.get(key.name) ??
      this.#add(key.name, options, (observer) => this.#sinkFor(key, options, observer));
    return typeof outlet === 'string' ? outlet : new Writer(outlet, options, this.#context.clock);
  }

  #add(
    name: string,
    { report }: OutletOptions,
    make: (observer: SinkObserver) => LogSink | Errno,
  ): Outlet | Errno {
    return new Outlet(name, report, this.#all).become(make);
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

  #pathOptions(name: string, { mode = defaultMode }: OutletOptions, observer: SinkObserver): PathSinkOptions {
    const { io, files, pump, clock } = this.#context;
    const joinOwn: PathSinkOptions['joinOwn'] = (descriptor, writer) =>
      this.#join(ownKey(descriptor), {
        limits: unlimited,
        report: (...said) => writer.report(...said),
        onDrain: () => writer.drained(),
      });
    return { io, files, pump, clock, path: name, mode, observer, joinOwn };
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
    const base = { io, clock, kind, name, observer };
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

function ownKey(descriptor: number): Key {
  return { name: `descriptor ${descriptor}`, own: descriptor };
}

function keyOf(logPath: string): Key {
  const own = descriptorNamed(logPath);
  return own === null ? { name: path.resolve(logPath), own } : ownKey(own);
}
