/**
 * Making a child, in two steps: what it needs is found, and, when its logs are open ({@link StartAttempt}), the pipes are made and
 * the system is asked for the child.
 *
 * Descriptors: the child's ends of the pipes are closed here in every case; the parent's ends are returned on success,
 * and closed here on failure. A shared socket stays its owner's.
 */
import type { ProcessSettings } from '../config/settings.ts';
import type { Descriptor } from '../system/descriptor.ts';
import { identityMissing } from '../system/identity-missing.ts';
import type { ChildIdentity, Errno, Pipe, System } from '../system/system.ts';
import { type CommandCheck, resolveCommand } from './command.ts';
import { childEnvironment, commandPath, type DaemonIdentity } from './environment.ts';
import type { ProcessOutput, ProcessOutputs } from './output.ts';
import type { Trouble } from './record.ts';
import type { SharedSocket } from './shared-socket.ts';
import {
  faultOf,
  forkFailed,
  pipesFailed,
  setuidFailed,
  type SpawnFailure,
  stepFailed,
} from './spawn-failure.ts';
import type { Fault } from './step.ts';

export interface SpawnContext {
  readonly groupName: string;
  readonly daemon: DaemonIdentity;
  readonly system: System;
  readonly outputs: ProcessOutputs;
  /** What the child gets as its stdin, instead of a pipe of its own; null: it gets the pipe. */
  readonly socket: SharedSocket | null;
  /** Who holds that socket from now on, also after a failure. */
  readonly holder: object;
  /** The trouble of the machine that the attempts before this one have met. */
  readonly trouble: Trouble | null;
}

/** What a child is made of, once its logs are open. */
export interface Prepared {
  readonly ok: true;
  readonly settings: ProcessSettings;
  readonly command: Extract<CommandCheck, { ok: true }>;
  /** Of the shared socket; null: it gets a pipe. */
  readonly socketFd: Descriptor | null;
}

export type SpawnFailed = { readonly ok: false; readonly message: string; readonly fault: Fault };

/** The daemon's non-blocking ends of a child's pipes, the caller's to close. */
export interface OwnEnds {
  /** Null where the child's stdin is a shared socket. */
  readonly stdin: Descriptor | null;
  readonly stdout: Descriptor;
  /** Null where it goes the way of stdout. */
  readonly stderr: Descriptor | null;
}

export type SpawnOutcome = { readonly ok: true; readonly pid: number; readonly pipes: OwnEnds } | SpawnFailed;

/** Takes the shared socket and finds the command: all that comes before the logs are opened. */
export function prepareSpawn(
  settings: ProcessSettings,
  { daemon, system, socket, holder }: Pick<SpawnContext, 'daemon' | 'system' | 'socket' | 'holder'>,
): Prepared | SpawnFailed {
  const shared = socket?.acquire(holder) ?? null;
  if (shared?.ok === false) {
    return { ok: false, message: shared.message, fault: faultOf(shared.reason) };
  }
  const command = resolveCommand(settings.command, commandPath(settings, daemon), system);
  return command.ok
    ? { ok: true, settings, command, socketFd: shared?.fd ?? null }
    : { ok: false, message: command.message, fault: 'program' };
}

export function logsFailed({ name }: ProcessSettings, errno: Errno): SpawnFailed {
  return failed(pipesFailed(name, errno));
}

export function spawnProcess({ settings, command, socketFd }: Prepared, context: SpawnContext): SpawnOutcome {
  const { daemon, system, outputs } = context;
  const identity = identityFor(settings.uid, system);
  if (!identity.ok) {
    return failedInChild(context, setuidFailed(identity.uid, identity.reason, identity.fault));
  }
  const pipes = openPipes(system, socketFd, outputs.stderr !== null);
  if (!pipes.ok) {
    return failed(pipesFailed(settings.name, pipes.errno));
  }
  const { stdin, stdout, stderr } = pipes;
  const result = system.spawn({
    file: command.file,
    argv: command.argv,
    env: childEnvironment(settings, context.groupName, daemon),
    stdio: [stdin.childFd, stdout.writeFd, (stderr ?? stdout).writeFd],
    cwd: settings.directory,
    umask: settings.umask,
    identity: identity.identity,
    leader: 'group',
  });
  closeAll(system, [stdin.pipe?.readFd, stdout.writeFd, stderr?.writeFd]);
  if (!result.ok) {
    closeAll(system, [stdin.pipe?.writeFd, stdout.readFd, stderr?.readFd]);
    if (result.stage === 'fork') {
      return failed(forkFailed(settings.name, result.errno));
    }
    const subject = {
      argv0: command.argv[0] ?? command.file,
      directory: settings.directory,
      uid: settings.uid,
    };
    return failedInChild(context, stepFailed(result.stage, result.errno, subject));
  }
  const ownEnds = {
    stdin: stdin.pipe?.writeFd ?? null,
    stdout: stdout.readFd,
    stderr: stderr?.readFd ?? null,
  };
  return { ok: true, pid: result.pid, pipes: ownEnds };
}

type Pipes =
  | { readonly ok: true; readonly stdin: Stdin; readonly stdout: Pipe; readonly stderr: Pipe | null }
  | { readonly ok: false; readonly errno: Errno };

interface Stdin {
  readonly childFd: Descriptor;
  /** Whose reading end that is; null: it is a socket. */
  readonly pipe: Pipe | null;
}

const noPipe = { ok: true, pipe: null } as const;

function openPipes(system: System, socketFd: Descriptor | null, withStderr: boolean): Pipes {
  const stdin = openStdin(system, socketFd);
  if (!stdin.ok) {
    return stdin;
  }
  const stdout = system.pipe('read');
  if (!stdout.ok) {
    closePipe(system, stdin.pipe);
    return stdout;
  }
  const stderr = withStderr ? system.pipe('read') : noPipe;
  if (!stderr.ok) {
    closePipe(system, stdin.pipe);
    closePipe(system, stdout.pipe);
    return stderr;
  }
  return { ok: true, stdin, stdout: stdout.pipe, stderr: stderr.pipe };
}

function openStdin(
  system: System,
  socketFd: Descriptor | null,
): ({ readonly ok: true } & Stdin) | { readonly ok: false; readonly errno: Errno } {
  if (socketFd !== null) {
    return { ok: true, childFd: socketFd, pipe: null };
  }
  const result = system.pipe('write');
  return result.ok ? { ok: true, childFd: result.pipe.readFd, pipe: result.pipe } : result;
}

type Identity =
  | { readonly ok: true; readonly identity: ChildIdentity | null }
  | { readonly ok: false; readonly uid: number; readonly reason: string; readonly fault: Fault };

/** The identity a child has to take on; null when it may stay the daemon's own. */
function identityFor(uid: number | null, system: System): Identity {
  if (uid === null || uid === system.ownUid()) {
    return { ok: true, identity: null };
  }
  const found = system.identityOf(uid);
  if (!found.ok) {
    return {
      ok: false,
      uid,
      reason: identityMissing(uid, found),
      fault: found.trouble === null ? 'program' : 'machine',
    };
  }
  if (system.ownUid() !== 0) {
    return { ok: false, uid, reason: "Can't drop privilege as nonroot user", fault: 'program' };
  }
  return found;
}

function failed({ message, fault }: SpawnFailure): SpawnFailed {
  return { ok: false, message, fault };
}

/** What the attempt before has written already is not written again. */
function failedInChild({ outputs, trouble }: SpawnContext, failure: SpawnFailure): SpawnFailed {
  const errorLog: ProcessOutput = outputs.stderr ?? outputs.stdout;
  if (failure.note !== null && failure.message !== trouble?.message) {
    errorLog.note(failure.note);
  }
  return failed(failure);
}

function closePipe(system: System, pipe: Pipe | null): void {
  closeAll(system, [pipe?.readFd, pipe?.writeFd]);
}

function closeAll(system: System, fds: readonly (Descriptor | undefined)[]): void {
  for (const fd of fds) {
    if (fd !== undefined) {
      system.close(fd);
    }
  }
}
