import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestOf } from './probe/children.ts';
import type { Inspection } from './probe/inspect.ts';
import { type FailedSpawn, Probe } from './probe/run-probe.fixture.ts';

const { ENOENT, EACCES, ENOEXEC, ENOTDIR, EBADF, EPERM, ETIMEDOUT } = os.constants.errno;
const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534, groups: [65534] };

let probe: Probe;

beforeAll(async () => {
  probe = await Probe.create();
});

afterAll(() => {
  probe.dispose();
});

function inspect(changes: object): Promise<Inspection> {
  return probe.run<Inspection>('inspect', changes);
}

/** Bit N-1 of a mask in `/proc/PID/status`. */
function signalsIn(mask: string | undefined): number[] {
  const bits = BigInt(`0x${mask ?? ''}`);
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((signal) => (bits >> BigInt(signal - 1)) & 1n);
}

describe('spawn: a step that fails', () => {
  it.each([
    ['a missing command', { file: '/no/such/command' }, 'exec', ENOENT],
    ['a file that is not executable', { file: '/etc/passwd' }, 'exec', EACCES],
    ['a missing directory', { cwd: '/no/such/directory' }, 'chdir', ENOENT],
    ['a directory that is a file', { cwd: '/etc/passwd' }, 'chdir', ENOTDIR],
    ['a closed descriptor', { stdio: [0, 999, 2] }, 'stdio', EBADF],
  ])('names step and errno for %s, and leaves no zombie', async (_, changes, stage, errno) => {
    expect(await probe.run<FailedSpawn>('fail', requestOf(changes as object))).toEqual({
      result: { stage, errno },
      reaped: [],
    });
  });

  it('names the exec for a file that is no program', async () => {
    const file = path.join(probe.folder, 'no-program');
    writeFileSync(file, 'neither ELF nor script');
    chmodSync(file, 0o755);
    const { result } = await probe.run<FailedSpawn>('fail', requestOf({ file }));
    expect(result).toEqual({ stage: 'exec', errno: ENOEXEC });
  });

  it.skipIf(!isRoot)('names the identity when it is not ours to change (needs root)', async () => {
    const result = await probe.run<{
      answer: null;
      again: object;
      child: object;
      raised: number;
      reaped: [];
    }>('identity');
    expect(result).toMatchObject({
      answer: null,
      again: { stage: 'groups', errno: EPERM },
      child: { stage: 'groups', errno: EPERM },
      raised: -EPERM,
      killed: -EPERM,
      reaped: [],
    });
  });

  it.each([
    ['argv', { argv: ['true', 'a\0b'] }, 'cannot use argv: expected no NUL character in it'],
    ['env', { env: ['A=\0'] }, 'cannot use env: expected no NUL character in it'],
    ['file', { file: '/bin/true\0' }, 'cannot use file: expected no NUL character in it'],
    ['cwd', { cwd: '\0' }, 'cannot use cwd: expected no NUL character in it'],
  ])('refuses a NUL character in %s', async (_, changes, message) => {
    const answer = await probe.run('refuse', requestOf(changes));
    expect(answer).toEqual({ thrown: `TypeError: ${message}`, reaped: [] });
  });

  it.each([
    ['no argv', { ...requestOf({}), argv: null }, 'argv: expected a value'],
    ['a number in argv', { ...requestOf({}), argv: [1] }, 'argv: expected a string'],
    ['two descriptors', { ...requestOf({}), stdio: [0, 1] }, 'stdio: expected an integer'],
    ['a negative uid', requestOf({ identity: { ...nobody, uid: -1 } }), 'uid: expected an id'],
    [
      'a group that is no number',
      { ...requestOf({}), identity: { ...nobody, groups: ['x'] } },
      'groups: expected',
    ],
    ['an umask as text', { ...requestOf({}), umask: '022' }, 'umask: expected an integer'],
    ['a negative limit', requestOf({ nofile: { soft: -1, hard: 1 } }), 'a limit: expected'],
  ])('refuses %s', async (_, request, message) => {
    expect(await probe.run('refuse', request)).toEqual({
      thrown: expect.stringContaining(message),
      reaped: [],
    });
  });
});

describe('spawn: what the child is given', () => {
  it('takes the argument vector as it is, argv[0] and empty ones included', async () => {
    const { argv } = await inspect({ argv: ['another name', '-u', '-', ''].slice(0, 3) });
    expect(argv).toEqual(['another name', '-u', '-']);
  });

  it('has exactly the environment of the request, also an empty one', async () => {
    expect((await inspect({ env: ['A=1', 'B=', 'Ä=ö'] })).env).toEqual(['A=1', 'B=', 'Ä=ö']);
    expect((await inspect({ env: [] })).env).toEqual([]);
  });

  it('has the directory and the umask', async () => {
    const seen = await inspect({ cwd: '/usr/bin', umask: 0o137 });
    expect(seen.cwd).toBe('/usr/bin');
    expect(seen.status['Umask']).toBe('0137');
  });

  it('leaves directory and umask of the parent alone, and hands them on', async () => {
    const launcher = ['/bin/sh', '-c', 'umask 0123 && cd /usr && exec "$@"', 'sh'];
    const seen = await probe.run<Inspection>('inspect', {}, { launcher });
    expect(seen.status['Umask']).toBe('0123');
    expect(seen.cwd).toBe('/usr');
  });

  it('has its limit of open files', async () => {
    const { nofile } = await inspect({ nofile: { soft: 123, hard: 456 } });
    expect(nofile).toMatch(/^123\s+456$/);
  });

  it('B7.14: is a process group of its own in the same session', async () => {
    const seen = await inspect({});
    expect(seen.pgrp).toBe(seen.pid);
    expect(seen.session).not.toBe(seen.pid);
  });

  it('is a session of its own when asked', async () => {
    const seen = await inspect({ newSession: true });
    expect([seen.pgrp, seen.session]).toEqual([seen.pid, seen.pid]);
  });

  it.skipIf(!isRoot)('B7.7: has user, group and supplementary groups (needs root)', async () => {
    const { status } = await inspect({ identity: { uid: 33, gid: 34, groups: [34, 100, 4_000_000_000] } });
    expect(status).toMatchObject({ Uid: '33 33 33 33', Gid: '34 34 34 34', Groups: '34 100 4000000000' });
  });

  it.skipIf(!isRoot)('has no groups at all when there are none (needs root)', async () => {
    const { status } = await inspect({ identity: { uid: 33, gid: 33, groups: [] } });
    expect(status['Groups']).toBe('');
  });

  it.skipIf(!isRoot)(
    'changes nobody but the child, and keeps us readable to ourselves (needs root)',
    async () => {
      const launcher = ['setpriv', '--reuid=33', '--regid=33', '--clear-groups'];
      const abilities = ['--inh-caps=+setuid,+setgid', '--ambient-caps=+setuid,+setgid'];
      const owners = await probe.run('dumpable', '', { launcher: [...launcher, ...abilities] });
      expect(owners).toEqual({ before: 33, after: 33 });
    },
  );
});

describe.each(['release', 'loop-close'] as const)('spawn: descriptors (%s)', (variant) => {
  it('B7.14: are 0, 1 and 2 and no other, even when ours are not close-on-exec', async () => {
    const { fds } = await probe.run<Inspection>('leakyDescriptors', '', { variant });
    expect(Object.keys(fds)).toEqual(['0', '1', '2']);
    expect(fds['0']).toMatch(/^pipe:/);
  });

  it('may be given in any order', async () => {
    const { fds, own } = await probe.run<{ fds: object; own: object }>('swappedStdio', '', { variant });
    expect(own).toMatchObject({ 0: '/dev/null', 1: '/dev/zero', 2: '/dev/full' });
    expect(fds).toEqual({ 0: '/dev/zero', 1: '/dev/full', 2: '/dev/null' });
  });

  it('may be one and the same', async () => {
    const fds = await probe.run<object>('sameDescriptor', '', { variant });
    expect(fds).toEqual({ 0: '/dev/zero', 1: '/dev/zero', 2: '/dev/zero' });
  });

  it('may have low numbers, when our own stdin is closed', async () => {
    const { fds } = await probe.run<Inspection>('closedStdin', '', { variant });
    expect(Object.keys(fds)).toEqual(['0', '1', '2']);
    expect(fds['0']).toMatch(/^pipe:/);
  });
});

describe('spawn: signals', () => {
  it('B7.14: are at their default but for those that stay ignored', async () => {
    const { own, child } = await probe.run<Record<'own' | 'child', Record<string, string>>>('signals');
    expect(signalsIn(own['SigIgn'])).toContain(os.constants.signals.SIGHUP);
    expect(signalsIn(own['SigCgt'])).toContain(os.constants.signals.SIGTERM);
    expect(signalsIn(child['SigIgn'])).toEqual([os.constants.signals.SIGPIPE, os.constants.signals.SIGXFSZ]);
    expect(signalsIn(child['SigCgt'])).toEqual([]);
    expect(signalsIn(child['SigBlk'])).toEqual([]);
  });
});

/** Takes a lease on a file, so that whoever opens it waits, and does not give it back when asked to. */
const leaseHolder = `
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
fd = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print('held', flush=True)
sys.stdin.read()
`;
const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.skipIf(!hasPython)('spawn: a command that does not answer (needs python3)', () => {
  // The kernel itself breaks the lease after 45 s: far beyond the limit given to the spawn, and to this test.
  it(
    'is given up at the limit, without a zombie, and the next child starts',
    { timeout: 30_000 },
    async () => {
      const file = path.join(probe.folder, 'held');
      copyFileSync('/bin/true', file);
      const holder = spawn('python3', ['-c', leaseHolder, file], { stdio: ['pipe', 'pipe', 'inherit'] });
      try {
        await once(holder.stdout, 'data');
        expect(await probe.run('held', file)).toEqual({
          held: { stage: 'exec', errno: ETIMEDOUT },
          reaped: 1,
          next: { pid: expect.any(Number), code: 0 },
        });
      } finally {
        holder.kill('SIGKILL');
        await once(holder, 'exit');
      }
    },
  );
});

describe('memory', () => {
  it('does not grow with requests that fail', async () => {
    // 200 kB of environment each: a leak of it would be ten times the allowance.
    const { grownBytes } = await probe.run<{ grownBytes: number }>('memory', '400');
    expect(grownBytes).toBeLessThan(8e6);
  });
});
