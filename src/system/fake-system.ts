import { Descriptor } from './descriptor.ts';
import type {
  ChildIdentity,
  Errno,
  ExecutableInfo,
  IdentityResult,
  ExitStatus,
  ListenAddress,
  ListenResult,
  PipeResult,
  ReapedChild,
  SpawnRequest,
  SpawnResult,
  System,
} from './system.ts';

const firstFd = 101;

/** A scripted operating system for tests: children are numbers, and end when the test says so. */
export class FakeSystem implements System {
  readonly files = new Map<string, ExecutableInfo>();
  readonly users = new Map<number, ChildIdentity>();
  readonly spawned: SpawnRequest[] = [];
  /** The numbers of each child's stdin, stdout and stderr. */
  readonly spawnedFds: number[][] = [];
  readonly kills: { readonly pid: number; readonly signal: number }[] = [];
  readonly listened: ListenAddress[] = [];
  /** Which descriptor holds a number now; a number is given out again as soon as it is free. */
  readonly #holders = new Map<number, Descriptor>();
  uid = 0;
  /** Why users that are not in {@link users} cannot be looked up; null: they do not exist. */
  lookupTrouble: string | null = null;
  /** Users are only looked up by {@link answerLookups}. */
  lookupsTakeTime = false;
  /** What the next calls answer instead of succeeding. */
  nextPipeErrno: Errno | null = null;
  nextListenFailure: string | null = null;
  nextSpawnFailure: Extract<SpawnResult, { ok: false }> | null = null;
  nextKillErrno: Errno | null = null;
  readonly #lookups: (() => void)[] = [];
  readonly #ended: ReapedChild[] = [];
  #nextPid = 1000;

  addExecutable(path: string, info: Partial<ExecutableInfo> = {}): void {
    this.files.set(path, { isDirectory: false, hasExecuteBit: true, mayExecute: true, ...info });
  }

  /** Ends a child; the next {@link reap} reports it. */
  end(pid: number, status: ExitStatus): void {
    this.#ended.push({ pid, status });
  }

  pipe(): PipeResult {
    if (this.nextPipeErrno !== null) {
      const errno = this.nextPipeErrno;
      this.nextPipeErrno = null;
      return { ok: false, errno };
    }
    return { ok: true, pipe: { readFd: this.#open(), writeFd: this.#open() } };
  }

  close(fd: Descriptor): void {
    const number = fd.release();
    if (number !== null) {
      this.#use(number, fd);
      this.#holders.delete(number);
    }
  }

  listen(address: ListenAddress): ListenResult {
    this.listened.push(address);
    if (this.nextListenFailure !== null) {
      const reason = this.nextListenFailure;
      this.nextListenFailure = null;
      return { ok: false, reason };
    }
    return { ok: true, fd: this.#open() };
  }

  spawn(request: SpawnRequest): SpawnResult {
    request.stdio.forEach((fd) => this.#use(fd.number, fd));
    this.spawnedFds.push(request.stdio.map((fd) => fd.number));
    this.spawned.push(request);
    if (this.nextSpawnFailure !== null) {
      const failure = this.nextSpawnFailure;
      this.nextSpawnFailure = null;
      return failure;
    }
    this.#nextPid += 1;
    return { ok: true, pid: this.#nextPid };
  }

  kill(pid: number, signal: number): Errno | null {
    this.kills.push({ pid, signal });
    const errno = this.nextKillErrno;
    this.nextKillErrno = null;
    return errno;
  }

  reap(atMost: number): readonly ReapedChild[] {
    return this.#ended.splice(0, atMost);
  }

  executableInfo(path: string): ExecutableInfo | null {
    return this.files.get(path) ?? null;
  }

  identityOf(uid: number): IdentityResult {
    const identity = this.users.get(uid);
    return identity === undefined ? { ok: false, trouble: this.lookupTrouble } : { ok: true, identity };
  }

  renewIdentity(_uid: number, proceed: () => void): boolean {
    if (this.lookupsTakeTime) {
      this.#lookups.push(proceed);
    }
    return this.lookupsTakeTime;
  }

  /** The name service answers what it has been asked. */
  answerLookups(): void {
    this.#lookups.splice(0).forEach((proceed) => proceed());
  }

  ownUid(): number {
    return this.uid;
  }

  get openFds(): ReadonlySet<number> {
    return new Set(this.#holders.keys());
  }

  #open(): Descriptor {
    let number = firstFd;
    while (this.#holders.has(number)) {
      number += 1;
    }
    const fd = new Descriptor(number);
    this.#holders.set(number, fd);
    return fd;
  }

  /** Fails when the number is not open, or open for somebody else. */
  #use(number: number, fd: Descriptor): void {
    if (this.#holders.get(number) !== fd) {
      throw new Error(`descriptor ${number} is used by who does not hold it`);
    }
  }
}
