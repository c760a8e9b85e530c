import { chmodSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Binding, NativeSpawnRequest } from '../native/binding.ts';
import { loadBinding } from '../native/index.ts';
import { Descriptor } from './descriptor.ts';
import { NodeClock } from './node-clock.ts';
import { NodeSystem } from './node-system.ts';
import type { SpawnRequest } from './system.ts';

const { EIO, EMFILE, ENOENT, ERANGE, ESRCH } = os.constants.errno;
const nobodysUid = 3_999_999_999;
const rootFound = { ok: true, identity: { uid: 0, gid: 0, groups: [0] } };
const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The real addon with some of its answers replaced: starting and reaping children here would take vitest's. */
function systemWith(answers: Partial<Binding>): NodeSystem {
  return new NodeSystem({ ...loadBinding(), ...answers }, new NodeClock());
}

/** What one of our descriptors refers to; null when it is closed by now. */
function linkOf(fd: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null;
  }
}

const request: SpawnRequest = {
  file: '/bin/true',
  argv: ['true'],
  env: ['A=1'],
  stdio: [new Descriptor(3), new Descriptor(4), new Descriptor(5)],
  cwd: '/',
  umask: 0o22,
  identity: null,
  leader: 'group',
};

describe('NodeSystem.spawn', () => {
  it('B7.14: passes the request on, with SIGPIPE and SIGXFSZ ignored by default', () => {
    const requests: NativeSpawnRequest[] = [];
    const system = systemWith({ spawn: (native) => requests.push(native) });
    expect(system.spawn(request)).toEqual({ ok: true, pid: 1 });
    system.limitChildFiles({ soft: 10, hard: 20 });
    system.spawn({ ...request, leader: 'session', ignoreSignals: [] });
    const { leader: _, ...rest } = request;
    const common = { ...rest, stdio: [3, 4, 5] };
    expect(requests).toEqual([
      { ...common, newSession: false, ignoreSignals: [13, 25], nofile: null, limitMs: 10_000 },
      { ...common, newSession: true, ignoreSignals: [], nofile: { soft: 10, hard: 20 }, limitMs: 10_000 },
    ]);
  });

  it('names the errno of a failure', () => {
    const system = systemWith({ spawn: () => ({ stage: 'chdir', errno: ENOENT }) });
    expect(system.spawn(request)).toEqual({ ok: false, stage: 'chdir', errno: 'ENOENT' });
  });
});

describe('NodeSystem', () => {
  it('shapes what has ended', () => {
    const system = systemWith({
      reap: () => [
        { pid: 1, code: 3 },
        { pid: 2, signal: 9, coreDumped: true },
      ],
    });
    expect(system.reap(2)).toEqual([
      { pid: 1, status: { kind: 'exited', code: 3 } },
      { pid: 2, status: { kind: 'signaled', signal: 9, coreDumped: true } },
    ]);
  });

  it('makes pipes and closes them, twice without harm', () => {
    const system = systemWith({});
    const result = system.pipe('read');
    expect(result).toMatchObject({ ok: true });
    if (result.ok) {
      system.close(result.pipe.readFd);
      system.close(result.pipe.readFd);
      system.close(result.pipe.writeFd);
    }
    expect(systemWith({ pipe: () => -EMFILE }).pipe('write')).toEqual({ ok: false, errno: 'EMFILE' });
  });

  it('leaves the last descriptors to connections and logs', () => {
    const closed: number[] = [];
    const system = systemWith({
      pipe: () => ({ readFd: 51, writeFd: 52 }),
      close: (fd) => closed.push(fd),
      getRlimit: () => ({ soft: 64, hard: 1024 }),
    });
    expect(system.pipe('read')).toEqual({ ok: false, errno: 'EMFILE' });
    expect(closed).toEqual([51, 52]);
    const lower = { readFd: 50, writeFd: 51 };
    const other = systemWith({ pipe: () => lower, getRlimit: () => ({ soft: 64, hard: 64 }) }).pipe('read');
    expect(other.ok && [other.pipe.readFd.number, other.pipe.writeFd.number]).toEqual([50, 51]);
  });

  it('has pipes of descriptors that are held for them when no other is left', () => {
    const held = (): number => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === '/dev/null').length;
    const before = held();
    let isFull = true;
    const binding = loadBinding();
    const system = systemWith({
      pipe: (keeps) => (isFull && held() > before ? -EMFILE : binding.pipe(keeps)),
    });
    system.keepReserve(8);
    expect(held()).toBe(before + 8);
    const result = system.pipe('read');
    expect([result.ok, held()]).toEqual([true, before]);
    if (result.ok) {
      system.close(result.pipe.readFd);
      expect(held()).toBe(before + 8);
      system.close(result.pipe.writeFd);
    }
    isFull = false;
    system.keepReserve(0);
    expect(held()).toBe(before);
  });

  it('signals, or names the errno', () => {
    expect(systemWith({}).kill(process.pid, 0)).toBeNull();
    expect(systemWith({ kill: () => -ESRCH }).kill(1, 15)).toBe('ESRCH');
  });

  it('knows the own user', () => {
    expect(systemWith({}).ownUid()).toBe(process.geteuid?.());
  });

  it('knows users and their groups once it has learnt them', () => {
    const system = systemWith({});
    expect(system.identityOf(0)).toEqual({ ok: false, trouble: 'it has not been looked up yet' });
    system.learnIdentities(new Set([0, nobodysUid]));
    expect(system.identityOf(0)).toEqual(rootFound);
    expect(system.identityOf(nobodysUid)).toEqual({ ok: false, trouble: null });
  });

  it.each([
    [{ userById: () => -EMFILE }, 'EMFILE'],
    [{ groupsOfUser: () => -EIO }, 'EIO'],
    [{ userById: () => -ERANGE }, 'its entry takes more than 1 MiB'],
  ] as const)('tells trouble from a user that does not exist', (answers, trouble) => {
    const system = systemWith(answers);
    system.learnIdentities(new Set([0]));
    expect(system.identityOf(0)).toEqual({ ok: false, trouble });
  });

  it('looks a user up beside the event loop', async () => {
    const system = systemWith({});
    for (const uid of [0, nobodysUid]) {
      await new Promise<void>((resolve) => {
        expect(system.renewIdentity(uid, resolve)).toBe(true);
      });
    }
    expect(system.identityOf(0)).toEqual(rootFound);
    expect(system.identityOf(nobodysUid)).toEqual({ ok: false, trouble: null });
  });

  it('waits for nothing where it cannot even ask', () => {
    const system = systemWith({ lookUpIdentity: () => -EMFILE });
    expect(system.renewIdentity(0, () => undefined)).toBe(false);
    expect(system.identityOf(0)).toEqual({ ok: false, trouble: 'EMFILE' });
  });

  it.each([[[]], [[1]], [[0, 0, 0, 0, 1, 0, 0, 0]]])(
    'an answer that breaks off is trouble: %j',
    async (bytes) => {
      const binding = loadBinding();
      const ends = binding.pipe(true);
      if (typeof ends === 'number') {
        throw new Error('no pipe');
      }
      const system = systemWith({ lookUpIdentity: () => ends.readFd });
      if (bytes.length > 0) {
        binding.writeSome(ends.writeFd, Uint8Array.from(bytes), 0);
      }
      await new Promise<void>((resolve) => {
        system.renewIdentity(7, resolve);
        binding.close(ends.writeFd);
      });
      expect(system.identityOf(7)).toEqual({ ok: false, trouble: 'EIO' });
    },
  );
});

describe('NodeSystem.executableInfo', () => {
  const system = systemWith({});

  it('B7.16: tells a program, a plain file and a directory apart', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o644);
    expect(system.executableInfo('/bin/sh')).toEqual({
      isDirectory: false,
      hasExecuteBit: true,
      mayExecute: true,
    });
    expect(system.executableInfo(file)).toEqual({
      isDirectory: false,
      hasExecuteBit: false,
      mayExecute: false,
    });
    expect(system.executableInfo(folder)).toMatchObject({ isDirectory: true });
  });

  it('is null for what cannot be looked at', () => {
    expect(system.executableInfo(path.join(folder, 'none'))).toBeNull();
    expect(system.executableInfo('/etc/passwd/below-a-file')).toBeNull();
    expect(system.executableInfo(`/${'x'.repeat(5000)}`)).toBeNull();
  });
});
