/**
 * The operating system as it is: {@link System} by way of the addon.
 *
 * One of these per process, since `reap` collects any child there is.
 */
import fs from 'node:fs';
import os from 'node:os';
import type { Binding, NativeChild, NativeLimit } from '../native/binding.ts';
import { descriptorCalls } from '../native/descriptors.ts';
import { errnoName, failureOf } from '../native/errno.ts';
import type { Clock } from './clock.ts';
import { Descriptor, descriptorIo } from './descriptor.ts';
import { DescriptorReserve, openNull } from './descriptor-reserve.ts';
import { Identities } from './identities.ts';
import { askIdentity, askIdentityLater } from './identity-lookup.ts';
import { openListeningSocket } from './listen.ts';
import type {
  Errno,
  ExecutableInfo,
  IdentityResult,
  ListenAddress,
  ListenResult,
  PipeResult,
  ReapedChild,
  SpawnRequest,
  SpawnResult,
  System,
} from './system.ts';

/**
 * Signals that children start with ignored.
 *
 * Compat: the original's children inherit these from Python. Source: `[ran]` B7.14.
 */
const ignoredInChildren: readonly number[] = [os.constants.signals.SIGPIPE, os.constants.signals.SIGXFSZ];

/**
 * How long starting one child may hold the daemon. Long enough for a machine out of breath, and far beyond the
 * fraction of a millisecond it takes; without an end, one dead network file system would stop everything.
 */
const spawnLimitMs = 10_000;

/**
 * Descriptors below the limit that pipes leave free, so that the daemon can still take connections and read its
 * configuration when programs have used up the rest. Descriptors are given out lowest first.
 */
const keptFree = 12;

const anyExecuteBit = 0o111;

export class NodeSystem implements System {
  readonly #binding: Binding;
  readonly #identities: Identities;
  readonly #reserve: DescriptorReserve;
  #childNofile: NativeLimit | null = null;

  constructor(binding: Binding, clock: Clock) {
    this.#binding = binding;
    const io = descriptorIo(descriptorCalls(binding));
    const source = {
      ask: (uid: number) => askIdentity(binding, uid),
      askLater: (uid: number, answered: (result: IdentityResult) => void) =>
        askIdentityLater(binding, io, uid, answered),
    };
    this.#identities = new Identities(source, clock);
    this.#reserve = new DescriptorReserve({ open: () => this.#openSpare(), close: (fd) => this.#close(fd) });
  }

  /**
   * The limit of open files that children get; null: this process's own, which Node raised at its start as far as it
   * could.
   */
  limitChildFiles(limit: NativeLimit | null): void {
    this.#childNofile = limit;
  }

  /** Holds descriptors that only pipes get; without that clients could take them all. */
  keepReserve(size: number): void {
    this.#reserve.resize(size);
  }

  pipe(parentEnd: 'read' | 'write'): PipeResult {
    const result = this.#openPipe(parentEnd);
    return !result.ok && result.errno === 'EMFILE' && this.#reserve.release()
      ? this.#openPipe(parentEnd)
      : result;
  }

  #openPipe(parentEnd: 'read' | 'write'): PipeResult {
    const pipe = this.#binding.pipe(parentEnd === 'read');
    if (typeof pipe === 'number') {
      return { ok: false, errno: errnoName(-pipe) };
    }
    const readFd = new Descriptor(pipe.readFd);
    const writeFd = new Descriptor(pipe.writeFd);
    if (this.#isKeptFree(readFd) || this.#isKeptFree(writeFd)) {
      this.#close(readFd);
      this.#close(writeFd);
      return { ok: false, errno: 'EMFILE' };
    }
    return { ok: true, pipe: { readFd, writeFd } };
  }

  #isKeptFree(fd: Descriptor): boolean {
    return fd.number >= this.#binding.getRlimit('NOFILE').soft - keptFree;
  }

  #openSpare(): Descriptor | null {
    const fd = openNull();
    if (fd !== null && this.#isKeptFree(fd)) {
      this.#close(fd);
      return null;
    }
    return fd;
  }

  close(fd: Descriptor): void {
    this.#close(fd);
    this.#reserve.refill();
  }

  #close(fd: Descriptor): void {
    const number = fd.release();
    if (number !== null) {
      this.#binding.close(number);
    }
  }

  listen(address: ListenAddress, backlog: number | null): ListenResult {
    return openListeningSocket(this.#binding, address, backlog);
  }

  spawn(request: SpawnRequest): SpawnResult {
    const { leader, ignoreSignals, stdio, ...rest } = request;
    const result = this.#binding.spawn({
      ...rest,
      stdio: [stdio[0].number, stdio[1].number, stdio[2].number],
      newSession: leader === 'session',
      ignoreSignals: ignoreSignals ?? ignoredInChildren,
      nofile: this.#childNofile,
      limitMs: spawnLimitMs,
    });
    return typeof result === 'number'
      ? { ok: true, pid: result }
      : { ok: false, stage: result.stage, errno: errnoName(result.errno) };
  }

  kill(pid: number, signal: number): Errno | null {
    return failureOf(this.#binding.kill(pid, signal));
  }

  /** Whoever collects one child after the other has closed the pipes of the one before by now. */
  reap(atMost: number): readonly ReapedChild[] {
    this.#reserve.refill();
    return this.#binding.reap(atMost).map(reapedChild);
  }

  executableInfo(path: string): ExecutableInfo | null {
    const stats = statOrNull(path);
    return (
      stats && {
        isDirectory: stats.isDirectory(),
        hasExecuteBit: (stats.mode & anyExecuteBit) !== 0,
        mayExecute: mayExecute(path),
      }
    );
  }

  /** Looks users up, for as long as that takes, so that {@link identityOf} knows them. */
  learnIdentities(uids: ReadonlySet<number>): void {
    this.#identities.learn(uids);
  }

  identityOf(uid: number): IdentityResult {
    return this.#identities.of(uid);
  }

  renewIdentity(uid: number, proceed: () => void): boolean {
    return this.#identities.renew(uid, proceed);
  }

  ownUid(): number {
    return process.geteuid?.() ?? 0;
  }
}

function reapedChild(child: NativeChild): ReapedChild {
  return 'code' in child
    ? { pid: child.pid, status: { kind: 'exited', code: child.code } }
    : {
        pid: child.pid,
        status: { kind: 'signaled', signal: child.signal, coreDumped: child.coreDumped },
      };
}

/** A path that cannot be looked at is no file to execute, whatever the reason. */
function statOrNull(path: string): fs.Stats | null {
  try {
    return fs.statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function mayExecute(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
