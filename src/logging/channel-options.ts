/** What an output channel is made of: what is asked of one, and what all share. */
import type { Syslog } from './destinations/syslog.ts';
import type { LogMessage } from './log-text.ts';
import type { LogOutlets } from './log-outlets.ts';
import type { PipeContext } from './pipe-reader.ts';
import type { SizeLimits } from './rotation.ts';

/** What the activity log is to a channel. */
export interface ChannelLog {
  isEnabled(level: 'debug'): boolean;
  log(level: 'debug' | 'info' | 'error', message: LogMessage): void;
}

/** What all channels share. */
export interface ChannelContext extends PipeContext {
  readonly outlets: LogOutlets;
  readonly log: ChannelLog;
  readonly syslog: Syslog;
}

export interface OutputChannelOptions {
  readonly processName: string;
  readonly channel: 'stdout' | 'stderr';
  /** AUTO resolved; null: to no file. */
  readonly logPath: string | null;
  /** Permissions of a log file that is created; 0666 unless given, less the umask. */
  readonly logMode?: number;
  readonly limits: SizeLimits;
  /** 0: capture mode off. */
  readonly captureMaxBytes: number;
  readonly toSyslog: boolean;
  readonly stripAnsi: boolean;
  /** `protocol`: the stdout of an event listener, which is never captured, delayed or made events of. */
  readonly use: 'output' | 'protocol';
  /** Output as it is logged, for PROCESS_LOG events; null: nobody wants any. Valid during the call. */
  readonly onLog: ((data: Uint8Array) => void) | null;
  /** A whole capture, to keep, for PROCESS_COMMUNICATION events. */
  readonly onCommunication: ((data: Uint8Array) => void) | null;
  /** Output as it was read, after it was logged, for the listener protocol. Valid during the call. */
  readonly onRead: ((data: Uint8Array) => void) | null;
}
