/**
 * How the end of a process is put into numbers and words.
 *
 * Source: the activity log and API of Supervisor 4.
 */
import { constants } from 'node:os';
import type { ExitStatus } from '../system/system.ts';

export const SIGKILL: number = constants.signals.SIGKILL;

/** Compat: the names the original prints where a number has two, or where Node knows none. */
const namesOfTheOriginal: readonly (readonly [number, string])[] = [
  [6, 'SIGABRT'],
  [29, 'SIGPOLL'],
  [34, 'SIGRTMIN'],
  [64, 'SIGRTMAX'],
];

const namesByNumber: ReadonlyMap<number, string> = new Map([
  ...Object.entries(constants.signals).map(([name, number]) => [number, name] as const),
  ...namesOfTheOriginal,
]);

/** `SIGTERM` for 15; `signal 40` for a number without a name. */
export function signalName(signal: number): string {
  return namesByNumber.get(signal) ?? `signal ${signal}`;
}

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
