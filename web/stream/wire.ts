/** What the JSON API sends, as far as the dashboard reads it. Source: docs/api.md; `GET api/v1/openapi.json`. */

export type StateName =
  'STOPPED' | 'STARTING' | 'RUNNING' | 'BACKOFF' | 'STOPPING' | 'EXITED' | 'FATAL' | 'UNKNOWN';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly coreDumped: boolean;
  readonly expected: boolean;
  readonly atMs: number;
}

export interface ProcessView {
  /** Namespec: `group:process`, or one name when both are equal. */
  readonly name: string;
  readonly group: string;
  readonly process: string;
  readonly kind: 'program' | 'fcgi-program' | 'eventlistener';
  readonly state: StateName;
  readonly description: string;
  readonly pid: number | null;
  readonly startedAtMs: number | null;
  readonly stoppedAtMs: number | null;
  readonly spawnError: string | null;
  readonly exit: ProcessExit | null;
  /** Starts that nobody asked for, since the daemon started. */
  readonly restarts: number;
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  readonly logs: { readonly stdout: string | null; readonly stderr: string | null };
  /** Since when its output has been kept waiting by the place where it goes; null: it is not. */
  readonly logBlockedSinceMs: number | null;
  /** Whether something could be sent now. */
  readonly acceptsStdin: boolean;
  readonly autostart: boolean;
  readonly command: string;
  readonly priority: number;
}

export interface ProcessList {
  readonly nowMs: number;
  readonly lastEventId: string | number;
  readonly processes: readonly ProcessView[];
}

export interface DaemonView {
  readonly identifier: string;
  readonly version: string;
  readonly pid: number;
  readonly state: { readonly code: number; readonly name: string };
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly hostname: string;
  readonly activityLog: string | null;
  readonly cpuCount: number;
}

export interface SessionView {
  readonly authenticated: boolean;
  /** Whether the server asks for a user and password. */
  readonly required: boolean;
  readonly user: string | null;
  /** To be sent with every action. */
  readonly token: string | null;
}

export interface LogPage {
  readonly text: string;
  /** Bytes of the file that `text` is. */
  readonly offset: number;
  readonly end: number;
  readonly size: number;
}

export type LogStream = 'stdout' | 'stderr';

/** A piece of a log as it was written. */
export interface LogPiece {
  readonly name: string;
  readonly stream: LogStream;
  readonly offset: number;
  readonly end: number;
  readonly text: string;
  /** The file was replaced by a new one before this piece. */
  readonly rotated?: boolean;
  /** The file was emptied before this piece. */
  readonly truncated?: boolean;
}

export interface Cause {
  readonly interface: string | null;
  readonly user: string | null;
  readonly action: string | null;
}

export interface StateChange {
  readonly atMs: number;
  readonly from: StateName | null;
  readonly to: StateName;
  readonly pid: number | null;
  readonly exit: ProcessExit | null;
  readonly cause: Cause | null;
}

export interface TimelineEntry {
  /** Grows. */
  readonly id: number;
  readonly atMs: number;
  readonly kind: 'state' | 'action' | 'group' | 'daemon';
  readonly process: string | null;
  readonly text: string;
  readonly from?: StateName | null;
  readonly to?: StateName | null;
  readonly interface?: string | null;
  readonly user?: string | null;
}

export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly fault: string | null;
  readonly detail: string;
}

export interface SettingView {
  readonly value: unknown;
  readonly file: string | null;
  readonly line: number | null;
}

export interface ProcessConfig {
  readonly settings: Readonly<Record<string, SettingView>>;
}

/** `groups`: whole groups, as `supervisorctl update` does; `minimal`: only what has to be. */
export type UpdateMode = 'groups' | 'minimal';

/** Values are texts as a configuration file has them, null where there is none. */
export interface PlannedOption {
  readonly option: string;
  /** Of the environment. */
  readonly variable?: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

export interface PlannedProcess {
  readonly name: string;
  readonly action: 'start' | 'stop' | 'restart' | 'keep';
  readonly options: readonly PlannedOption[];
}

export interface PlannedGroup {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly options: readonly PlannedOption[];
  readonly processes: readonly PlannedProcess[];
}

export interface UpdatePlan {
  readonly groups: readonly PlannedGroup[];
}

/** What was done to a group or process. */
export interface UpdateOutcome {
  readonly group: string;
  readonly process?: string;
  readonly done: string;
  readonly problem?: string | null;
}

/** Time in ms, cpu in percent of one core, memory in bytes. */
export type Sample = readonly [atMs: number, cpuPercent: number | null, memoryBytes: number | null];

export interface StatisticsTick {
  readonly atMs: number;
  readonly values: Readonly<Record<string, readonly [cpuPercent: number | null, memoryBytes: number | null]>>;
}

export interface ActivityLine {
  readonly atMs: number;
  readonly level: string;
  readonly message: string;
}

/** Events of the stream by name, and what each carries. */
export interface StreamEvents {
  readonly process: ProcessView;
  readonly removed: { readonly name: string };
  readonly statistics: StatisticsTick;
  readonly log: LogPiece;
  readonly activity: ActivityLine;
  readonly timeline: TimelineEntry;
  readonly daemon: { readonly state: { readonly code: number; readonly name: string } };
  readonly reset: unknown;
}
