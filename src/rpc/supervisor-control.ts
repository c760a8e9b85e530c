/**
 * What the RPC methods may ask of the daemon, as narrow interfaces.
 *
 * The daemon implements them over its groups and processes; tests implement them with a scripted world. All calls
 * are synchronous: they change state or read it, and whoever wants to wait watches {@link ControlledProcess.onStateChange}. Only
 * what has to wait for a file system, such as reading the configuration, or for everything to stop, answers later.
 * Expected refusals are values; an exception is a defect and answered with HTTP status 500.
 */
import type { LogClearing } from '../logging/activity-log.ts';
import type { JsonValue } from '../config/json.ts';
import type { ReloadChange } from '../config/reload-changes.ts';
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import type { SupervisorEvent } from '../events/types.ts';
import type { UpdateOutcome } from '../group/apply-plan.ts';
import type { DescribedPlan } from '../group/describe-plan.ts';
import type { UpdateMode } from '../group/reconcile.ts';
import type { Cause, LastExit, PastChange } from '../process/record.ts';
import type { ProcessState, SupervisorState } from '../process/states.ts';
import type { StdinOutcome } from '../process/stdin.ts';
import type { ClearOutcome } from '../process/streams.ts';
import type { ProcessStatistics } from '../stats/statistics.ts';

/** Names of groups, each list in the order of the configuration it was found in. */
export interface ConfigChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export type RereadResult =
  | ({ readonly ok: true } & ConfigChanges)
  /** `message` is what follows `CANT_REREAD: `. */
  | { readonly ok: false; readonly message: string };

export interface UpdateRequest {
  readonly mode: UpdateMode;
  /** Names of groups; null: all of them. */
  readonly groups: readonly string[] | null;
}

export interface UpdateRefusal {
  readonly ok: false;
  /** `configuration`: it cannot be read; `refused`: something would fail, or another update is under way. */
  readonly reason: 'configuration' | 'unknown-group' | 'refused';
  /** A line for each problem; for `unknown-group` their names. */
  readonly message: string;
}

export type PlanResult = { readonly ok: true; readonly plan: DescribedPlan } | UpdateRefusal;

export type ReloadPlanResult =
  { readonly ok: true; readonly changes: readonly ReloadChange[] } | UpdateRefusal;

/** With a refusal nothing has changed. */
export type UpdateResult = { readonly ok: true; readonly outcomes: readonly UpdateOutcome[] } | UpdateRefusal;

export interface SupervisorControl {
  readonly state: SupervisorState;
  readonly identifier: string;
  readonly pid: number;
  /** What `getSupervisorVersion` answers. */
  readonly version: string;
  /** Errors that nobody expected and that ended only the work they came from, since the process started. */
  readonly containedErrors: number;
  /** Wall-clock milliseconds of the start, or of the last restart. */
  readonly startedAtMs: number;
  /** Processor time and memory of what runs, by namespec. */
  readonly statistics: ProcessStatistics;
  /** Absolute path of the activity log; null when it is not a file. */
  readonly activityLogPath: string | null;
  /** Removes and reopens the activity log; `no-file` when there is none, `failed` when it could not be removed. */
  clearActivityLog(cleared: (outcome: LogClearing) => void): void;
  /** Begins the shutdown; the caller's answer is still sent. */
  requestShutdown(): void;
  /** Begins the restart (reload) of the daemon. Null, or why the configuration does not allow it. */
  requestRestart(): Promise<string | null>;
  /** Reads the configuration file again and keeps it for {@link addGroup}; nothing that runs is touched. */
  rereadConfig(): Promise<RereadResult>;
  /**
   * What the daemon and the active groups are configured as, with the file and line of each value: the fields of
   * `supervisord --dump-config --origins`. Passwords are never shown; values that look like secrets on
   * request.
   */
  describeConfig(secrets: 'shown' | 'masked'): JsonValue;
  /**
   * Groups of the configuration read last, in its order. Those that run unchanged since they were read are the
   * same objects as their {@link ControlledGroup.settings}: only then is the path of an AUTO log known.
   */
  readonly availableGroups: readonly GroupSettings[];
  /** Makes a group of {@link availableGroups} active. */
  addGroup(name: string): 'added' | 'already' | 'unknown';
  /** Removes an active group of which nothing runs. */
  removeGroup(name: string): 'removed' | 'running' | 'unknown';
  /** Reads the configuration and tells what an update would do. Nothing changes, not even {@link availableGroups}. */
  planUpdate(request: UpdateRequest): Promise<PlanResult>;
  /** Reads the configuration and tells what of it no update takes up, but a reload. Nothing changes. */
  planReload(): Promise<ReloadPlanResult>;
  /** Reads the configuration, as {@link rereadConfig}, and acts on it; goes on when nobody waits for its end. */
  update(request: UpdateRequest): Promise<UpdateResult>;
  /** Active groups by name, in the order in which they were added. */
  readonly groups: ReadonlyMap<string, ControlledGroup>;
  /** Publishes an event to whoever subscribed to its type. */
  notify(event: SupervisorEvent): void;
}

export interface ControlledGroup {
  readonly settings: GroupSettings;
  /** By process name, in the order of the settings. */
  readonly processes: ReadonlyMap<string, ControlledProcess>;
}

/** Why a program could not be started, found out without starting it. */
export type CommandCheck =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `not-executable` also for a command that cannot be parsed or that is a directory. */
      readonly kind: 'not-found' | 'not-executable';
      readonly message: string;
    };

export interface ControlledProcess {
  readonly settings: ProcessSettings;
  readonly state: ProcessState;
  /** 0 when there is no child. */
  readonly pid: number;
  /** Wall-clock milliseconds of the last start; 0: never. */
  readonly startedAtMs: number;
  /** Wall-clock milliseconds of the last end; 0: never. */
  readonly stoppedAtMs: number;
  readonly spawnError: string | null;
  /** Exit code of the last run, -1 when a signal ended it; null when there is none. */
  readonly exitStatus: number | null;
  /** How the last child ended; null while none has. */
  readonly lastExit: LastExit | null;
  /** How often it was started again by itself since the daemon knows it. */
  readonly restarts: number;
  /** Its last changes of state, newest last. */
  readonly history: readonly PastChange[];
  /** The outcome of a spawn is awaited; its end is reported to {@link onStateChange} as well. */
  readonly isSpawning: boolean;
  /** Calls `done` as soon as no outcome of a spawn is awaited, or after a while: when it is the next one's turn to be started. */
  afterSpawn(done: () => void): void;
  /** It runs, or will by itself: `stop` finds something to do. */
  readonly isActive: boolean;
  /** A stop signal has been sent: nothing more is written to its stdin. */
  readonly isStopping: boolean;
  /** With AUTO resolved; null when the stream goes to no file. */
  readonly stdoutLogPath: string | null;
  readonly stderrLogPath: string | null;
  /** How many milliseconds output of its has been kept waiting by the place where it goes; 0: it is not. */
  readonly logBlockedForMs: number;
  checkCommand(): CommandCheck;
  /** Starts it; what comes of it shows in `state` and `spawnError`. A running process only logs a warning. */
  start(cause?: Cause): void;
  /** Sends the stop signal, or leaves BACKOFF; null, or why it could not. */
  stop(cause?: Cause): string | null;
  /** Sends a signal without the intention to stop; null, or why it could not. */
  signal(signal: number): string | null;
  /** Queues bytes for its stdin; `closed` also when it has none. */
  writeStdin(bytes: Uint8Array): StdinOutcome;
  /** Removes and reopens both logs, and then calls `cleared`, within the call or later. */
  clearLogs(cleared: (outcome: ClearOutcome) => void): void;
  /** Logs that its stop is being waited for, unless it did so in the last two seconds or is not stopping. */
  reportStopping(): void;
  /**
   * Calls `listener` after every change of state and when a spawn's outcome is known, with the new state.
   * Returns the function that ends it.
   */
  onStateChange(listener: (state: ProcessState) => void): () => void;
}
