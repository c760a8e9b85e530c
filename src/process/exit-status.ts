/**
 * How the end of a process is put into numbers and words.
 *
 * Source: the activity log and API of Supervisor 4.
 */
import { constants } from 'node:os';
import { signalName } from '../config/signals.ts';
import type { ExitStatus } from '../system/system.ts';

export const SIGKILL: number = constants.signals.SIGKILL;

/** The exit code, or -1 when a signal ended the process. */
export function exitCodeOf(status: ExitStatus): number {
  return status.kind === 'exited' ? status.code : -1;
}

/** `exit status 1`, `terminated by SIGKILL`, `terminated by SIGSEGV (core dumped)`. */
export function describeExit(status: ExitStatus): string {
  if (status.kind === 'exited') {
    return `exit status ${status.code}`;
  }
  return `terminated by ${signalName(status.signal)}${status.coreDumped ? ' (core dumped)' : ''}`;
}
