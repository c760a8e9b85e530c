import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { safePaths } from '../system/safe-paths.fixture.ts';
import { Pidfile, type PidfileHost } from './pidfile.ts';

let folder = '';
let file = '';
let lines: string[] = [];
let clock = new FakeClock();

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  file = path.join(folder, 's.pid');
  lines = [];
  clock = new FakeClock();
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function host(writeFile?: PidfileHost['writeFile']): PidfileHost {
  const log: PidfileHost['log'] = (level, message) => void lines.push(`${level} ${message}`);
  return { clock, log, paths: safePaths, ...(writeFile === undefined ? {} : { writeFile }) };
}

/** As a full disk does it: the file is there, and nothing in it. */
function fullDisk(name: string): void {
  writeFileSync(name, '');
  throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
}

describe('Pidfile', () => {
  it('B5.4: is the pid and a newline over whatever was there, and removed once', () => {
    writeFileSync(file, '123456789\nstale\n');
    const pidfile = new Pidfile(file, host());
    pidfile.write(42);
    expect(readFileSync(file, 'latin1')).toBe('42\n');
    expect(lines).toEqual(['info supervisord started with pid 42']);
    pidfile.remove();
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, 'of another');
    pidfile.remove();
    expect(existsSync(file)).toBe(true);
  });

  it('on a device or FIFO leaves that in its place', () => {
    execFileSync('mkfifo', [file]);
    const reader = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const pidfile = new Pidfile(file, host());
    pidfile.write(42);
    pidfile.remove();
    closeSync(reader);
    expect(lstatSync(file).isFIFO()).toBe(true);
    const link = path.join(folder, 'link');
    symlinkSync('/dev/null', link);
    const onDevice = new Pidfile(link, host());
    onDevice.write(42);
    onDevice.remove();
    expect([lstatSync(link).isSymbolicLink(), statSync('/dev/null').isCharacterDevice()]).toEqual([
      true,
      true,
    ]);
  });

  it('is not left empty by a full disk, and written when there is room', () => {
    let isFull = true;
    const pidfile = new Pidfile(
      file,
      host((name, text) => (isFull ? fullDisk(name) : writeFileSync(name, text))),
    );
    pidfile.write(42);
    expect(existsSync(file)).toBe(false);
    clock.advance(30_000);
    isFull = false;
    clock.advance(10_000);
    expect(readFileSync(file, 'latin1')).toBe('42\n');
    expect(lines).toEqual([`critical could not write pidfile ${file}`, `info wrote pidfile ${file}`]);
    pidfile.remove();
    expect([existsSync(file), clock.pending]).toEqual([false, 0]);
  });

  it('is given up where it can never be written', () => {
    const pidfile = new Pidfile(path.join(folder, 'no', 'such', 'folder'), host());
    pidfile.write(42);
    pidfile.remove();
    expect(lines).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('is not tried any more after the end', () => {
    const pidfile = new Pidfile(file, host(fullDisk));
    pidfile.write(42);
    pidfile.remove();
    expect(clock.pending).toBe(0);
  });
});

describe.skipIf(process.getuid?.() !== 0)('Pidfile where others can write', () => {
  const stranger = 65534;
  const others = (): readonly string[] => readdirSync(folder).filter((name) => name !== 's.pid');

  beforeEach(() => {
    chmodSync(folder, 0o1777);
  });

  it('takes the place of ours, whatever other names that has, and is removed again', () => {
    writeFileSync(file, 'stale');
    linkSync(file, path.join(folder, 'second'));
    const pidfile = new Pidfile(file, host());
    pidfile.write(42);
    expect([readFileSync(file, 'latin1'), statSync(file).nlink, others()]).toEqual(['42\n', 1, ['second']]);
    expect(readFileSync(path.join(folder, 'second'), 'latin1')).toBe('stale');
    pidfile.remove();
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['a link', 'user 65534 has put a link in its path', (): void => symlinkSync('second', file)],
    ['a file', 'it belongs to user 65534', (): void => writeFileSync(file, '1\n')],
    ['a FIFO that nobody reads', 'it belongs to user 65534', (): void => void execFileSync('mkfifo', [file])],
  ])('is not written where somebody else has put %s', (_what, why, make) => {
    make();
    lchownSync(file, stranger, stranger);
    const pidfile = new Pidfile(file, host());
    pidfile.write(42);
    pidfile.remove();
    expect(lines).toEqual([
      `critical could not write pidfile ${file}: others can write its directory, and ${why}`,
    ]);
    expect([lstatSync(file).uid, others()]).toEqual([stranger, []]);
  });

  it('is left alone once somebody else has taken its place', () => {
    chmodSync(folder, 0o777);
    const pidfile = new Pidfile(file, host());
    pidfile.write(42);
    rmSync(file);
    writeFileSync(file, 'of another');
    lchownSync(file, stranger, stranger);
    pidfile.remove();
    expect(readFileSync(file, 'latin1')).toBe('of another');
  });
});
