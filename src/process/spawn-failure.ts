/**
 * Why a program could not be started, in the original's words.
 *
 * Source: Supervisor's activity log and `spawnerr`. Compat: what fails between fork and exec is worded as the line
 * that the original's child writes to its stderr; here it is the spawn error as well (see `docs/differences.md`).
 */
import type { Errno, SpawnStage } from '../system/system.ts';
import type { Fault } from './step.ts';

export interface SpawnFailure {
  /** What `status` shows. */
  readonly message: string;
  /** What is written to the program's own log; null when it never came to a child. */
  readonly note: string | null;
  readonly fault: Fault;
}

/**
 * What says nothing of the program: no descriptor, process or memory is left, for this process, its user, its cgroup or the
 * whole machine. Also of a child on its way to exec, which is told so when its user has too many processes.
 */
const outOfRoom: ReadonlySet<Errno> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'ENOSPC']);

export function faultOf(errno: Errno): Fault {
  return outOfRoom.has(errno) ? 'machine' : 'program';
}

export function pipesFailed(processName: string, errno: Errno): SpawnFailure {
  return withoutChild(
    errno === 'EMFILE'
      ? `too many open files to spawn '${processName}'`
      : `unknown error making dispatchers for '${processName}': ${errno}`,
    faultOf(errno),
  );
}

export function forkFailed(processName: string, errno: Errno): SpawnFailure {
  return withoutChild(
    errno === 'EAGAIN'
      ? `Too many processes in process table to spawn '${processName}'`
      : `unknown error during fork for '${processName}': ${errno}`,
    faultOf(errno),
  );
}

export function setuidFailed(uid: number, reason: string, fault: Fault): SpawnFailure {
  return inChild(`couldn't setuid to ${uid}: ${reason}`, fault);
}

/** A step between fork and exec that failed. */
export function stepFailed(
  stage: Exclude<SpawnStage, 'fork'>,
  errno: Errno,
  subject: { readonly argv0: string; readonly directory: string | null; readonly uid: number | null },
): SpawnFailure {
  const fault = faultOf(errno);
  const uid = subject.uid ?? 0;
  switch (stage) {
    case 'chdir':
      return inChild(`couldn't chdir to ${subject.directory}: ${errno}`, fault);
    case 'groups':
      return setuidFailed(uid, 'Could not set groups of effective user', fault);
    case 'gid':
      return setuidFailed(uid, 'Could not set group id of effective user', fault);
    case 'uid':
      return setuidFailed(uid, errno, fault);
    case 'exec':
      return inChild(`couldn't exec ${subject.argv0}: ${errno}`, fault);
    case 'leader':
    case 'stdio':
    case 'umask':
    case 'limits':
      return inChild(`couldn't prepare ${subject.argv0} (${stage}): ${errno}`, fault);
  }
}

function withoutChild(message: string, fault: Fault): SpawnFailure {
  return { message, note: null, fault };
}

function inChild(message: string, fault: Fault): SpawnFailure {
  return { message, note: `supervisor: ${message}\nsupervisor: child process was not spawned\n`, fault };
}
