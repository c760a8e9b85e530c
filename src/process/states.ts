/**
 * The states of a process and of the daemon, with the numbers the API reports.
 *
 * Source: Supervisor manual, "Subprocess" / "Process States", and the API's `getState`.
 */

/** Numeric codes as XML-RPC clients see them. */
export const processStateCodes = {
  STOPPED: 0,
  STARTING: 10,
  RUNNING: 20,
  BACKOFF: 30,
  STOPPING: 40,
  EXITED: 100,
  FATAL: 200,
  UNKNOWN: 1000,
} as const;

export type ProcessState = keyof typeof processStateCodes;

/** States in which nothing runs and nothing will by itself, as `stop` and `remove` see it. */
export const stoppedStates: ReadonlySet<ProcessState> = new Set(['STOPPED', 'EXITED', 'FATAL', 'UNKNOWN']);

/** States that `start` answers with ALREADY_STARTED. */
export const runningStates: ReadonlySet<ProcessState> = new Set(['RUNNING', 'BACKOFF', 'STARTING']);

/** States in which `signal` finds somebody to signal. */
export const signallableStates: ReadonlySet<ProcessState> = new Set(['RUNNING', 'STARTING', 'STOPPING']);

/** The daemon's own state, as `getState` reports it. */
export const supervisorStateCodes = {
  FATAL: 2,
  RUNNING: 1,
  RESTARTING: 0,
  SHUTDOWN: -1,
} as const;

export type SupervisorState = keyof typeof supervisorStateCodes;
