/**
 * What is known of a process: plain data, so that it can be written down and read back.
 */
import type { ProcessSettings } from '../config/settings.ts';
import type { ProcessState } from './states.ts';

/** Where a process stands; each variant holds exactly what its state needs. Times are monotonic milliseconds. */
export type Phase =
  | { readonly state: 'STOPPED' | 'FATAL' }
  /** `restartAtMs` is null when it is not to be started again by itself. */
  | { readonly state: 'EXITED'; readonly restartAtMs: number | null }
  | {
      readonly state: 'STARTING';
      /** Null while the outcome of the spawn is awaited. */
      readonly pid: number | null;
      /** A stop was asked for before the spawn's outcome was known. */
      readonly stopWanted: boolean;
    }
  | { readonly state: 'RUNNING'; readonly pid: number }
  /** `retryAtMs` is null once the daemon is shutting down: no further attempt. */
  | { readonly state: 'BACKOFF'; readonly retryAtMs: number | null }
  | { readonly state: 'STOPPING'; readonly pid: number; readonly killAtMs: number }
  /** A signal could not be sent, so nobody knows whether the process obeys. */
  | { readonly state: 'UNKNOWN'; readonly pid: number; readonly stopWanted: boolean };

/** How a child ended. */
export interface LastExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Number of the signal that ended it, or null. */
  readonly signal: number | null;
  readonly coreDumped: boolean;
  /** It was asked to end, or its exit code is one of `exitcodes` and it had been RUNNING. */
  readonly expected: boolean;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

/** Who asked for something, and by which way. */
export interface Cause {
  readonly interface: 'xml-rpc' | 'json-api' | 'page' | 'signal' | 'plugin';
  /** Of a plugin, its namespace; null where nobody had to give a name. */
  readonly user: string | null;
  /** What was asked for, such as `startProcess`. */
  readonly action: string;
}

/** One change of state, as it is remembered. */
export interface PastChange {
  /** Wall-clock milliseconds. */
  readonly atMs: number;
  readonly from: ProcessState;
  readonly to: ProcessState;
  /** Of the child concerned; null when there was none. */
  readonly pid: number | null;
  /** The end of a child that led to it. */
  readonly exit: LastExit | null;
  /** Null for what happened by itself. */
  readonly cause: Cause | null;
}

/** Changes of state that are remembered of each process. */
export const maxPastChanges = 50;

/** Attempts to start it that failed in a row through no fault of the program. */
export interface Trouble {
  readonly attempts: number;
  /** What the last one said. */
  readonly message: string;
}

/** All that is known of a process. */
export interface ProcessRecord {
  readonly phase: Phase;
  /** Failed starts in a row that count towards `startretries`. */
  readonly failures: number;
  /** The trouble of the machine that keeps it from being started; null: there is none. */
  readonly trouble: Trouble | null;
  /** Monotonic milliseconds of the last start; 0: never. */
  readonly startedAtMs: number;
  /** Wall-clock milliseconds of the last start; 0: never. */
  readonly startedAtWallMs: number;
  /** Wall-clock milliseconds of the last end; 0: never. */
  readonly stoppedAtWallMs: number;
  /** Why the last start failed or what was wrong with the last end, as `status` shows it. */
  readonly spawnError: string | null;
  /** Exit code of the last run, -1 for a signal; null when unknown or not yet ended. */
  readonly exitStatus: number | null;
  /** Null until a child has ended. */
  readonly lastExit: LastExit | null;
  /** How often it was started again by itself, in BACKOFF or by `autorestart`. */
  readonly restarts: number;
  /** The last {@link maxPastChanges} changes of state, newest last. */
  readonly history: readonly PastChange[];
}

export const initialRecord: ProcessRecord = {
  phase: { state: 'STOPPED' },
  failures: 0,
  trouble: null,
  startedAtMs: 0,
  startedAtWallMs: 0,
  stoppedAtWallMs: 0,
  spawnError: null,
  exitStatus: null,
  lastExit: null,
  restarts: 0,
  history: [],
};

/** The pid of the live child, or 0. */
export function pidOf(record: ProcessRecord): number {
  return 'pid' in record.phase ? (record.phase.pid ?? 0) : 0;
}

/** When a `deadline` event is due, in monotonic milliseconds; null when nothing is awaited. */
export function deadlineOf(record: ProcessRecord, settings: ProcessSettings): number | null {
  const phase = record.phase;
  switch (phase.state) {
    case 'STARTING':
      return phase.pid === null ? null : runningAtMs(record, settings);
    case 'BACKOFF':
      return phase.retryAtMs;
    case 'STOPPING':
      return phase.killAtMs;
    case 'EXITED':
      return phase.restartAtMs;
    case 'STOPPED':
    case 'RUNNING':
    case 'FATAL':
    case 'UNKNOWN':
      return null;
  }
}

/** When a process that was started counts as RUNNING. */
export function runningAtMs({ startedAtMs }: ProcessRecord, settings: ProcessSettings): number {
  return startedAtMs + settings.startSecs * 1000;
}
