/**
 * One stream, stdout or stderr, of one process, for as long as the daemon knows the process.
 *
 *     pipe -> pump -> file                                        where nothing else needs the bytes
 *     pipe -> PipeReader -> Capture -> AnsiStripper -> file, syslog
 *                                                   -> mirror in the activity log, PROCESS_LOG events
 *                                  -> PROCESS_COMMUNICATION events
 *
 * A run begins with `open` and `attach` and ends with `finish`; between runs no file is held open. Chunks
 * are views of one read buffer that all channels share: whoever is handed one uses it up or copies it.
 */
import { repr } from '../config/python/repr.ts';
import type { Timer } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import { Capture, type CaptureSink } from './capture.ts';
import { hasSameDestination, makeDestinations } from './channel-destination.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';
import type { LogDestination, LogReport } from './destinations/destination.ts';
import { noDestination } from './destinations/fan-out.ts';
import { LeftBehind } from './left-behind.ts';
import { type MirrorStyle, OutputMirror } from './output-mirror.ts';
import { OutputRun, type RunOwner } from './output-run.ts';
import { AnsiStripper } from './strip-ansi.ts';

/** How long the end of a run waits for a destination that is held back. */
const finishPatienceMs = 1000;
/** Runs that have ended and whose rest waits in its pipe for a log that cannot be written. */
const maxEnding = 8;

/** Hardly any channel has one at a time. */
const noneEnding: ReadonlyMap<OutputRun, Ending> = new Map();

export class OutputChannel implements RunOwner {
  readonly #context: ChannelContext;
  #options: OutputChannelOptions;
  #capture: Capture | null;
  readonly #strippers: { readonly log: AnsiStripper; readonly captured: AnsiStripper } | null;
  readonly #mirror: OutputMirror;
  readonly #report: LogReport;
  readonly #leftBehind: LeftBehind;
  #run: OutputRun | null = null;
  /** What is taken goes there. */
  #target: LogDestination = noDestination;
  /** Runs that have ended and are not written yet, with what is to be done then. */
  #ending: ReadonlyMap<OutputRun, Ending> = noneEnding;
  #isDropping = false;
  #bytesTaken = 0;
  #bytesPumped = 0;

  constructor(options: OutputChannelOptions, context: ChannelContext) {
    this.#options = options;
    this.#context = context;
    this.#report = (level, message) => context.log.log(level, message);
    this.#leftBehind = new LeftBehind(options.processName, options.channel, this.#report);
    const style: MirrorStyle = options.use === 'protocol' ? 'bytes' : 'text';
    this.#mirror = new OutputMirror(options.processName, options.channel, style, context.log);
    this.#strippers = options.stripAnsi ? { log: new AnsiStripper(), captured: new AnsiStripper() } : null;
    this.#capture = this.#makeCapture();
  }

  get logPath(): string | null {
    return this.#options.logPath;
  }

  /** For its runs. */
  get isRaw(): boolean {
    const { use, captureMaxBytes, stripAnsi, onLog, toSyslog } = this.#options;
    const isPlain = use === 'output' && captureMaxBytes === 0 && !stripAnsi && !toSyslog;
    return isPlain && onLog === null && !this.#context.log.isEnabled('debug');
  }

  /** For its runs. */
  get isPaced(): boolean {
    return this.#options.use === 'output';
  }

  /** For its runs: what goes through here would overtake what the pump has yet to read of an earlier one. */
  isNext(run: OutputRun): boolean {
    const logPath = this.#ending.get(run)?.logPath ?? this.#options.logPath;
    const runs = [...this.#ending];
    const index = runs.findIndex(([other]) => other === run);
    const earlier = index === -1 ? runs : runs.slice(0, index);
    return earlier.every(([other, ending]) => other.isTaken || ending.logPath !== logPath);
  }

  /** Bytes read from the child since the channel was made. */
  get bytesRead(): number {
    const running = [this.#run, ...this.#ending.keys()];
    return this.#bytesTaken + running.reduce((sum, run) => sum + (run?.bytesPumped ?? 0), this.#bytesPumped);
  }

  get backlogBytes(): number {
    return this.#run?.destination.backlogBytes ?? 0;
  }

  /** How many milliseconds the log's file system has kept a call waiting; 0: it does not. */
  get blockedForMs(): number {
    const runs = [...this.#ending.keys(), ...(this.#run === null ? [] : [this.#run])];
    return Math.max(0, ...runs.map(({ destination }) => destination.blockedForMs));
  }

  /**
   * Opens the log before each start, so that it exists even if nothing is written. `opened` is called with null, or the
   * errno's name, unless another run has begun or this one has ended by then. Source: B16.2.
   */
  open(opened: (errno: Errno | null) => void): void {
    this.#run?.letGo();
    this.#endFormer();
    const run = new OutputRun(this.#context, this);
    this.#run = run;
    run.open(this.#destinationsOf(run, this.#options), (errno) => {
      if (errno === null && run.destination.backlogBytes === 0) {
        this.#leftBehind.written();
      }
      if (this.#run === run) {
        opened(errno);
      }
    });
  }

  /** Takes over the non-blocking read end of the pipe of a new child and begins to read it. */
  attach(fd: Descriptor): void {
    this.#run ??= new OutputRun(this.#context, this);
    this.#run.attach(fd);
  }

  /**
   * The child has been reaped: takes what is in the pipe now, then closes it, even if others that the child
   * left behind still hold it. Calls `done` when all is written, within this call if possible, or after a
   * second; what is not written by then stays in line in front of the next run, within bounds.
   */
  finish(done: () => void = () => undefined): void {
    const run = this.#run;
    this.#run = null;
    if (run === null) {
      done();
      return;
    }
    this.#makeRoom();
    const ending = new Ending(done, this.#options.logPath, this.#context.clock);
    this.#ending = new Map([...this.#ending, [run, ending]]);
    const before = this.#bytesTaken;
    this.#isDropping = run.destination.backlogBytes > 0 && this.#leftBehind.isFull;
    run.end();
    const rest = this.#bytesTaken - before;
    if (this.#isDropping) {
      this.#leftBehind.lose(rest);
      this.#isDropping = false;
    } else if (run.destination.backlogBytes > 0) {
      this.#leftBehind.keep(rest);
    }
    this.#letGoIfWritten(run);
  }

  /** Treats a remark of the daemon's own as if the child had written it. */
  note(text: string): void {
    if (this.#run !== null) {
      this.take(Buffer.from(text), this.#run);
    }
  }

  /** Opens the log file again, after somebody moved it. */
  reopen(): void {
    this.#run?.destination.reopen();
  }

  /** Removes and recreates the log file; `cleared` hears false when it could not be removed. Source: B16.9. */
  clear(cleared: (ok: boolean) => void): void {
    const { logPath, logMode } = this.#options;
    const answer = (errno: Errno | null): void => cleared(errno === null);
    if (this.#run !== null) {
      this.#run.destination.clear(answer);
    } else if (logPath === null) {
      cleared(true);
    } else {
      this.#context.outlets.clear(logPath, logMode, answer);
    }
  }

  /**
   * Goes on with other options from the next byte on, in the middle of a run as well; a capture that is open then is
   * dropped. `configured` hears null, or the errno's name of a log that cannot be opened: then nothing has changed.
   */
  configure(options: OutputChannelOptions, configured: (errno: Errno | null) => void): void {
    const before = this.#options;
    const run = this.#run;
    if (run === null || hasSameDestination(before, options)) {
      this.#adopt(options);
      run?.moveTo();
      configured(null);
      return;
    }
    this.#openAnother(run, options, configured);
  }

  /** The process is removed: ends a run that is still on and lets go of everything. */
  close(): void {
    this.finish();
  }

  /** For its runs. */
  take(chunk: Uint8Array, run: OutputRun): void {
    this.#bytesTaken += chunk.length;
    if (this.#isDropping) {
      return;
    }
    this.#target = run.destination;
    if (this.#capture !== null) {
      this.#capture.push(chunk);
    } else {
      this.#log(chunk);
    }
    this.#options.onRead?.(chunk);
  }

  /** For its runs: all of one has been read, and only now some of it makes sense. */
  taken(run: OutputRun): void {
    this.#target = run.destination;
    this.#capture?.end();
    const rest = this.#strippers?.log.end();
    if (rest !== undefined) {
      this.#deliver(rest);
    }
    this.#strippers?.captured.end();
    this.#mirror.end();
    run.destination.settle();
    this.#letGoIfWritten(run);
    [...this.#ending.keys()].forEach((other) => other.proceed());
    this.#run?.proceed();
  }

  #openAnother(
    run: OutputRun,
    options: OutputChannelOptions,
    configured: (errno: Errno | null) => void,
  ): void {
    const destination = this.#destinationsOf(run, options);
    destination.open((errno) => {
      if (errno === null) {
        this.#adopt(options);
      }
      if (errno === null && this.#run === run) {
        run.moveTo(destination);
      } else {
        destination.close();
      }
      configured(errno);
    });
  }

  #adopt(options: OutputChannelOptions): void {
    const before = this.#options;
    this.#options = options;
    if (options.captureMaxBytes !== before.captureMaxBytes) {
      this.#capture?.end();
      this.#capture = this.#makeCapture();
    }
  }

  #makeCapture(): Capture | null {
    const { captureMaxBytes, use } = this.#options;
    return captureMaxBytes > 0 && use === 'output' ? new Capture(captureMaxBytes, this.#captureSink()) : null;
  }

  #destinationsOf(run: OutputRun, options: OutputChannelOptions): LogDestination {
    const onDrain = (): void => this.#drained(run);
    return makeDestinations(options, this.#context, { report: this.#report, onDrain });
  }

  #letGoIfWritten(run: OutputRun): void {
    if (run.isTaken && run.destination.backlogBytes === 0) {
      this.#letGo(run);
    }
  }

  /** Nothing has to be done any more for a run that has ended. */
  #letGo(run: OutputRun): void {
    const ending = this.#ending.get(run);
    if (ending !== undefined) {
      this.#forgetEnding(run);
      this.#bytesPumped += run.bytesPumped;
      this.#tellIfWritten(run);
      run.letGo();
      ending.over();
    }
  }

  #forgetEnding(run: OutputRun): void {
    const others = new Map(this.#ending);
    others.delete(run);
    this.#ending = others.size === 0 ? noneEnding : others;
  }

  #tellIfWritten(run: OutputRun): void {
    if (run.destination.backlogBytes === 0 && this.#ending.size === 0) {
      this.#leftBehind.written();
    }
  }

  /** Nobody waits for former runs once the next begins; what is in line for the log comes before all of it anyway. */
  #endFormer(): void {
    for (const [run, ending] of this.#ending) {
      if (run.isTaken) {
        this.#letGo(run);
      } else {
        ending.over();
      }
    }
  }

  /** A log that cannot be written must not keep a pipe of each run of a program that crashes again and again. */
  #makeRoom(): void {
    for (const run of this.#ending.keys()) {
      if (this.#ending.size < maxEnding) {
        return;
      }
      const lost = run.isTaken ? null : run.abandon();
      if (lost !== null) {
        this.#bytesTaken += lost;
        this.#leftBehind.lose(lost);
        this.#letGo(run);
      }
    }
  }

  #captureSink(): CaptureSink {
    const { processName, channel } = this.#options;
    return {
      onLog: (chunk) => this.#log(chunk),
      onCaptured: (chunk) => {
        const data = this.#strippers?.captured.push(chunk) ?? chunk;
        this.#tell(data);
        return data;
      },
      onCaptureEnd: () => {
        const rest = this.#strippers?.captured.end() ?? new Uint8Array(0);
        this.#tell(rest);
        return rest;
      },
      onCommunication: (data) => {
        this.#options.onCommunication?.(data);
        this.#context.log.log('debug', `${repr(processName)} ${channel} emitted a comm event`);
      },
    };
  }

  #log(chunk: Uint8Array): void {
    if (this.#options.use === 'protocol') {
      this.#mirror.push(chunk);
    }
    this.#deliver(this.#strippers?.log.push(chunk) ?? chunk);
  }

  #deliver(data: Uint8Array): void {
    if (data.length === 0) {
      return;
    }
    this.#target.write(data);
    this.#tell(data);
  }

  /** Captured output goes here too, as in the original: only the log file is spared it. */
  #tell(data: Uint8Array): void {
    if (data.length > 0 && this.#options.use === 'output') {
      this.#mirror.push(data);
      this.#options.onLog?.(data);
    }
  }

  #drained(run: OutputRun): void {
    run.drained();
    this.#tellIfWritten(run);
    this.#letGoIfWritten(run);
  }
}

/** Whoever waits for the end of a run is told once: when all is written, or when it has taken too long. */
class Ending {
  #done: (() => void) | null;
  readonly #patience: Timer;
  /** Where the run wrote to. */
  readonly logPath: string | null;

  constructor(done: () => void, logPath: string | null, clock: ChannelContext['clock']) {
    this.#done = done;
    this.logPath = logPath;
    this.#patience = clock.schedule(clock.monotonicMs() + finishPatienceMs, () => this.over());
  }

  over(): void {
    const done = this.#done;
    this.#done = null;
    this.#patience.cancel();
    done?.();
  }
}
