import type { Clock } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { Answer, LogDestination, LogReport, LogSink, SinkObserver } from './destinations/destination.ts';
import { LineKeeper } from './destinations/line-keeper.ts';
import type { PumpStream, PumpStreamOwner } from './pump.ts';
import type { SizeLimits } from './rotation.ts';
import { Settling } from './settling.ts';
import type { WriteNotices } from './write-notices.ts';

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

/** What an outlet knows of the others. */
export interface AllOutlets {
  readonly clock: Clock;
  readonly notices: Pick<WriteNotices, 'isFollowed' | 'notifyWritten'>;
  /** Those that are there, by name. */
  readonly present: Map<string, Outlet>;
  /** Whether work for the file system of a path has been under way for so long that it will take a while. */
  isKnownToHang(name: string): boolean;
}

/** A sink with those who write to it. */
export class Outlet implements SinkObserver {
  readonly writers = new Set<Writer>();
  readonly #name: string;
  readonly #all: AllOutlets;
  #sink: LogSink | null = null;
  #settling: Settling | null = null;
  #lastReport: LogReport;

  constructor(name: string, report: LogReport, all: AllOutlets) {
    this.#name = name;
    this.#lastReport = report;
    this.#all = all;
  }

  get sink(): LogSink {
    if (this.#sink === null) {
      throw new Error(`${this.#name} has nothing to be written to yet`);
    }
    return this.#sink;
  }

  /** Joins the others with what `make` makes for it; or why it cannot be made. */
  become(make: (observer: SinkObserver) => LogSink | Errno): Outlet | Errno {
    const sink = make(this);
    if (typeof sink === 'string') {
      return sink;
    }
    this.#sink = sink;
    this.#all.present.set(this.#name, this);
    sink.follow(this.#all.notices.isFollowed(this.#name));
    return this;
  }

  /** For one more writer. */
  open(opened: Answer): void {
    if (this.#all.isKnownToHang(this.#name)) {
      // Nobody need find out once more: it is opened as soon as it can be.
      this.sink.refresh(() => undefined);
      opened(null);
    } else {
      this.sink.refresh(opened);
    }
  }

  /** Calls `done` when all that waits is written, or after a quarter of a second. */
  settle(done: () => void): void {
    this.#settling ??= new Settling(this.#all.clock);
    this.#settling.wait(this.sink, done);
  }

  remove(removed: () => void): void {
    if (this.#isPresent) {
      this.#all.present.delete(this.#name);
      this.sink.close(removed);
    } else {
      removed();
    }
  }

  drained(): void {
    this.#settling?.drained();
    [...this.writers].forEach((writer) => writer.drained());
    if (this.writers.size === 0 && this.#isPresent && this.sink.backlogBytes === 0) {
      this.remove(() => undefined);
    }
  }

  changed(): void {
    this.#all.notices.notifyWritten(this.#name);
  }

  report(...said: Parameters<LogReport>): void {
    const reports = new Set([...this.writers].map((writer) => writer.options.report));
    this.#lastReport = [...reports].at(-1) ?? this.#lastReport;
    reports.add(this.#lastReport).forEach((each) => each(...said));
  }

  get #isPresent(): boolean {
    return this.#all.present.get(this.#name) === this;
  }
}

/** One of those who write to an outlet. */
export class Writer implements LogDestination {
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
    const { sink, writers } = this.#outlet;
    if (writers.delete(this) && writers.size === 0 && sink.backlogBytes === 0) {
      this.#outlet.remove(() => undefined);
    }
  }

  #keeper(): LineKeeper {
    this.#lines ??= new LineKeeper(this.#clock, (bytes) =>
      this.#outlet.sink.write(bytes, this.options.limits),
    );
    return this.#lines;
  }
}
