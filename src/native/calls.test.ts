import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NameService, nameServiceReason } from '../../test/helpers/name-service.ts';
import { Probe } from './probe/run-probe.fixture.ts';

const {
  EADDRINUSE,
  EADDRNOTAVAIL,
  EAGAIN,
  EBADF,
  EINVAL,
  EIO,
  EMFILE,
  ENAMETOOLONG,
  ENOENT,
  ENOSPC,
  ENOTCONN,
  ENOTSOCK,
  EPIPE,
  ERANGE,
  ESRCH,
} = os.constants.errno;
const isRoot = process.getuid?.() === 0;

let probe: Probe;

beforeAll(async () => {
  probe = await Probe.create();
});

afterAll(() => {
  probe.dispose();
});

describe('descriptors', () => {
  it('are read and written without waiting', async () => {
    expect(await probe.run('descriptors')).toEqual({
      resized: [128 * 1024, -EBADF],
      holds: [128 * 1024, -EBADF],
      empty: -EAGAIN,
      wrote: 4,
      text: 'text',
      atEnd: 0,
      filled: [48 * 1024, 16 * 1024, -EAGAIN],
      noReader: -EPIPE,
      fullDisk: -ENOSPC,
      notOpen: [-EBADF, -EBADF, -EBADF],
      nothing: 0,
    });
  });

  it('are close-on-exec, and change between waiting and not', async () => {
    expect(await probe.run('flags')).toEqual({
      closeOnExec: [true, true],
      cleared: false,
      off: 0,
      read: 1,
      on: 0,
      again: -EAGAIN,
    });
  });

  it('run out with EMFILE, and a failed pipe leaves no end open', async () => {
    const result = await probe.run<{ errnos: number[]; open: number }>('pipeLimit');
    expect(result.errnos).toEqual([EMFILE, EMFILE]);
    // Of 65 an odd one may be left over, which is not enough for a pipe; looking at them takes one more.
    expect([65, 66]).toContain(result.open);
  });
});

describe('sockets that listen', () => {
  it('are close-on-exec, have their mode at once, and leave nothing open where they fail', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    try {
      expect(await probe.run('listening', folder)).toEqual({
        closeOnExec: [true, true],
        mode: 0o640,
        taken: -EADDRINUSE,
        tooLong: -ENAMETOOLONG,
        noFolder: -ENOENT,
        noAddress: -EINVAL,
        foreign: -EADDRNOTAVAIL,
        hosts: ['127.0.0.1', '127.0.0.1', null],
        leaked: 0,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe.skipIf(!isRoot)('peers of unix sockets', () => {
  it('are told as they were when they listened or connected', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    chmodSync(folder, 0o755);
    try {
      const result = await probe.run<{ pid: number }>('peers', folder);
      const { pid } = result;
      expect(result).toEqual({
        pid,
        listening: { pid, uid: 0, gid: 0 },
        connecting: { pid, uid: 65_534, gid: 65_534 },
        overTcp: -ENOTCONN,
        noSocket: -ENOTSOCK,
        notOpen: -EBADF,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('going to the background', () => {
  it('points stdio to /dev/null and leads a session', async () => {
    const result = await probe.run<{ sid: number; pid: number }>('background');
    expect(result).toMatchObject({
      answer: 0,
      again: 0,
      leaked: 0,
      stdio: ['/dev/null', '/dev/null', '/dev/null'],
      wasLeader: false,
    });
    expect(result.sid).toBe(result.pid);
  });
});

describe('users and groups', () => {
  it('are found by name and number, or null', async () => {
    expect(await probe.run('users')).toEqual({
      root: { name: 'root', uid: 0, gid: 0, home: '/root' },
      zero: { name: 'root', uid: 0, gid: 0, home: '/root' },
      groups: [0],
      unusualPrimary: [12_345],
      group: { name: 'daemon', gid: 1 },
      groupById: { name: 'daemon', gid: 1 },
      none: [null, null, null, null],
    });
  });

  it('are looked up on another thread, whose answer comes through a pipe', async () => {
    expect(await probe.run('lookUps')).toMatchObject({ answer: [0, 0, 0] });
  });

  it('may be asked for by somebody who does not listen', async () => {
    expect(await probe.run('unheardLookUps')).toMatchObject({ asked: true });
  });

  it('are not taken for missing where no descriptor is left', async () => {
    const { answers } = await probe.run<{ answers: unknown }>('lookUpsWithoutDescriptors');
    expect(answers).toEqual([-EMFILE, -EMFILE, -EMFILE, -EMFILE, -EMFILE]);
  });
});

describe.skipIf(nameServiceReason !== null)(`name services (${nameServiceReason ?? 'ours'})`, () => {
  const root = { name: 'root', uid: 0, gid: 0, home: '/root' };
  const absent = { byName: null, byId: null, answer: [ENOENT, 0] };
  const failing = (errno: number) => ({ byName: -errno, byId: -errno, answer: [errno, 0] });
  /** A command that starts the probe with such a name service, whatever else is preloaded. */
  const asking = (behaviour: Parameters<NameService['set']>[0]): readonly string[] => {
    const names = new NameService(probe.folder);
    names.set(behaviour);
    const preload =
      'LD_PRELOAD="$LD_PRELOAD $0" NAME_SERVICE="$1"; export LD_PRELOAD NAME_SERVICE; shift; exec "$@"';
    return ['sh', '-c', preload, names.library, names.env['NAME_SERVICE'] ?? ''];
  };

  it.each([
    [{}, { byName: root, byId: root, groups: [0], answer: [0, 0, 0] }],
    [{ groups: '+4242' }, { byId: root, groups: [0, 4242], answer: [0, 0, 0, 4242] }],
    // What services answer where there is no such user.
    [{ users: 'absent' }, absent],
    [{ users: ENOENT }, absent],
    [{ users: ESRCH }, absent],
    [{ users: EIO }, failing(EIO)],
    [{ users: EMFILE }, failing(EMFILE)],
    [{ users: ERANGE }, failing(ERANGE)],
    [{ groups: EIO }, { byId: root, groups: -EIO, answer: [EIO, 0] }],
    [{ groups: 'endless' }, { byId: root, groups: -ERANGE, answer: [ERANGE, 0] }],
  ] as const)('%j', async (behaviour, expected) => {
    const launcher = asking(behaviour);
    expect(await probe.run('lookUps', '', { launcher })).toMatchObject(expected);
  });

  it('that hang keep nobody from ending', async () => {
    const launcher = asking({ users: 'hang' });
    expect(await probe.run('unheardLookUps', '', { launcher })).toMatchObject({ asked: true });
  });
});

describe('watches', () => {
  it('say when there is something to read, and leave the descriptor to its owner', async () => {
    expect(await probe.run('watches')).toEqual({ read: 1000, notOpen: -EBADF, leaked: 0 });
  });
});

describe('setIdentity', () => {
  it.skipIf(!isRoot)('B5.7: changes every thread for good (needs root)', async () => {
    const { threads } = await probe.run<{ threads: string[] }>('identity');
    const ids = '65534 65534 65534 65534';
    expect(threads).toEqual([`${ids} | ${ids} | 100 65534`]);
  });
});

describe('limits', () => {
  it('are set and read back', async () => {
    const result = await probe.run<{ hard: number; kernel: string }>('limits');
    expect(result).toMatchObject({
      set: 0,
      read: { soft: 100, hard: result.hard },
      tooLow: -EINVAL,
      nproc: true,
    });
    expect(result.kernel).toMatch(/^100\s/);
  });
});

describe('execve', () => {
  it('replaces the process, keeping its pid', async () => {
    const { pid, stdout } = await probe.output('execve', '/bin/sh');
    expect(stdout).toBe(`${pid} kept\n`);
  });

  it('comes back with the errno when it fails', async () => {
    expect(await probe.run('execve', '/no/such/command')).toEqual({ failed: -ENOENT });
  });
});
