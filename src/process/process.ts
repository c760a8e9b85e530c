/**
 * One supervised process: holds its record, feeds events into the pure machine and performs the effects.
 *
 * Policy is in `transitions.ts`; how a child is made in `spawner.ts`. Only here are the two joined with time,
 * the system and the outputs.
 */
import type { LogLevel, ProcessSettings } from '../config/settings.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { ExitStatus, System } from '../system/system.ts';
import type { Children } from './children.ts';
import { type CommandCheck, resolveCommand } from './command.ts';
import { commandPath, type DaemonIdentity } from './environment.ts';
import type { ProcessOutputs } from './output.ts';
import { sendSignal } from './send-signal.ts';
import type { SharedSocket } from './shared-socket.ts';
import { StartAttempt, type StartOutcome } from './start-attempt.ts';
import { orderPatienceMs, type StartOrder } from './start-order.ts';
import { type ProcessState, runningStates, stoppedStates } from './states.ts';
import type { ProcessStdin, StdinOutcome } from './stdin.ts';
import { type ClearOutcome, ProcessStreams } from './streams.ts';
import {
  type Cause,
  deadlineOf,
  initialRecord,
  type LastExit,
  type PastChange,
  pidOf,
  type ProcessRecord,
} from './record.ts';
import type { Effect, ProcessEvent, StateChange } from './step.ts';
import { transition } from './transitions.ts';

/** What processes need of the daemon around them, the same for all. */
export interface ProcessHost {
  readonly system: System;
  readonly clock: Clock;
  readonly daemon: DaemonIdentity;
  readonly children: Children;
  /** In which those that start at the same time are spawned. */
  readonly order: StartOrder;
  /** What its group shares as stdin; null: the process has a pipe of its own. */
  readonly socket: SharedSocket | null;
  /** False once the daemon shuts down or restarts. */
  mayRestart(): boolean;
  log(level: LogLevel, message: string): void;
  /** Takes an error that nobody expected; `where` says what was being done. The rest of the work goes on. */
  reportError(where: string, error: unknown): void;
  /** A change of state, in the order in which they happen. */
  stateChanged(process: Process, change: StateChange): void;
  /** Opens the writable end of a child's stdin; the returned object owns the descriptor. */
  openStdin(fd: Descriptor): ProcessStdin;
}

type StateListener = (state: ProcessState) => void;

const nobody: readonly StateListener[] = [];

export class Process {
  readonly groupName: string;
  readonly #streams: ProcessStreams;
  readonly #host: ProcessHost;
  #settings: ProcessSettings;
  #queue: ProcessEvent[] = [];
  #listeners: readonly StateListener[] = nobody;
  #record: ProcessRecord = initialRecord;
  #working = false;
  /** The attempt to make a child that is under way. */
  #attempt: StartAttempt | null = null;
  /** The child has been reaped, and the end of its output is waited for. Its pid may be somebody else's by now. */
  #isReaped = false;
  #isDisposed = false;
  #timer: { readonly atMs: number; readonly timer: Timer } | null = null;
  #killFailure: string | null = null;
  #stopReportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(settings: ProcessSettings, groupName: string, outputs: ProcessOutputs, host: ProcessHost) {
    this.#settings = settings;
    this.groupName = groupName;
    this.#host = host;
    this.#streams = new ProcessStreams(outputs, (what, work) => this.#contain(what, work));
  }

  get settings(): ProcessSettings {
    return this.#settings;
  }

  get outputs(): ProcessOutputs {
    return this.#streams.outputs;
  }

  get state(): ProcessState {
    return this.#record.phase.state;
  }

  /** 0 when there is no child. */
  get pid(): number {
    return pidOf(this.#record);
  }

  /** Wall-clock milliseconds of the last start; 0: never. */
  get startedAtMs(): number {
    return this.#record.startedAtWallMs;
  }

  /** Wall-clock milliseconds of the last end; 0: never. */
  get stoppedAtMs(): number {
    return this.#record.stoppedAtWallMs;
  }

  get spawnError(): string | null {
    return this.#record.spawnError;
  }

  /** Exit code of the last run, -1 when a signal ended it; null when there is none. */
  get exitStatus(): number | null {
    return this.#record.exitStatus;
  }

  /** How the last child ended; null while none has. */
  get lastExit(): LastExit | null {
    return this.#record.lastExit;
  }

  /** How often it was started again by itself since the daemon knows it. */
  get restarts(): number {
    return this.#record.restarts;
  }

  /** Its last changes of state, newest last. */
  get history(): readonly PastChange[] {
    return this.#record.history;
  }

  /** It runs, or will by itself: `stop` finds something to do. */
  get isActive(): boolean {
    const { phase } = this.#record;
    return runningStates.has(phase.state) || (phase.state === 'EXITED' && phase.restartAtMs !== null);
  }

  /** The outcome of a spawn is awaited. */
  get isSpawning(): boolean {
    const { phase } = this.#record;
    return phase.state === 'STARTING' && phase.pid === null;
  }

  /**
   * Calls `done` as soon as no outcome of a spawn is awaited, within the call if none is, or after a quarter of a second: so that
   * several are started in their order, as where starting takes no time, and one that takes long keeps no other waiting.
   */
  afterSpawn(done: () => void): void {
    if (!this.isSpawning) {
      done();
      return;
    }
    const { clock } = this.#host;
    const end = (): void => {
      unsubscribe();
      timer.cancel();
      done();
    };
    const unsubscribe = this.onStateChange(() => {
      if (!this.isSpawning) {
        end();
      }
    });
    const timer = clock.schedule(clock.monotonicMs() + orderPatienceMs, end);
  }

  get isStopping(): boolean {
    return this.state === 'STOPPING';
  }

  get stdoutLogPath(): string | null {
    return this.outputs.stdout.logPath;
  }

  /** How many milliseconds output of its has been kept waiting by the place where it goes; 0: it is not. */
  get logBlockedForMs(): number {
    const { stdout, stderr } = this.outputs;
    return Math.max(stdout.blockedForMs, stderr?.blockedForMs ?? 0);
  }

  get stderrLogPath(): string | null {
    return this.outputs.stderr?.logPath ?? null;
  }

  /** Finds out whether the command could be executed, without starting it; that of other settings, if they are given. */
  checkCommand(settings = this.#settings): CommandCheck {
    const path = commandPath(settings, this.#host.daemon);
    return resolveCommand(settings.command, path, this.#host.system);
  }

  /**
   * Goes on with other settings of the same name. A child that runs keeps what it was spawned with until the next start;
   * everything else, deadlines that are awaited included, follows them from now on.
   */
  configure(settings: ProcessSettings): void {
    this.#settings = settings;
    this.outputs.configure(settings);
    this.#armTimer();
  }

  /** Starts it; what comes of it shows in `state` and `spawnError`. A running process only logs a warning. */
  start(cause: Cause | null = null): void {
    this.#dispatch({ type: 'start', cause });
  }

  /** Sends the stop signal, or gives up the restart it waits for. Null, or why it could not. */
  stop(cause: Cause | null = null, reason: 'request' | 'shutdown' = 'request'): string | null {
    this.#killFailure = null;
    this.#stopReportedAtMs = Number.NEGATIVE_INFINITY;
    this.#dispatch({ type: 'stop', reason, cause });
    return this.#killFailure;
  }

  /** Sends a signal without the intention to stop. Null, or why it could not. */
  signal(signal: number): string | null {
    this.#killFailure = null;
    this.#dispatch({ type: 'signal', signal });
    return this.#killFailure;
  }

  /** The child was reaped. Its end is handled when the outputs have what it wrote: in this call, if they need not wait. */
  ended(status: ExitStatus): void {
    const { pid } = this;
    const endedAtMs = this.#host.clock.monotonicMs();
    this.#isReaped = true;
    this.#armTimer();
    this.#streams.finish(() => this.#dispatch({ type: 'exited', pid, status, endedAtMs }));
  }

  /** Queues bytes for its stdin; `closed` also when it has none. */
  writeStdin(bytes: Uint8Array): StdinOutcome {
    return this.isStopping ? 'closed' : this.#streams.write(bytes);
  }

  /** Removes and reopens both logs. */
  clearLogs(cleared: (outcome: ClearOutcome) => void): void {
    this.#streams.clearLogs(cleared);
  }

  reopenLogs(): void {
    this.#streams.reopenLogs();
  }

  /**
   * Says that a stop is being waited for, at most every two seconds.
   * Source: observed, B14.13.
   */
  reportStopping(): void {
    const nowMs = this.#host.clock.monotonicMs();
    if (this.state === 'STOPPING' && nowMs > this.#stopReportedAtMs + 2000) {
      this.#stopReportedAtMs = nowMs;
      this.#host.log('info', `waiting for ${this.settings.name} to stop`);
    }
  }

  /** Calls `listener` after every change of state and when a spawn's outcome is known. Returns what ends it. */
  onStateChange(listener: StateListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Lets go of timers and logs; only for a process without a child. */
  dispose(): void {
    this.#isDisposed = true;
    this.#attempt?.dispose();
    this.#armTimer();
    this.#streams.close();
  }

  /** Events that come up while one is worked on wait their turn, so that effects never interleave. */
  #dispatch(event: ProcessEvent): void {
    this.#queue.push(event);
    if (!this.#working) {
      this.#working = true;
      this.#work();
    }
  }

  #work(): void {
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#step(next);
      }
      // One that has held something keeps room for sixteen more.
      this.#queue = [];
    } finally {
      this.#working = false;
      this.#contain('socket', () => this.#letSocketGo());
      this.#armTimer();
    }
  }

  #step(event: ProcessEvent): void {
    const { clock } = this.#host;
    if (event.type === 'exited') {
      this.#isReaped = false;
    }
    const { record, effects } = transition(this.#record, event, {
      settings: this.settings,
      nowMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
      mayRestart: this.#host.mayRestart(),
    });
    this.#record = record;
    for (const effect of effects) {
      this.#contain(effect.type, () => this.#perform(effect));
    }
    if (event.type === 'stop' && this.#isStopWanted) {
      this.#attempt?.giveUp();
    }
    if (event.type === 'spawned' || event.type === 'spawn-failed') {
      this.#notify();
    }
  }

  /** One effect that fails keeps none of the others from being carried out. */
  #contain(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#reportError(what, error);
    }
  }

  #reportError(what: string, error: unknown): void {
    this.#host.reportError(`${what} of ${this.groupName}:${this.settings.name}`, error);
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'spawn':
        this.#spawn();
        break;
      case 'kill':
        this.#kill(effect);
        break;
      case 'log':
        this.#host.log(effect.level, effect.message);
        break;
      case 'state-changed':
        this.#host.stateChanged(this, effect);
        this.#notify();
        break;
    }
  }

  get #isStopWanted(): boolean {
    const { phase } = this.#record;
    return phase.state === 'STARTING' && phase.stopWanted;
  }

  #spawn(): void {
    if (this.#isDisposed) {
      return;
    }
    const { daemon, system, clock, order, socket } = this.#host;
    this.#attempt = new StartAttempt({
      groupName: this.groupName,
      daemon,
      system,
      clock,
      order,
      socket,
      holder: this,
      streams: this.#streams,
      current: () => {
        const { settings } = this;
        const { trouble } = this.#record;
        return { settings, trouble, isStopWanted: this.#isStopWanted };
      },
      goOn: (work) => this.#goOn(work),
      ended: (outcome) => this.#started(outcome),
      reportError: (error) => this.#reportError('spawn', error),
    });
    this.#attempt.begin();
  }

  /** Late work on a start, done as an event is worked on. */
  #goOn(work: () => void): void {
    if (this.#working) {
      work();
      return;
    }
    this.#working = true;
    this.#contain('spawn', work);
    this.#work();
  }

  #started(outcome: StartOutcome): void {
    this.#attempt = null;
    if (outcome === 'given-up') {
      this.#queue.push({ type: 'spawn-given-up' });
    } else if (outcome.ok) {
      this.#host.children.add(outcome.pid, this);
      this.#queue.push({ type: 'spawned', pid: outcome.pid });
      this.#streams.attach(outcome.pid, outcome.pipes, (fd) => this.#host.openStdin(fd));
    } else {
      this.#queue.push({ type: 'spawn-failed', message: outcome.message, fault: outcome.fault });
    }
  }

  #kill(effect: Extract<Effect, { type: 'kill' }>): void {
    const { pid, intent } = effect;
    const errno = this.#isReaped ? 'ESRCH' : sendSignal(this.#host.system, effect);
    if (errno === 'ESRCH') {
      const verb = intent === 'stop' ? 'just exited' : 'just now exited';
      this.#host.log(
        'debug',
        `unable to signal ${this.settings.name} (pid ${pid}), it probably ${verb} on its own: ${errno}`,
      );
    } else if (errno !== null) {
      this.#killFailure = `unknown problem signalling ${this.settings.name} (${pid}): ${errno}`;
      this.#queue.push({ type: 'kill-failed', pid, intent, reason: errno });
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) {
      this.#contain('a watcher', () => listener(this.state));
    }
  }

  /** Only what ended for good: a socket outlives the time until the next attempt, so that nobody is turned away. */
  #letSocketGo(): void {
    if (stoppedStates.has(this.state) && this.pid === 0) {
      this.#host.socket?.release(this);
    }
  }

  #armTimer(): void {
    const isOver = this.#isReaped || this.#isDisposed;
    const atMs = isOver ? null : deadlineOf(this.#record, this.settings);
    if (this.#timer?.atMs === atMs) {
      return;
    }
    this.#timer?.timer.cancel();
    this.#timer = atMs === null ? null : { atMs, timer: this.#schedule(atMs) };
  }

  #schedule(atMs: number): Timer {
    return this.#host.clock.schedule(atMs, () => {
      this.#timer = null;
      this.#dispatch({ type: 'deadline' });
    });
  }
}
