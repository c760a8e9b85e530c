/**
 * What the process-handling parts may ask of the operating system, as a bare list.
 *
 * `NodeSystem` answers with real system calls (through the addon), `FakeSystem` with a scripted world,
 * so that every path of the parts above can be tested without a process.
 * All calls but {@link System.renewIdentity} are synchronous, and none throws for an expected failure: those are values.
 */

import type { Descriptor } from './descriptor.ts';
import type { Errno } from './errno.ts';

export type { Errno } from './errno.ts';

/** The identity a child takes on before exec; resolved beforehand, the child looks nothing up. */
export interface ChildIdentity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, the primary group included. */
  readonly groups: readonly number[];
}

export type IdentityResult =
  | { readonly ok: true; readonly identity: ChildIdentity }
  /** Null: the user database has no such user. Else why that cannot be told: an errno's name, or a sentence. */
  | { readonly ok: false; readonly trouble: string | null };

/** Everything one `spawn` needs. Descriptors stay owned by the caller, which closes its copies. */
export interface SpawnRequest {
  /** Path handed to `execve`, already resolved against PATH. */
  readonly file: string;
  /** The whole argument vector, `argv[0]` included. */
  readonly argv: readonly string[];
  /** The complete environment as `KEY=value` entries. */
  readonly env: readonly string[];
  /** Descriptors that become the child's 0, 1 and 2; the child has no others. */
  readonly stdio: readonly [Descriptor, Descriptor, Descriptor];
  readonly cwd: string | null;
  /** File mode creation mask as a number, or null to inherit. */
  readonly umask: number | null;
  readonly identity: ChildIdentity | null;
  /** `group`: a process group of its own in the same session; `session`: a session of its own. */
  readonly leader: 'group' | 'session';
  /** Numbers of the signals the child starts with ignored; by default those that the original's children do. */
  readonly ignoreSignals?: readonly number[];
}

/** The step of starting a child that failed; `exec` is the last. */
export type SpawnStage =
  'fork' | 'leader' | 'stdio' | 'groups' | 'gid' | 'uid' | 'chdir' | 'umask' | 'limits' | 'exec';

export type SpawnResult =
  | { readonly ok: true; readonly pid: number }
  | { readonly ok: false; readonly stage: SpawnStage; readonly errno: Errno };

/** How a child ended, as `waitpid` tells it. */
export type ExitStatus =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: number; readonly coreDumped: boolean };

export interface ReapedChild {
  readonly pid: number;
  readonly status: ExitStatus;
}

/** A pipe; both ends are close-on-exec, the end named by {@link System.pipe} is non-blocking. */
export interface Pipe {
  readonly readFd: Descriptor;
  readonly writeFd: Descriptor;
}

export type PipeResult =
  { readonly ok: true; readonly pipe: Pipe } | { readonly ok: false; readonly errno: Errno };

/** Where a socket is to listen. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'unix';
      readonly path: string;
      readonly mode: number;
      /** User and group id; null: the daemon's own. */
      readonly owner: readonly [number, number] | null;
    };

export type ListenResult =
  | { readonly ok: true; readonly fd: Descriptor }
  /** `reason` is an errno's name, or a sentence about what is in the way. */
  | { readonly ok: false; readonly reason: string };

/** What `stat` and `access` say of a file that is about to be executed. */
export interface ExecutableInfo {
  readonly isDirectory: boolean;
  /** Any of the three execute bits is set. */
  readonly hasExecuteBit: boolean;
  /** `access(X_OK)` succeeds for the daemon itself. */
  readonly mayExecute: boolean;
}

export interface System {
  /** `parentEnd` is the end that stays here and is made non-blocking. */
  pipe(parentEnd: 'read' | 'write'): PipeResult;
  /** Closes a descriptor; an already closed one is ignored. */
  close(fd: Descriptor): void;
  /**
   * Opens a socket for children to accept on: blocking, and close-on-exec here. A socket file that is at the path is
   * replaced; closing the descriptor leaves it there.
   *
   * @param backlog connections that may wait; null: as many as the system allows.
   */
  listen(address: ListenAddress, backlog: number | null): ListenResult;
  spawn(request: SpawnRequest): SpawnResult;
  /** Signals a process, or with a negative pid a process group. Returns null, or the errno's name. */
  kill(pid: number, signal: number): Errno | null;
  /** Collects children that have ended, up to so many. The pid of one that is not collected yet stays taken. */
  reap(atMost: number): readonly ReapedChild[];
  /** Null when there is no such file. */
  executableInfo(path: string): ExecutableInfo | null;
  /** The identity of a user by number with its groups, as far as it is known. Asks nobody. */
  identityOf(uid: number): IdentityResult;
  /**
   * Has a user looked up again, beside the event loop. True: `proceed` is called once, as soon as {@link identityOf} is up to
   * date or that takes too long; false: there is nothing to wait for.
   */
  renewIdentity(uid: number, proceed: () => void): boolean;
  /** The daemon's own effective user id. */
  ownUid(): number;
}
