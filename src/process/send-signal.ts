import type { Errno, System } from '../system/system.ts';
import { SIGKILL } from './exit-status.ts';

/**
 * Signals a program, or with `group` its process group. Null, or the errno's name.
 *
 * A program that has moved to another process group is reached by itself: its own group may be empty then, or have only its
 * children in it, which must not save it from SIGKILL.
 */
export function sendSignal(
  system: Pick<System, 'kill'>,
  { pid, signal, group }: { readonly pid: number; readonly signal: number; readonly group: boolean },
): Errno | null {
  const errno = group ? system.kill(-pid, signal) : 'ESRCH';
  return errno === 'ESRCH' || signal === SIGKILL ? system.kill(pid, signal) : errno;
}
