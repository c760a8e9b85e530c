/**
 * One stream, stdout or stderr, of one process, for as long as the daemon knows the process.
 *
 *     pipe -> PipeReader -> Capture -> AnsiStripper -> file, syslog
 *                                                   -> mirror in the activity log, PROCESS_LOG events
 *                                  -> PROCESS_COMMUNICATION events
 *
 * A run begins with `open` and `attach` and ends with `finish`; between runs no file is held open. Chunks
 * are views of one read buffer that all channels share: whoever is handed one uses it up or copies it.
 */
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import { Capture, type CaptureSink } from './capture.ts';
import { hasSameDestination, openDestinations } from './channel-destination.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';
import type { LogDestination, LogReport } from './destinations/destination.ts';
import { noDestination } from './destinations/fan-out.ts';
import { LeftBehind } from './left-behind.ts';
import { type MirrorStyle, OutputMirror } from './output-mirror.ts';
import { PipeReader } from './pipe-reader.ts';
import { repr } from '../config/python/repr.ts';
import { AnsiStripper } from './strip-ansi.ts';

/** How long the end of a run waits for a destination that is held back. */
const finishPatienceMs = 1000;

export class OutputChannel {
  readonly #context: ChannelContext;
  #options: OutputChannelOptions;
  #capture: Capture | null;
  readonly #strippers: { readonly log: AnsiStripper; readonly captured: AnsiStripper } | null;
  readonly #mirror: OutputMirror;
  readonly #report: LogReport;
  readonly #leftBehind: LeftBehind;
  #destination: LogDestination = noDestination;
  #reader: PipeReader | null = null;
  #onFlushed: (() => void) | null = null;
  #isDropping = false;
  #bytesRead = 0;
  #bytesLogged = 0;

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

  /** Bytes read from the child since the channel was made. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Bytes handed to the log; what of them is not yet written is `backlogBytes`. */
  get bytesLogged(): number {
    return this.#bytesLogged;
  }

  get backlogBytes(): number {
    return this.#destination.backlogBytes;
  }

  get #isInRun(): boolean {
    return this.#reader !== null || this.#destination !== noDestination;
  }

  /**
   * Opens the log before each start, so that it exists even if nothing is written. Null, or the errno's name.
   * Source: B16.2.
   */
  open(): Errno | null {
    this.#onFlushed?.();
    this.#letGo();
    const opened = this.#openDestinations();
    if (typeof opened === 'string') {
      return opened;
    }
    this.#destination = opened;
    if (opened.backlogBytes === 0) {
      this.#leftBehind.written();
    }
    return null;
  }

  /** Takes over the non-blocking read end of the pipe of a new child and begins to read it. */
  attach(fd: Descriptor): void {
    this.#reader?.close();
    this.#reader = new PipeReader(fd, this.#context, {
      isPaced: this.#options.use === 'output',
      onChunk: (chunk) => this.#take(chunk),
    });
    if (this.#destination.backlogBytes > 0) {
      this.#reader.hold();
    }
  }

  /**
   * The child has been reaped: takes what is in the pipe now, then closes it, even if others that the child
   * left behind still hold it. Calls `done` when all is written, within this call if possible, or after a
   * second; what is not written by then stays in line in front of the next run, within bounds.
   */
  finish(done: () => void = () => undefined): void {
    this.#takeRest();
    this.#endStream();
    this.#destination.settle();
    if (this.#destination.backlogBytes === 0) {
      this.#letGo();
      done();
      return;
    }
    const { clock } = this.#context;
    const end = (): void => {
      this.#onFlushed = null;
      timer.cancel();
      this.#letGo();
      done();
    };
    const timer = clock.schedule(clock.monotonicMs() + finishPatienceMs, end);
    this.#onFlushed = end;
  }

  /** Treats a remark of the daemon's own as if the child had written it. */
  note(text: string): void {
    this.#take(Buffer.from(text));
  }

  /** Opens the log file again, after somebody moved it. */
  reopen(): void {
    this.#destination.reopen();
  }

  /** Removes and recreates the log file; false when it could not be removed. Source: B16.9. */
  clear(): boolean {
    if (this.#destination !== noDestination) {
      return this.#destination.clear() === null;
    }
    const { logPath, logMode } = this.#options;
    return logPath === null || this.#context.outlets.clear(logPath, logMode) === null;
  }

  /**
   * Goes on with other options from the next byte on, in the middle of a run as well; a capture that is open then is
   * dropped. Null, or the errno's name of a log that cannot be opened: then nothing has changed.
   */
  configure(options: OutputChannelOptions): Errno | null {
    const before = this.#options;
    this.#options = options;
    if (this.#isInRun && !hasSameDestination(before, options)) {
      const opened = this.#openDestinations();
      if (typeof opened === 'string') {
        this.#options = before;
        return opened;
      }
      this.#destination.settle();
      this.#letGo();
      this.#destination = opened;
      this.#drained();
    }
    if (options.captureMaxBytes !== before.captureMaxBytes) {
      this.#capture?.end();
      this.#capture = this.#makeCapture();
    }
    return null;
  }

  /** The process is removed: ends a run that is still on and lets go of everything. */
  close(): void {
    this.finish();
    this.#onFlushed?.();
  }

  #makeCapture(): Capture | null {
    const { captureMaxBytes, use } = this.#options;
    return captureMaxBytes > 0 && use === 'output' ? new Capture(captureMaxBytes, this.#captureSink()) : null;
  }

  #openDestinations(): LogDestination | Errno {
    return openDestinations(this.#options, this.#context, {
      report: this.#report,
      onDrain: () => this.#drained(),
    });
  }

  #take(chunk: Uint8Array): boolean {
    this.#bytesRead += chunk.length;
    if (this.#isDropping) {
      return true;
    }
    if (this.#capture !== null) {
      this.#capture.push(chunk);
    } else {
      this.#log(chunk);
    }
    this.#options.onRead?.(chunk);
    return this.#destination.backlogBytes === 0;
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

  #takeRest(): void {
    const before = this.#bytesRead;
    this.#isDropping = this.backlogBytes > 0 && this.#leftBehind.isFull;
    this.#reader?.drain();
    this.#reader?.close();
    this.#reader = null;
    if (this.#isDropping) {
      this.#leftBehind.lose(this.#bytesRead - before);
      this.#isDropping = false;
    } else if (this.backlogBytes > 0) {
      this.#leftBehind.keep(this.#bytesRead - before);
    }
  }

  /** The bytes of one run that only its end makes sense of. */
  #endStream(): void {
    this.#capture?.end();
    const rest = this.#strippers?.log.end();
    if (rest !== undefined) {
      this.#deliver(rest);
    }
    this.#strippers?.captured.end();
    this.#mirror.end();
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
    this.#bytesLogged += data.length;
    this.#destination.write(data);
    this.#tell(data);
  }

  /** Captured output goes here too, as in the original: only the log file is spared it. */
  #tell(data: Uint8Array): void {
    if (data.length > 0 && this.#options.use === 'output') {
      this.#mirror.push(data);
      this.#options.onLog?.(data);
    }
  }

  #drained(): void {
    if (this.#destination.backlogBytes > 0) {
      return;
    }
    this.#onFlushed?.();
    this.#reader?.resume();
  }

  #letGo(): void {
    this.#destination.close();
    this.#destination = noDestination;
  }
}
