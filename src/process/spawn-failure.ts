/**
 * Why a program could not be started, in the original's words.
 *
 * Source: Supervisor's activity log and `spawnerr`. Compat: what fails between fork and exec is worded as the line
 * that the original's child writes to its stderr; here it is the spawn error as well (see `docs/differences.md`).
 */
import type { Errno, SpawnStage } from '../system/system.ts';

export interface SpawnFailure {
  /** What `status` shows. */
  readonly message: string;
  /** What is written to the program's own log; null when it never came to a child. */
  readonly note: string | null;
}

export function pipesFailed(processName: string, errno: Errno): SpawnFailure {
  return withoutChild(
    errno === 'EMFILE'
      ? `too many open files to spawn '${processName}'`
      : `unknown error making dispatchers for '${processName}': ${errno}`,
  );
}

export function forkFailed(processName: string, errno: Errno): SpawnFailure {
  return withoutChild(
    errno === 'EAGAIN'
      ? `Too many processes in process table to spawn '${processName}'`
      : `unknown error during fork for '${processName}': ${errno}`,
  );
}

export function setuidFailed(uid: number, reason: string): SpawnFailure {
  return inChild(`couldn't setuid to ${uid}: ${reason}`);
}

/** A step between fork and exec that failed. */
export function stepFailed(
  stage: Exclude<SpawnStage, 'fork'>,
  errno: Errno,
  subject: { readonly argv0: string; readonly directory: string | null; readonly uid: number | null },
): SpawnFailure {
  switch (stage) {
    case 'chdir':
      return inChild(`couldn't chdir to ${subject.directory}: ${errno}`);
    case 'groups':
      return setuidFailed(subject.uid ?? 0, 'Could not set groups of effective user');
    case 'gid':
      return setuidFailed(subject.uid ?? 0, 'Could not set group id of effective user');
    case 'uid':
      return setuidFailed(subject.uid ?? 0, errno);
    case 'exec':
      return inChild(`couldn't exec ${subject.argv0}: ${errno}`);
    case 'leader':
    case 'stdio':
    case 'umask':
    case 'limits':
      return inChild(`couldn't prepare ${subject.argv0} (${stage}): ${errno}`);
  }
}

function withoutChild(message: string): SpawnFailure {
  return { message, note: null };
}

function inChild(message: string): SpawnFailure {
  return { message, note: `supervisor: ${message}\nsupervisor: child process was not spawned\n` };
}
