/**
 * Exit statuses of supervisorctl: those of LSB init scripts, irregularities included.
 *
 * Source: Linux Standard Base, "Init Script Actions"; which command ends with which is the original's behaviour.
 */
export const exitStatuses = {
  success: 0,
  generic: 1,
  invalidArguments: 2,
  unimplementedFeature: 3,
  insufficientPrivileges: 4,
  notInstalled: 5,
  notRunning: 7,
  /** Not of LSB: what timeout(1) ends with. */
  timedOut: 124,
} as const;

/** Of the `status` command, which LSB numbers differently. */
export const statusExitStatuses = {
  notRunning: 3,
  unknown: 4,
} as const;
