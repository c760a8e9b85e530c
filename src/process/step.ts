/**
 * The vocabulary of the machine: events that come in, effects that come out, and the step that turns one into the
 * others.
 */
import type { LogLevel, ProcessSettings } from '../config/settings.ts';
import type { ExitStatus } from '../system/system.ts';
import { type Cause, type LastExit, maxPastChanges, type Phase, type ProcessRecord } from './record.ts';
import type { ProcessState } from './states.ts';

export type ProcessEvent =
  /** Asked to start, by a request or at the daemon's start. */
  | { readonly type: 'start'; readonly cause?: Cause | null }
  | { readonly type: 'spawned'; readonly pid: number }
  | { readonly type: 'spawn-failed'; readonly message: string; readonly fault: Fault }
  /** No child was made, since a stop was asked for before. */
  | { readonly type: 'spawn-given-up' }
  | {
      readonly type: 'exited';
      readonly pid: number;
      readonly status: ExitStatus;
      /** Monotonic milliseconds; left out: now. */
      readonly endedAtMs?: number;
    }
  /** Asked to stop: by a request, or because the daemon shuts down. */
  | { readonly type: 'stop'; readonly reason: 'request' | 'shutdown'; readonly cause?: Cause | null }
  /** Asked to pass on a signal without the intention to stop. */
  | { readonly type: 'signal'; readonly signal: number }
  /** A `kill` effect failed for another reason than that the process had just ended. */
  | {
      readonly type: 'kill-failed';
      readonly pid: number;
      readonly intent: KillIntent;
      readonly reason: string;
    }
  /** {@link deadlineOf} the record has been reached. */
  | { readonly type: 'deadline' };

/**
 * Whose fault it is that a spawn failed: the machine's where it has no descriptors, processes or memory left or cannot tell
 * who a user is, which another attempt may find mended; the program's in every other case.
 */
export type Fault = 'program' | 'machine';

/** Why a signal is sent: to make the process end, or as a message to it. */
export type KillIntent = 'stop' | 'signal';

export interface StateChange {
  readonly from: ProcessState;
  readonly to: ProcessState;
  readonly pid: number;
  /** Failed starts in a row, as STARTING and BACKOFF report it. */
  readonly tries: number;
  /** For EXITED: whether the exit code is one of `exitcodes`. */
  readonly expected: boolean;
}

export type Effect =
  | { readonly type: 'spawn' }
  | {
      readonly type: 'kill';
      readonly pid: number;
      readonly signal: number;
      readonly group: boolean;
      readonly intent: KillIntent;
    }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | ({ readonly type: 'state-changed' } & StateChange);

/** What a transition may know besides the record. */
export interface TransitionContext {
  readonly settings: ProcessSettings;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** Wall-clock milliseconds, only written down. */
  readonly wallMs: number;
  /** False while the daemon shuts down or restarts: nothing is started by itself any more. */
  readonly mayRestart: boolean;
}

/** One transition under way: the record so far and the effects collected, in order. */
export class Step {
  record: ProcessRecord;
  readonly effects: Effect[] = [];
  readonly context: TransitionContext;
  /** Who asked for the event. */
  readonly cause: Cause | null;
  /** The end of a child that the event told of. */
  #exit: LastExit | null = null;

  constructor(record: ProcessRecord, context: TransitionContext, cause: Cause | null = null) {
    this.record = record;
    this.context = context;
    this.cause = cause;
  }

  get settings(): ProcessSettings {
    return this.context.settings;
  }

  set(changes: Partial<ProcessRecord>): void {
    this.record = { ...this.record, ...changes };
  }

  /** Writes down how the child ended; the changes of state that follow from it refer to it. */
  setExit(exit: LastExit): void {
    this.#exit = exit;
    this.set({ lastExit: exit });
  }

  /** Enters a phase and reports the change of state; `pid` is the child the report speaks of. */
  enter(phase: Phase, pid: number, expected = true): void {
    const from = this.record.phase.state;
    this.set({ phase });
    if (phase.state !== from) {
      this.#remember(from, phase.state, pid);
      this.effects.push({
        type: 'state-changed',
        from,
        to: phase.state,
        pid,
        tries: this.record.failures,
        expected,
      });
    }
  }

  #remember(from: ProcessState, to: ProcessState, pid: number): void {
    const change = {
      atMs: this.context.wallMs,
      from,
      to,
      pid: pid === 0 ? null : pid,
      exit: to === 'STARTING' || to === 'RUNNING' ? null : this.#exit,
      cause: this.cause,
    };
    this.set({ history: [...this.record.history.slice(1 - maxPastChanges), change] });
  }

  log(level: LogLevel, message: string): void {
    this.effects.push({ type: 'log', level, message });
  }
}
