import type { LogLevel } from '../config/settings.ts';
import type { Clock } from '../system/clock.ts';
import type { Errno } from '../system/system.ts';
import type { LogDestination, LogReport } from './destinations/destination.ts';
import { type Syslog, SyslogDestination } from './destinations/syslog.ts';
import type { LogIo } from './io.ts';
import type { LogFiles } from './log-files.ts';
import { type LogMessage, logText } from './log-text.ts';
import type { LogOutlets } from './log-outlets.ts';
import { type SizeLimits, unlimited } from './rotation.ts';
import { logTimestamp } from './timestamp.ts';

/** Number and name of each level. Source: B16.1, B5.3. */
export const logLevels: Readonly<Record<LogLevel, { readonly number: number; readonly label: string }>> = {
  critical: { number: 50, label: 'CRIT' },
  error: { number: 40, label: 'ERRO' },
  warn: { number: 30, label: 'WARN' },
  info: { number: 20, label: 'INFO' },
  debug: { number: 10, label: 'DEBG' },
  trace: { number: 5, label: 'TRAC' },
  blather: { number: 3, label: 'BLAT' },
};

/**
 * The daemon cannot be held back while a destination is stuck; lines beyond this are dropped, and counted.
 * More than the programs of a large configuration can leave waiting in a destination they share with it.
 */
const maxBacklogBytes = 16 * 1024 * 1024;

export interface ActivityLogContext {
  readonly io: LogIo;
  readonly files: Pick<LogFiles, 'stat'>;
  readonly clock: Clock;
  readonly outlets: LogOutlets;
  readonly syslog: Syslog;
  /** Prints a line to the daemon's standard error; for troubles of the activity log itself. */
  readonly printError: (line: string) => void;
}

export interface ActivityLogOptions {
  readonly level: LogLevel;
  /** Absolute path, or `syslog`. */
  readonly logfile: string;
  readonly limits: SizeLimits;
  /** Copies each line to standard output: in the foreground, unless silent. */
  readonly copiesToStdout: boolean;
}

/** `no-file`: there is none; `failed`: it could not be removed. */
export type LogClearing = 'cleared' | 'no-file' | 'failed';

export interface ActivityRecord {
  readonly wallMs: number;
  readonly level: LogLevel;
  /** As it was written. */
  readonly message: string;
}

interface Output {
  readonly destination: LogDestination;
  /** One entry for each line of a message. */
  readonly isSyslog: boolean;
  dropped: number;
}

/**
 * The daemon's own log. Writing to it never throws and never waits: a destination that fails is mentioned
 * once on standard error and written to again when it works.
 */
export class ActivityLog {
  readonly #context: ActivityLogContext;
  readonly #threshold: number;
  /** Path of the file; null for syslog. */
  readonly path: string | null;
  /** The copy to standard output first, as in the original. */
  readonly #outputs: readonly Output[];
  readonly #subscribers = new Set<(record: ActivityRecord) => void>();

  private constructor(options: ActivityLogOptions, context: ActivityLogContext, outputs: readonly Output[]) {
    this.#context = context;
    this.#threshold = logLevels[options.level].number;
    this.path = options.logfile === 'syslog' ? null : options.logfile;
    this.#outputs = outputs;
  }

  /** The errno's name when the log file cannot be opened. */
  static open(options: ActivityLogOptions, context: ActivityLogContext): ActivityLog | Errno {
    const outputs: Output[] = [];
    const add = (open: (onDrain: () => void) => LogDestination | Errno, isSyslog: boolean): Errno | null => {
      const destination = open(() => log.#drained(output));
      if (typeof destination === 'string') {
        return destination;
      }
      const output: Output = { destination, isSyslog, dropped: 0 };
      outputs.push(output);
      return null;
    };
    const log = new ActivityLog(options, context, outputs);
    const report: LogReport = (_level, message) => context.printError(`supervisord: ${message}`);
    const { outlets, syslog, clock, io } = context;
    const isOnStdout = options.logfile !== 'syslog' && io.ownDescriptor(options.logfile) === 1;
    if (options.copiesToStdout && !isOnStdout) {
      // Without a standard output there is nothing to copy to.
      add((onDrain) => outlets.open('/dev/stdout', { limits: unlimited, report, onDrain }), false);
    }
    const errno =
      options.logfile === 'syslog'
        ? add((onDrain) => new SyslogDestination({ syslog, clock, prefix: '', report, onDrain }), true)
        : add((onDrain) => outlets.open(options.logfile, { limits: options.limits, report, onDrain }), false);
    return errno ?? log;
  }

  isEnabled(level: LogLevel): boolean {
    return logLevels[level].number >= this.#threshold;
  }

  log(level: LogLevel, message: LogMessage): void {
    if (this.isEnabled(level)) {
      this.#emit(level, message, this.#outputs);
    }
  }

  critical(message: string): void {
    this.log('critical', message);
  }

  error(message: string): void {
    this.log('error', message);
  }

  warn(message: string): void {
    this.log('warn', message);
  }

  info(message: string): void {
    this.log('info', message);
  }

  debug(message: string): void {
    this.log('debug', message);
  }

  trace(message: string): void {
    this.log('trace', message);
  }

  blather(message: string): void {
    this.log('blather', message);
  }

  /** Calls `listener` with each record that is logged; returns what ends it. */
  subscribe(listener: (record: ActivityRecord) => void): () => void {
    this.#subscribers.add(listener);
    return () => void this.#subscribers.delete(listener);
  }

  /** Opens the file again, after somebody moved it. Source: B13.3, `reopenlogs` of the original. */
  reopen(): void {
    this.info('supervisord logreopen');
    this.#outputs.forEach(({ destination }) => destination.reopen());
  }

  /**
   * Removes and recreates the file.
   *
   * Compat: the original says `reopening log file` once for each of its outputs, and in the file not at all,
   * since that is the removed one at the time. Source: B18.8, `clearLog` of the original.
   */
  clear(cleared: (outcome: LogClearing) => void): void {
    const output = this.#outputs.at(-1);
    if (this.path === null || output === undefined) {
      cleared('no-file');
      return;
    }
    this.#context.files.stat(this.path, (facts) => {
      if (typeof facts === 'string') {
        cleared('no-file');
        return;
      }
      output.destination.clear((errno) => {
        if (errno === null && this.isEnabled('info')) {
          const others = this.#outputs.slice(0, -1);
          this.#outputs.forEach(() => this.#emit('info', 'reopening log file', others));
        }
        cleared(errno === null ? 'cleared' : 'failed');
      });
    });
  }

  /** Writes what can be written. Afterwards lines go nowhere. */
  close(): void {
    this.#outputs.forEach(({ destination }) => destination.close());
    this.#subscribers.clear();
  }

  #emit(level: LogLevel, message: LogMessage, outputs: readonly Output[]): void {
    const text = logText(message);
    const wallMs = this.#context.clock.wallMs();
    const head = `${logTimestamp(wallMs)} ${logLevels[level].label} `;
    for (const output of outputs) {
      const lines = output.isSyslog ? text.replace(/\n+$/, '').replaceAll('\n', `\n${head}`) : text;
      this.#write(output, `${head}${lines}\n`);
    }
    this.#subscribers.forEach((listener) => listener({ wallMs, level, message: text }));
  }

  #write(output: Output, text: string): void {
    if (output.destination.backlogBytes > maxBacklogBytes) {
      output.dropped += 1;
      return;
    }
    output.destination.write(Buffer.from(text));
  }

  #drained(output: Output): void {
    if (output.dropped > 0) {
      const { dropped } = output;
      output.dropped = 0;
      this.#emit('warn', `dropped ${dropped} lines of this log while it could not be written`, [output]);
    }
  }
}
