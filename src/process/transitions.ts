/**
 * The life of one process as a pure function: (record, event, context) to (record, effects).
 *
 * No clock, timer or system call in here. A record is plain data, so it can be written down and read back.
 * The holder (`process.ts`) feeds events in, performs the effects in their order, and arms one timer for
 * {@link deadlineOf} the record. Starting a child is an effect whose outcome returns as an event (`spawned` or
 * `spawn-failed`), stopping one likewise (`exited`).
 *
 * What leads where is drawn in `docs/process-states.md`, which is generated from this function.
 *
 * In short: a started process is STARTING until it has stayed up for `startsecs`, then RUNNING. One that
 * ends before is in BACKOFF for as many seconds as it has failed in a row, and FATAL once it has failed more than
 * `startretries` times. One that ends later is EXITED, and started again at once if `autorestart` says so. A stop
 * request sends `stopsignal` and makes it STOPPING; every `stopwaitsecs` after that it is sent SIGKILL, until it has
 * ended and is STOPPED.
 *
 * Source: Supervisor manual, "Subprocesses" (process states), and its daemon's observed behaviour.
 */
import type { LogLevel, ProcessSettings } from '../config/settings.ts';
import { signalName } from '../config/signals.ts';
import type { ExitStatus } from '../system/system.ts';
import { describeExit, exitCodeOf, SIGKILL } from './exit-status.ts';
import type { ProcessState } from './states.ts';

/** Where a process stands; each variant holds exactly what its state needs. Times are monotonic milliseconds. */
export type Phase =
  | { readonly state: 'STOPPED' | 'EXITED' | 'FATAL' }
  | {
      readonly state: 'STARTING';
      /** Null while the outcome of the spawn is awaited. */
      readonly pid: number | null;
      readonly startedAtMs: number;
      /** A stop was asked for before the spawn's outcome was known. */
      readonly stopWanted: boolean;
    }
  | { readonly state: 'RUNNING'; readonly pid: number }
  /** `retryAtMs` is null once the daemon is shutting down: no further attempt. */
  | { readonly state: 'BACKOFF'; readonly retryAtMs: number | null }
  | { readonly state: 'STOPPING'; readonly pid: number; readonly killAtMs: number }
  /** A signal could not be sent, so nobody knows whether the process obeys. */
  | { readonly state: 'UNKNOWN'; readonly pid: number; readonly stopWanted: boolean };

/** All that is known of a process. */
export interface ProcessRecord {
  readonly phase: Phase;
  /** Failed starts in a row. */
  readonly failures: number;
  /** Wall-clock milliseconds of the last start; 0: never. */
  readonly startedAtWallMs: number;
  /** Wall-clock milliseconds of the last end; 0: never. */
  readonly stoppedAtWallMs: number;
  /** Why the last start failed or what was wrong with the last end, as `status` shows it. */
  readonly spawnError: string | null;
  /** Exit code of the last run, -1 for a signal; null when unknown or not yet ended. */
  readonly exitStatus: number | null;
}

export type ProcessEvent =
  /** Asked to start, by a request or at the daemon's start. */
  | { readonly type: 'start' }
  | { readonly type: 'spawned'; readonly pid: number }
  | { readonly type: 'spawn-failed'; readonly message: string }
  | { readonly type: 'exited'; readonly pid: number; readonly status: ExitStatus }
  /** Asked to stop: by a request, or because the daemon shuts down. */
  | { readonly type: 'stop'; readonly reason: 'request' | 'shutdown' }
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

export interface Transition {
  readonly record: ProcessRecord;
  readonly effects: readonly Effect[];
}

export const initialRecord: ProcessRecord = {
  phase: { state: 'STOPPED' },
  failures: 0,
  startedAtWallMs: 0,
  stoppedAtWallMs: 0,
  spawnError: null,
  exitStatus: null,
};

/** Shortest time between two SIGKILLs, so that `stopwaitsecs=0` is no busy loop. */
const minKillIntervalMs = 1000;

/** The pid of the live child, or 0. */
export function pidOf(record: ProcessRecord): number {
  return 'pid' in record.phase ? (record.phase.pid ?? 0) : 0;
}

/** When a `deadline` event is due, in monotonic milliseconds; null when nothing is awaited. */
export function deadlineOf(record: ProcessRecord, settings: ProcessSettings): number | null {
  const phase = record.phase;
  switch (phase.state) {
    case 'STARTING':
      return phase.pid === null ? null : runningAtMs(phase.startedAtMs, settings);
    case 'BACKOFF':
      return phase.retryAtMs;
    case 'STOPPING':
      return phase.killAtMs;
    case 'STOPPED':
    case 'RUNNING':
    case 'EXITED':
    case 'FATAL':
    case 'UNKNOWN':
      return null;
  }
}

/** The machine itself. An event that means nothing in the current state changes nothing. */
export function transition(
  record: ProcessRecord,
  event: ProcessEvent,
  context: TransitionContext,
): Transition {
  const step = new Step(record, context);
  switch (event.type) {
    case 'start':
      onStart(step);
      break;
    case 'spawned':
      onSpawned(step, event.pid);
      break;
    case 'spawn-failed':
      onSpawnFailed(step, event.message);
      break;
    case 'exited':
      onExited(step, event.pid, event.status);
      break;
    case 'stop':
      onStop(step, event.reason);
      break;
    case 'signal':
      onSignal(step, event.signal);
      break;
    case 'kill-failed':
      onKillFailed(step, event.pid, event.intent, event.reason);
      break;
    case 'deadline':
      onDeadline(step);
      break;
  }
  return { record: step.record, effects: step.effects };
}

/** One transition under way: the record so far and the effects collected, in order. */
class Step {
  record: ProcessRecord;
  readonly effects: Effect[] = [];
  readonly context: TransitionContext;

  constructor(record: ProcessRecord, context: TransitionContext) {
    this.record = record;
    this.context = context;
  }

  get settings(): ProcessSettings {
    return this.context.settings;
  }

  set(changes: Partial<ProcessRecord>): void {
    this.record = { ...this.record, ...changes };
  }

  /** Enters a phase and reports the change of state; `pid` is the child the report speaks of. */
  enter(phase: Phase, pid: number, expected = true): void {
    const from = this.record.phase.state;
    this.set({ phase });
    if (phase.state !== from) {
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

  log(level: LogLevel, message: string): void {
    this.effects.push({ type: 'log', level, message });
  }
}

function runningAtMs(startedAtMs: number, settings: ProcessSettings): number {
  return startedAtMs + settings.startSecs * 1000;
}

function onStart(step: Step): void {
  switch (step.record.phase.state) {
    case 'STOPPED':
    case 'EXITED':
    case 'FATAL':
    case 'BACKOFF':
      beginStart(step);
      break;
    case 'STARTING':
    case 'RUNNING':
    case 'STOPPING':
    case 'UNKNOWN':
      step.log('warn', `process '${step.settings.name}' already running`);
      break;
  }
}

function beginStart(step: Step): void {
  step.set({ spawnError: null, exitStatus: null, startedAtWallMs: step.context.wallMs });
  step.enter({ state: 'STARTING', pid: null, startedAtMs: step.context.nowMs, stopWanted: false }, 0);
  step.effects.push({ type: 'spawn' });
}

function onSpawned(step: Step, pid: number): void {
  const { phase } = step.record;
  if (phase.state !== 'STARTING' || phase.pid !== null) {
    return;
  }
  step.log('info', `spawned: '${step.settings.name}' with pid ${pid}`);
  step.set({ phase: { ...phase, pid } });
  if (phase.stopWanted) {
    beginStop(step, pid);
  } else if (step.context.nowMs >= runningAtMs(phase.startedAtMs, step.settings)) {
    enterRunning(step, pid);
  }
}

function onSpawnFailed(step: Step, message: string): void {
  const { phase } = step.record;
  if (phase.state !== 'STARTING' || phase.pid !== null) {
    return;
  }
  step.set({ spawnError: message });
  step.log('info', `spawnerr: ${message}`);
  if (phase.stopWanted) {
    step.set({ failures: 0 });
    step.enter({ state: 'STOPPED' }, 0);
  } else {
    enterBackoff(step, 0);
    giveUpIfSpent(step);
  }
}

/** Compat: the BACKOFF event counts the failure that leads to it, so the count is raised first. */
function enterBackoff(step: Step, pid: number): void {
  const failures = step.record.failures + 1;
  step.set({ failures });
  const retryAtMs = step.context.mayRestart ? step.context.nowMs + failures * 1000 : null;
  step.enter({ state: 'BACKOFF', retryAtMs }, pid);
}

function giveUpIfSpent(step: Step): void {
  if (step.record.failures > step.settings.startRetries) {
    enterFatal(step);
    step.log(
      'info',
      `gave up: ${step.settings.name} entered FATAL state, too many start retries too quickly`,
    );
  }
}

function enterFatal(step: Step): void {
  step.set({ failures: 0 });
  step.enter({ state: 'FATAL' }, 0);
}

function enterRunning(step: Step, pid: number): void {
  step.set({ failures: 0 });
  step.enter({ state: 'RUNNING', pid }, pid);
  step.log(
    'info',
    `success: ${step.settings.name} entered RUNNING state, process has stayed up for > than ` +
      `${step.settings.startSecs} seconds (startsecs)`,
  );
}

function onExited(step: Step, pid: number, status: ExitStatus): void {
  if (pid === 0 || pidOf(step.record) !== pid) {
    return;
  }
  const { phase } = step.record;
  step.set({ stoppedAtWallMs: step.context.wallMs });
  switch (phase.state) {
    case 'STARTING':
      if (step.context.nowMs < runningAtMs(phase.startedAtMs, step.settings)) {
        exitedTooQuickly(step, pid, status);
      } else {
        enterRunning(step, pid);
        exitedByItself(step, pid, status);
      }
      break;
    case 'RUNNING':
      exitedByItself(step, pid, status);
      break;
    case 'STOPPING':
      exitedWhenStopped(step, pid, status);
      break;
    case 'UNKNOWN':
      if (phase.stopWanted) {
        exitedWhenStopped(step, pid, status);
      } else {
        exitedByItself(step, pid, status);
      }
      break;
    case 'STOPPED':
    case 'EXITED':
    case 'FATAL':
    case 'BACKOFF':
      break;
  }
}

function exitedTooQuickly(step: Step, pid: number, status: ExitStatus): void {
  step.set({ exitStatus: null, spawnError: 'Exited too quickly (process log may have details)' });
  enterBackoff(step, pid);
  step.log('warn', `exited: ${step.settings.name} (${describeExit(status)}; not expected)`);
  giveUpIfSpent(step);
}

function exitedByItself(step: Step, pid: number, status: ExitStatus): void {
  const { name, autorestart, exitCodes } = step.settings;
  const exitStatus = exitCodeOf(status);
  const expected = exitCodes.includes(exitStatus);
  step.set({ failures: 0, exitStatus });
  if (!expected) {
    step.set({ spawnError: `Bad exit code ${exitStatus}` });
  }
  step.enter({ state: 'EXITED' }, pid, expected);
  step.log(
    expected ? 'info' : 'warn',
    `exited: ${name} (${describeExit(status)}; ${expected ? 'expected' : 'not expected'})`,
  );
  const wanted = autorestart === 'always' || (autorestart === 'unexpected' && !expected);
  if (wanted && step.context.mayRestart) {
    beginStart(step);
  }
}

function exitedWhenStopped(step: Step, pid: number, status: ExitStatus): void {
  const exitStatus = exitCodeOf(status);
  step.set({ failures: 0, exitStatus });
  step.enter({ state: 'STOPPED' }, pid);
  step.log(
    step.settings.exitCodes.includes(exitStatus) ? 'info' : 'warn',
    `stopped: ${step.settings.name} (${describeExit(status)})`,
  );
}

function onStop(step: Step, reason: 'request' | 'shutdown'): void {
  const { phase } = step.record;
  switch (phase.state) {
    case 'STARTING':
      if (phase.pid === null) {
        step.set({ phase: { ...phase, stopWanted: true } });
      } else {
        beginStop(step, phase.pid);
      }
      break;
    case 'RUNNING':
    case 'UNKNOWN':
      beginStop(step, phase.pid);
      break;
    case 'BACKOFF':
      if (reason === 'shutdown') {
        enterFatal(step);
      } else {
        step.log('debug', `Attempted to kill ${step.settings.name}, which is in BACKOFF state.`);
        step.set({ failures: 0 });
        step.enter({ state: 'STOPPED' }, 0);
      }
      break;
    case 'STOPPED':
    case 'EXITED':
    case 'FATAL':
      step.log(
        'debug',
        `attempted to kill ${step.settings.name} with sig ${signalName(step.settings.stopSignal)} ` +
          "but it wasn't running",
      );
      break;
    case 'STOPPING':
      break;
  }
}

function beginStop(step: Step, pid: number): void {
  const { stopSignal, stopAsGroup, stopWaitSecs } = step.settings;
  logKill(step, pid, stopSignal, stopAsGroup);
  step.enter({ state: 'STOPPING', pid, killAtMs: step.context.nowMs + stopWaitSecs * 1000 }, pid);
  step.effects.push({ type: 'kill', pid, signal: stopSignal, group: stopAsGroup, intent: 'stop' });
}

function logKill(step: Step, pid: number, signal: number, group: boolean): void {
  step.log(
    'debug',
    `killing ${step.settings.name} (pid ${pid}) ${group ? 'process group ' : ''}with signal ${signalName(signal)}`,
  );
}

function onSignal(step: Step, signal: number): void {
  const { name } = step.settings;
  const { phase } = step.record;
  const pid = pidOf(step.record);
  if (pid === 0) {
    step.log('debug', `attempted to send ${name} sig ${signalName(signal)} but it wasn't running`);
  } else if (phase.state !== 'UNKNOWN') {
    step.log('debug', `sending ${name} (pid ${pid}) sig ${signalName(signal)}`);
    step.effects.push({ type: 'kill', pid, signal, group: false, intent: 'signal' });
  }
}

function onKillFailed(step: Step, pid: number, intent: KillIntent, reason: string): void {
  if (pid === 0 || pidOf(step.record) !== pid) {
    return;
  }
  const { name } = step.settings;
  step.log(
    'critical',
    intent === 'stop'
      ? `unknown problem killing ${name} (${pid}):${reason}`
      : `unknown problem sending sig ${name} (${pid}):${reason}`,
  );
  const { phase } = step.record;
  const stopWanted = intent === 'stop' || phase.state === 'STOPPING';
  step.enter({ state: 'UNKNOWN', pid, stopWanted }, pid);
}

function onDeadline(step: Step): void {
  const due = deadlineOf(step.record, step.settings);
  if (due === null || step.context.nowMs < due) {
    return;
  }
  const { phase } = step.record;
  switch (phase.state) {
    case 'STARTING':
      if (phase.pid !== null) {
        enterRunning(step, phase.pid);
      }
      break;
    case 'BACKOFF':
      if (step.context.mayRestart) {
        beginStart(step);
      } else {
        step.set({ phase: { state: 'BACKOFF', retryAtMs: null } });
      }
      break;
    case 'STOPPING':
      killOverdue(step, phase.pid);
      break;
    case 'STOPPED':
    case 'RUNNING':
    case 'EXITED':
    case 'FATAL':
    case 'UNKNOWN':
      break;
  }
}

function killOverdue(step: Step, pid: number): void {
  const { name, killAsGroup, stopWaitSecs } = step.settings;
  const intervalMs = Math.max(stopWaitSecs * 1000, minKillIntervalMs);
  step.log('warn', `killing '${name}' (${pid}) with SIGKILL`);
  logKill(step, pid, SIGKILL, killAsGroup);
  step.enter({ state: 'STOPPING', pid, killAtMs: step.context.nowMs + intervalMs }, pid);
  step.effects.push({ type: 'kill', pid, signal: SIGKILL, group: killAsGroup, intent: 'stop' });
}
