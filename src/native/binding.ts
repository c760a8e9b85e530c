/**
 * What the addon in `native/` exports: system calls that Node lacks, each as thin as it can be.
 *
 * JavaScript decides, the addon obeys: nothing in it knows a program, a state or a configuration. Everything but
 * {@link Binding.lookUpIdentity} is synchronous. Unless said otherwise a number below zero is a failure, the errno
 * negated (`errnoName(-result)`), and descriptors that a call returns are the caller's to close. A wrong argument throws
 * a `TypeError`, and so does a string with a NUL character, which no system call could take.
 *
 * Texts go to the system as UTF-8. JavaScript has no strings for other bytes: what is not UTF-8 in an inherited
 * environment or path has already been replaced by U+FFFD when it gets here.
 */
export interface Binding {
  /**
   * Starts a child as if by vfork and exec; the calling thread waits until it has exec'd or failed.
   *
   * In the child, in this order: signals to their default, but for `ignoreSignals`; a group or session of its own;
   * descriptors 0, 1, 2 from `stdio`, all others closed; the limit of open files; groups, gid, uid; directory; umask;
   * signal mask cleared; exec. The real and saved uid change last of all: see child.c. The descriptors of `stdio` stay open here.
   *
   * @returns The pid, or the step that failed with its errno (positive); then no child and no zombie is left.
   */
  spawn(request: NativeSpawnRequest): number | NativeFailure;
  /** Collects children that have ended, up to so many; see reap.c for whose. Empty when there is none. */
  reap(atMost: number): NativeChild[];
  /** A close-on-exec pipe; the end that stays here is made non-blocking. */
  pipe(keepsReadEnd: boolean): NativePipe | number;
  close(fd: number): number;
  /** dup2: `to` becomes `from`, without close-on-exec. Returns `to`. */
  dupTo(from: number, to: number): number;
  /** Points each of the descriptors to /dev/null, without close-on-exec. */
  openNullOnto(fds: readonly number[]): number;
  /** Changes O_NONBLOCK of the open file description, which other processes may share. */
  setNonBlocking(fd: number, on: boolean): number;
  setCloseOnExec(fd: number, on: boolean): number;
  /** Asks for a pipe that holds so many bytes; returns how many it holds, which may be more. */
  resizePipe(fd: number, bytes: number): number;
  /** How many bytes a pipe holds. */
  pipeBytes(fd: number): number;
  /** One read into the start of the buffer: bytes, 0 at the end of the stream. */
  readAvailable(fd: number, buffer: Uint8Array): number;
  /** One write from `offset` to the end of the buffer: bytes taken. */
  writeSome(fd: number, buffer: Uint8Array, offset: number): number;
  /**
   * Waits for a descriptor in the event loop without owning it; nothing happens until {@link watchStart}. To be closed
   * before the descriptor is. The callback is called while a read (a write) would not wait, also for the end of the
   * stream and for errors, which the call then tells.
   */
  watchOpen(fd: number, callback: () => void): NativeWatch | number;
  watchStart(watch: NativeWatch, forWriting: boolean): number;
  watchStop(watch: NativeWatch): number;
  /** Idempotent. The descriptor may be closed right after. */
  watchClose(watch: NativeWatch): number;
  /** An IPv4 address of a host in dotted form, null where it has none. Looks names up and may block. */
  resolveHost(host: string): string | null;
  /** A blocking, close-on-exec TCP socket that listens, with SO_REUSEADDR; `address` is one of IPv4, in dotted form. */
  listenInet(address: string, port: number, backlog: number): number;
  /** The same on a path, which must be free; the file has `mode` from its beginning, less the umask. */
  listenUnix(path: string, mode: number, backlog: number): number;
  /** Whom a connected unix socket leads to: who they were when they began to listen, or connected. */
  peerOf(fd: number): NativePeer | number;
  /**
   * User and group look-ups go through NSS and may block; null where there is no such entry. A failure says nothing of
   * that; `-ERANGE` is an entry of more than 1 MiB.
   */
  userByName(name: string): NativeUser | null | number;
  userById(uid: number): NativeUser | null | number;
  groupByName(name: string): NativeGroup | null | number;
  groupById(gid: number): NativeGroup | null | number;
  /** Ids of every group of a user, the given primary one first. */
  groupsOfUser(name: string, primaryGid: number): number[] | number;
  /**
   * Looks up a user and its groups without blocking, however long that takes. Returns the non-blocking end of a pipe through
   * which the answer comes, as unsigned 32-bit numbers of this machine's byte order: an errno (0: found, ENOENT: no such user),
   * then the primary group, then, up to the end of the stream, all groups. The look-up goes on when the end is closed, unheard.
   */
  lookUpIdentity(uid: number): number;
  /** Changes the identity of the whole process for good: groups, then gid, then uid. Null on success. */
  setIdentity(uid: number, gid: number, groups: readonly number[]): NativeFailure | null;
  /** `Infinity` is no limit. */
  getRlimit(resource: LimitedResource): NativeLimit;
  setRlimit(resource: LimitedResource, soft: number, hard: number): number;
  /** A negative pid signals a process group. */
  kill(pid: number, signal: number): number;
  /** Sets a signal of this process to its default action or to be ignored, below Node's own handling. */
  setDisposition(signal: number, ignored: boolean): number;
  /** Whether orphaned descendants become children of this process. */
  setSubreaper(on: boolean): number;
  /** From now on, allocations of so many bytes are given back to the system as soon as they are freed (glibc). */
  mapLargeBlocks(bytes: number): number;
  /** Gives free memory back to the system (glibc). */
  trimMemory(): number;
  /** Returns the new session's id. */
  setsid(): number;
  /**
   * Replaces this process; returns only on failure. Descriptors that are not close-on-exec stay open; Node marks 0, 1
   * and 2 so at its start, so clear that first.
   */
  execve(file: string, argv: readonly string[], env: readonly string[]): number;
  /**
   * Connects a non-blocking datagram socket to a Unix socket such as /dev/log; `@name` is one in the abstract
   * namespace.
   */
  datagramOpen(path: string): number;
  /** Sends one datagram without waiting: its length, or `-EAGAIN` while the receiver is behind. */
  datagramSend(fd: number, message: Uint8Array): number;

  /**
   * The pump (pump.h): bytes from pipes into files, on threads of its own. `wakeFd` stays the pump's and becomes readable
   * when there are notes. There is one, for the rest of the process.
   */
  pumpOpen(): { readonly pump: NativePump; readonly wakeFd: number } | number;
  /** Fills `notes` with triples: the id of a file or stream, bits of {@link pumpEvents}, an errno. How many; if there are more, it wakes again. */
  pumpNotes(pump: NativePump, notes: Uint32Array): number;
  /** Waits, up to so long, until all that was pushed is written: for the end of the process. */
  pumpSettle(pump: NativePump, limitMs: number): number;
  /** Takes over a descriptor that is open for appending. */
  pumpAddFile(
    pump: NativePump,
    id: number,
    fd: number,
    device: number,
    size: number,
  ): NativePumpFile | number;
  /** Appends a copy of bytes, in order with all that is pushed; `atFront`: before everything that waits. `maxBytes` 0 is no limit. */
  pumpPush(file: NativePumpFile, bytes: Uint8Array, maxBytes: number, atFront: boolean): number;
  /** 1: nothing is written to it from now on; 0: as soon as `held` is told. */
  pumpHold(file: NativePumpFile): number;
  /**
   * A held file goes on, in another descriptor unless that is below 0; `size` below 0 is as far as known. For so long no
   * limit is told, and it is not looked whether it has a name. Returns the former descriptor, the caller's to close, or -1.
   */
  pumpGoOn(file: NativePumpFile, fd: number, size: number, noLimitForMs: number, noLookForMs: number): number;
  /** Whether `written` is told. */
  pumpFollow(file: NativePumpFile, on: boolean): number;
  pumpFacts(file: NativePumpFile): NativePumpFacts;
  /** Bytes that were pushed, or not taken by the file, and are not written yet. */
  pumpBacklog(file: NativePumpFile): number;
  /** Gives up a held file without streams; returns its descriptor, the caller's to close. */
  pumpDropFile(file: NativePumpFile): number;
  /** Takes over the non-blocking reading end of a pipe. */
  pumpAddStream(file: NativePumpFile, id: number, fd: number, maxBytes: number): NativePumpStream | number;
  /** What is in the pipe now is the rest. 1: it has ended; 0: as soon as `ended` is told. */
  pumpDrain(stream: NativePumpStream): number;
  /** No more is read. 1: so it is; 0: as soon as `parted` or `ended` is told. */
  pumpPart(stream: NativePumpStream): number;
  /** Bytes read so far. */
  pumpBytes(stream: NativePumpStream): number;
  /** Gives up a stream that has ended or parted; returns its descriptor, the caller's to close, or -1 when it has ended. */
  pumpDropStream(stream: NativePumpStream): number;
  /**
   * Goes along an absolute path, as native/paths.h says. `friends` are user ids, `links` devices and inodes in turn.
   */
  walkPath(
    path: string,
    keepsLastLink: boolean,
    friends: readonly number[],
    links: readonly number[],
    believesAll: boolean,
  ): NativeWalk;
  /** Memory of so many bytes, which jobs read into again and again. */
  blockMake(bytes: number): NativeBlock | number;
  /** The descriptor of this process that an absolute path stands for, links followed; -1: none. See native/own-descriptor.h. */
  ownDescriptor(path: string, friends: readonly number[], links: readonly number[]): number;
  /** Where answers of jobs wait; `fd` becomes readable when there are some, and is the inbox's own. */
  inboxOpen(): NativeInbox | number;
  /** All answers that have come, in the order in which the jobs have finished. */
  inboxTake(inbox: NativeInboxHandle): NativeFileAnswer[];
  /** Has a thread carry out a job, without waiting for it; see native/jobs.h for which jobs wait for which. */
  fileJobStart(inbox: NativeInboxHandle, request: NativeFileRequest): number;
  /** For how many milliseconds the job of a domain has been running that does so longest; -1: none is. */
  jobsRunningMs(domain: number): number;
  /** How many threads there are for jobs. */
  jobThreads(): number;
}

/** As `enum pump_event` of pump.h, which says what each means. */
export const pumpEvents = {
  sizeReached: 1,
  failed: 2,
  removed: 4,
  held: 8,
  written: 16,
  empty: 32,
  ended: 64,
  parted: 128,
} as const;

declare const pumpBrand: unique symbol;
/** Known only to the addon. */
export interface NativePump {
  readonly [pumpBrand]: 'pump';
}
export interface NativePumpFile {
  readonly [pumpBrand]: 'file';
}
export interface NativePumpStream {
  readonly [pumpBrand]: 'stream';
}

export interface NativePumpFacts {
  /** As far as known. */
  readonly size: number;
  /** What of it was there when the file was last seen to have a name. */
  readonly seen: number;
  /** The limit that `sizeReached` was told for. */
  readonly reached: number;
  /** How long its lane has been in one call on a file; 0: it is in none. */
  readonly busyForMs: number;
}

export interface NativeSpawnRequest {
  readonly file: string;
  readonly argv: readonly string[];
  /** `KEY=value` entries. */
  readonly env: readonly string[];
  readonly stdio: readonly [number, number, number];
  readonly cwd: string | null;
  readonly umask: number | null;
  readonly identity: {
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
  } | null;
  /** A session of its own, not only a process group. */
  readonly newSession: boolean;
  /** Numbers of the signals that the child starts with ignored. */
  readonly ignoreSignals: readonly number[];
  /** The child's limit of open files; null: as this process. */
  readonly nofile: NativeLimit | null;
  /**
   * How long the child may take until it has exec'd, in milliseconds. One that takes longer, on a file system that
   * does not answer or stopped by another process of its user, is killed, and the failure is ETIMEDOUT.
   */
  readonly limitMs: number;
}

export interface NativeFailure {
  readonly stage: NativeStage;
  readonly errno: number;
}

export type NativeStage =
  'fork' | 'leader' | 'stdio' | 'limits' | 'groups' | 'gid' | 'uid' | 'chdir' | 'umask' | 'exec';

export type NativeChild =
  | { readonly pid: number; readonly code: number }
  | { readonly pid: number; readonly signal: number; readonly coreDumped: boolean };

declare const watchBrand: unique symbol;
/** Known only to the addon. */
export interface NativeWatch {
  readonly [watchBrand]: true;
}

export interface NativePipe {
  readonly readFd: number;
  readonly writeFd: number;
}

export interface NativePeer {
  /** 0: outside the pid namespace of this process. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export interface NativeUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface NativeGroup {
  readonly name: string;
  readonly gid: number;
}

export type LimitedResource = 'NOFILE' | 'NPROC';

export interface NativeLimit {
  readonly soft: number;
  readonly hard: number;
}

/** What statx tells. */
export interface NativeSeen {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
}

export interface NativePlace {
  /** Of the directory, the caller's; null: that is used by its path. */
  readonly fd: number | null;
  readonly directory: string;
  readonly name: string;
  /** The directory, if others can write it. */
  readonly openDirectory: NativeSeen | null;
  readonly found: NativeSeen | null;
  readonly link: { readonly target: string; readonly isOurs: boolean } | null;
}

export interface NativeWalk {
  /** 0, an errno, or a sentence that says why the path is not safe to use. */
  readonly error: number | string;
  /** Null: there is an error. */
  readonly place: NativePlace | null;
  /** Devices and inodes, in turn, of links that were followed only since they are believed. */
  readonly believed: readonly number[];
}

declare const inboxBrand: unique symbol;
/** Known only to the addon, which frees it when nobody holds it any more. */
export interface NativeInboxHandle {
  readonly [inboxBrand]: true;
}

export interface NativeInbox {
  readonly handle: NativeInboxHandle;
  readonly fd: number;
}

declare const blockBrand: unique symbol;
/** Known only to the addon. */
export interface NativeBlockHandle {
  readonly [blockBrand]: true;
}

/** A job that is under way keeps the memory, whoever else has let go of it. */
export interface NativeBlock {
  readonly handle: NativeBlockHandle;
  readonly bytes: Uint8Array;
}

/** What is not given is 0 or false. */
export interface NativeFileRequest {
  /** Comes back with the answer; below 2^32. */
  readonly id: number;
  /** Index of `jobKinds`. */
  readonly kind: number;
  /** At most so many jobs of one domain run at a time: a number for a file system. */
  readonly domain: number;
  /** Absolute. */
  readonly path: string;
  readonly friends: readonly number[];
  readonly links: readonly number[];
  readonly fd?: number;
  readonly mode?: number;
  readonly maxBytes?: number;
  readonly backups?: number;
  readonly position?: number;
  readonly length?: number;
  /** For jobs that read what is open: where to, at most as much as it holds. The answer's `bytes` are null then. */
  readonly block?: NativeBlockHandle;
  readonly onlyIfOther?: boolean;
  readonly keepsOpen?: boolean;
  readonly takesPresent?: boolean;
}

export interface NativeFileAnswer {
  readonly id: number;
  /** Index of `jobOutcomes`. */
  readonly outcome: number;
  /** An errno, 0 for none, or why a path is not safe to use. */
  readonly error: number | string;
  /** The caller's. */
  readonly fd: number | null;
  readonly facts: NativeFileFacts | null;
  readonly nextFacts: NativeFileFacts | null;
  readonly isThere: boolean;
  readonly start: number;
  readonly bytes: Uint8Array | null;
  /** Of what was read. */
  readonly length: number;
  /** The descriptor of this process that the path stands for. */
  readonly own: number | null;
  /** Devices and inodes in turn. */
  readonly links: readonly number[] | null;
}

export interface NativeFileFacts {
  readonly kind: 'file' | 'fifo' | 'socket' | 'tty' | 'device' | 'directory' | 'other';
  readonly sizeBytes: number;
  readonly device: number;
  readonly inode: number;
  readonly links: number;
}
