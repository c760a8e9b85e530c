import { describe, expect, it } from 'vitest';
import type { SpawnStage } from '../system/system.ts';
import { FakeHost, FakeOutput } from './host.fixture.ts';
import type { Process } from './process.ts';

function notesOf({ outputs: { stderr } }: Process): readonly string[] {
  return stderr instanceof FakeOutput ? stderr.calls.filter((call) => call.startsWith('note')) : [];
}

const machineErrnos = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'ENOSPC'];

/** One way for the next spawn to fail. */
type Break = (host: FakeHost, process: Process) => void;

const noPipe =
  (errno: string): Break =>
  ({ system }) => {
    system.nextPipeErrno = errno;
  };

const noChild =
  (stage: SpawnStage, errno: string): Break =>
  ({ system }) => {
    system.nextSpawnFailure = { ok: false, stage, errno };
  };

const noLog =
  (errno: string | null): Break =>
  (_host, { outputs: { stdout } }) => {
    if (stdout instanceof FakeOutput) {
      stdout.openErrno = errno;
    }
  };

const noSocket =
  (reason: string): Break =>
  (host) => {
    host.socket = { acquire: () => ({ ok: false, message: `no socket: ${reason}`, reason }), release() {} };
  };

/** What became of a start with `startretries=0`: FATAL where it counts as a failure, else BACKOFF. */
function stateAfter(breakIt: Break): string {
  const host = new FakeHost();
  const probe = host.process({ startRetries: 0 });
  breakIt(host, probe);
  // The socket is taken when the process is made.
  const process = host.socket === null ? probe : host.process({ startRetries: 0 });
  process.start();
  expect(process.spawnError).not.toBeNull();
  expect(host.system.openFds.size).toBe(0);
  return process.state;
}

describe('a spawn that fails', () => {
  it.each(
    machineErrnos.flatMap((errno): (readonly [string, Break])[] => [
      [`a pipe: ${errno}`, noPipe(errno)],
      [`fork: ${errno}`, noChild('fork', errno)],
      [`a log: ${errno}`, noLog(errno)],
      [`a shared socket: ${errno}`, noSocket(errno)],
      [`setuid: ${errno}`, noChild('uid', errno)],
      [`exec: ${errno}`, noChild('exec', errno)],
    ]),
  )("is the machine's trouble: %s", (_name, breakIt) => {
    expect(stateAfter(breakIt)).toBe('BACKOFF');
  });

  it.each([
    ...['ENOENT', 'EACCES', 'ENOEXEC', 'E2BIG', 'ETIMEDOUT', 'ELOOP', 'ENOTDIR', 'EPERM', 'ETXTBSY'].map(
      (errno): readonly [string, Break] => [`exec: ${errno}`, noChild('exec', errno)],
    ),
    ['chdir: ENOENT', noChild('chdir', 'ENOENT')] as const,
    ['uid: EPERM', noChild('uid', 'EPERM')] as const,
    ['a log: EACCES', noLog('EACCES')] as const,
    ['a shared socket that is in use', noSocket('EADDRINUSE')] as const,
  ])("is the program's failure: %s", (_name, breakIt) => {
    expect(stateAfter(breakIt)).toBe('FATAL');
  });
});

describe("the machine's trouble", () => {
  it('is over when the machine has room, whatever startretries is', () => {
    const host = new FakeHost();
    const process = host.process({ startRetries: 0, startSecs: 0 });
    host.system.nextPipeErrno = 'EMFILE';
    process.start();
    for (const seconds of [1, 2, 4, 8, 16, 30, 30, 30]) {
      expect([process.state, process.spawnError]).toEqual(['BACKOFF', "too many open files to spawn 'cat'"]);
      host.system.nextPipeErrno = 'EMFILE';
      host.clock.advance(seconds * 1000);
    }
    host.clock.advance(30_000);
    expect([process.state, process.spawnError, process.restarts]).toEqual(['RUNNING', null, 0]);
    expect(host.lines.filter((line) => line.includes('too many open files'))).toHaveLength(2);
    expect(host.changes).not.toContain('cat BACKOFF>FATAL');
  });

  it("is written into the program's own log once", () => {
    const host = new FakeHost();
    const process = host.process();
    for (const delayMs of [0, 1000, 2000]) {
      host.system.nextSpawnFailure = { ok: false, stage: 'exec', errno: 'EAGAIN' };
      if (delayMs === 0) {
        process.start();
      } else {
        host.clock.advance(delayMs);
      }
    }
    expect(notesOf(process)).toHaveLength(1);
  });

  it('ends with a stop', () => {
    const host = new FakeHost();
    const process = host.process();
    noPipe('ENFILE')(host, process);
    process.start();
    process.stop();
    expect(process.state).toBe('STOPPED');
    expect(host.clock.pending).toBe(0);
  });
});
