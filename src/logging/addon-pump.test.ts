/** The pump of the addon, with real files and pipes: what the tests of `PumpedFile` check on one without threads, once more. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { loadBinding } from '../native/index.ts';
import type { Errno } from '../system/errno.ts';
import { AddonPump } from './addon-pump.ts';
import { logFilesOver } from './log-files.fixture.ts';
import { makePipe, nodeIo, realClock, until, useTempDir } from './logging.fixture.ts';
import { openForAppend } from './open-log.ts';
import type { PumpStream } from './pump.ts';
import { PumpedFile } from './pumped-file.ts';
import { contents } from './pumped-file.fixture.ts';
import { backupPath, type SizeLimits, unlimited } from './rotation.ts';

const tempDir = useTempDir();
const cleanups: (() => void)[] = [];
/** Threads do not end, so that all tests share them. */
const pump = new AddonPump(loadBinding(), nodeIo);

afterEach(() => {
  cleanups
    .splice(0)
    .reverse()
    .forEach((cleanup) => cleanup());
});

/** It needs root, and a container that allows it. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'probe', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

class World {
  readonly reports: string[] = [];
  changes = 0;
  readonly file: PumpedFile;

  constructor(logPath: string) {
    const opened = openForAppend(nodeIo, logPath, 0o666);
    const file =
      typeof opened === 'string'
        ? opened
        : PumpedFile.open(opened, {
            pump,
            files: logFilesOver(nodeIo),
            clock: realClock,
            path: logPath,
            mode: 0o666,
            observer: {
              drained: () => undefined,
              changed: () => void (this.changes += 1),
              report: (level, message) => void this.reports.push(`${level}: ${message}`),
            },
          });
    if (typeof file === 'string') {
      throw new Error(`cannot open ${logPath}: ${file}`);
    }
    this.file = file;
  }

  write(text: string, limits: SizeLimits = unlimited): void {
    this.file.write(Buffer.from(text, 'latin1'), limits);
  }

  written(): Promise<void> {
    return until(() => this.file.backlogBytes === 0);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.file.close(resolve));
  }
}

class Pipe {
  readonly #writeFd: number;
  readonly #stream: PumpStream;
  readonly told: string[] = [];

  constructor({ file }: World, limits: SizeLimits = unlimited) {
    const { readFd, writeFd } = makePipe(tempDir(`pipe${cleanups.length}`));
    const stream = file.takePipe(readFd, limits, {
      ended: () => void this.told.push('ended'),
      parted: () => void this.told.push('parted'),
    });
    if (stream === null) {
      throw new Error('the pipe was not taken');
    }
    this.#writeFd = writeFd;
    this.#stream = stream;
    cleanups.push(() => fs.closeSync(writeFd));
  }

  get bytesRead(): number {
    return this.#stream.bytesRead;
  }

  /** Not more than a pipe holds. */
  say(text: string): void {
    fs.writeSync(this.#writeFd, text);
  }

  /** All of it, in turns of its reader. */
  async flood(text: string): Promise<void> {
    for (let start = 0; start < text.length; start += 32_768) {
      const piece = text.slice(start, start + 32_768);
      const target = start + piece.length;
      this.say(piece);
      await until(() => this.bytesRead >= target);
    }
  }

  async end(): Promise<void> {
    if (!this.#stream.drain()) {
      await until(() => this.told.includes('ended'));
    }
    expect(this.#stream.drop()).toBe(null);
  }

  /** What is in the pipe that is given back, to which more is said before it is read. */
  async part(more: string): Promise<string> {
    if (!this.#stream.part()) {
      await until(() => this.told.length > 0);
    }
    this.say(more);
    const buffer = Buffer.alloc(100_000);
    const pipe = this.#stream.drop();
    const count = pipe === null ? 0 : nodeIo.readAvailable(pipe, buffer);
    if (pipe !== null) {
      nodeIo.close(pipe);
    }
    return typeof count === 'number' ? buffer.toString('latin1', 0, count) : count;
  }
}

/** Numbered lines of so many bytes together. */
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `${String(from + index).padStart(9, '0')}\n`).join('');

/** Everything in a log and its backups, from the oldest on. */
function everything(logPath: string): string {
  let last = 0;
  while (fs.existsSync(backupPath(logPath, last + 1))) {
    last += 1;
  }
  const backups = Array.from({ length: last }, (_, index) => backupPath(logPath, last - index));
  return [...backups, logPath].map((file) => fs.readFileSync(file, 'latin1')).join('');
}

describe('rotation', () => {
  it('keeps every byte of what is pushed and of what comes through a pipe', async () => {
    const limits = { maxBytes: 100_000, backups: 1000 };
    const world = new World(tempDir('log'));
    const pipe = new Pipe(world, limits);
    const text = lines(0, 200_000);
    await pipe.flood(text);
    await pipe.end();
    await world.written();
    world.write(lines(200_000, 300_000), limits);
    world.write('end', limits);
    await world.close();
    expect(everything(tempDir('log')) === `${lines(0, 300_000)}end`).toBe(true);
    expect(pipe.bytesRead).toBe(text.length);
    for (let index = 2; fs.existsSync(tempDir(`log.${index}`)); index += 1) {
      // What is read at once goes no further beyond the limit than this.
      expect(fs.statSync(tempDir(`log.${index}`)).size).toBeLessThan(limits.maxBytes + 65_536);
    }
    expect(world.reports).toEqual([]);
  });

  it('of a file with several writers goes by the limits of who writes', async () => {
    const world = new World(tempDir('log'));
    world.write('0123456789');
    world.write('a', { maxBytes: 10, backups: 1 });
    world.write('new');
    await world.close();
    expect(contents(tempDir())).toEqual({ log: 'new', 'log.1': '0123456789a' });
  });

  it('by a hundred small chunks leaves no gap, with what is asked for in between', async () => {
    const limits = { maxBytes: 30, backups: 1000 };
    const world = new World(tempDir('log'));
    let answers = 0;
    for (let index = 0; index < 100; index += 1) {
      world.write(lines(index, index + 1), limits);
      if (index % 10 === 0) {
        world.file.reopen();
        world.file.refresh(() => (answers += 1));
      }
    }
    await world.close();
    expect([everything(tempDir('log')), answers]).toEqual([lines(0, 100), 10]);
  });
});

describe('a file that is taken away', () => {
  it('is made anew with what was written since', async () => {
    const world = new World(tempDir('log'));
    world.write('seen ');
    await world.written();
    fs.unlinkSync(tempDir('log'));
    world.write('one ');
    await world.written();
    let count = 1;
    await until(() => {
      if (!fs.existsSync(tempDir('log'))) {
        count += 1;
        world.write('more ');
      }
      return fs.existsSync(tempDir('log'));
    });
    await world.close();
    const text = fs.readFileSync(tempDir('log'), 'latin1');
    expect(text.replace(/^seen /, '')).toBe(`one ${'more '.repeat(count - 1)}`);
  });

  it('by moving it is written to until it is opened again, after what was written before', async () => {
    const world = new World(tempDir('log'));
    const pipe = new Pipe(world);
    pipe.say('one ');
    await until(() => pipe.bytesRead === 4);
    fs.renameSync(tempDir('log'), tempDir('old'));
    world.write('two');
    world.file.reopen();
    world.write('three ');
    await world.written();
    pipe.say('four');
    await pipe.end();
    await world.close();
    expect(contents(tempDir())).toEqual({ log: 'three four', old: 'one two' });
  });

  it('and cleared begins anew, behind what was written before', async () => {
    const world = new World(tempDir('log'));
    world.write('old');
    const errno = await new Promise<Errno | null>((resolve) => world.file.clear(resolve));
    world.write('new');
    await world.close();
    expect([errno, contents(tempDir())]).toEqual([null, { log: 'new' }]);
  });
});

describe('a pipe', () => {
  it('that parts is given back with what has not been read', async () => {
    const world = new World(tempDir('log'));
    const pipe = new Pipe(world);
    pipe.say('one ');
    await until(() => pipe.bytesRead === 4);
    expect([await pipe.part('two'), pipe.bytesRead]).toEqual(['two', 4]);
    await world.close();
    expect(contents(tempDir())).toEqual({ log: 'one ' });
  });

  it('is drained to its end, and closed under those who still hold it', async () => {
    const world = new World(tempDir('log'));
    const pipe = new Pipe(world);
    pipe.say('last words');
    await pipe.end();
    expect(() => pipe.say('ghost')).toThrow('EPIPE');
    await world.close();
    expect(contents(tempDir())).toEqual({ log: 'last words' });
  });

  it('tells who follows, and nobody else', async () => {
    const world = new World(tempDir('log'));
    const pipe = new Pipe(world);
    pipe.say('unseen');
    await until(() => pipe.bytesRead === 6);
    world.file.follow(true);
    const before = world.changes;
    pipe.say('seen');
    await until(() => world.changes > before);
    expect([before, fs.readFileSync(tempDir('log'), 'latin1')]).toEqual([0, 'unseenseen']);
    await pipe.end();
    await world.close();
  });
});

describe.skipIf(!canMount())('a full disk (skipped unless root, who can mount one)', () => {
  const mebibyte = 1024 * 1024;

  /** A file system of one mebibyte. */
  function mount(): string {
    const dir = tempDir('disk');
    fs.mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
    cleanups.push(() => execFileSync('umount', ['-l', dir]));
    return dir;
  }

  it('holds back, says so once, and loses nothing', async () => {
    const dir = mount();
    const logPath = path.join(dir, 'log');
    fs.writeFileSync(path.join(dir, 'ballast'), Buffer.alloc(mebibyte / 2));
    const world = new World(logPath);
    const free = new World(tempDir('free'));
    const pipe = new Pipe(world);
    const text = lines(0, 60_000);
    world.write(text);
    await until(() => world.reports.length === 1);
    pipe.say('rest\n');
    free.write('free');
    await free.written();
    expect([world.file.backlogBytes > 0, pipe.bytesRead]).toEqual([true, 0]);
    fs.unlinkSync(path.join(dir, 'ballast'));
    await pipe.end();
    await Promise.all([world.close(), free.close()]);
    expect(fs.readFileSync(logPath, 'latin1') === `${text}rest\n`).toBe(true);
    expect(world.reports).toEqual([
      `error: cannot write to '${logPath}': ENOSPC; output is held back until it works again`,
      `info: can write to '${logPath}' again`,
    ]);
  });

  it('costs what does not fit when everything ends, and says how much', async () => {
    const logPath = path.join(mount(), 'log');
    const world = new World(logPath);
    const text = lines(0, 200_000);
    world.write(text);
    await world.close();
    const kept = fs.readFileSync(logPath, 'latin1');
    expect(text.startsWith(kept)).toBe(true);
    expect(world.reports.at(-1)).toBe(
      `error: lost ${text.length - kept.length} bytes of output for '${logPath}'`,
    );
  });
});

describe('files of different file systems', () => {
  const memory = '/dev/shm';
  const isOther = fs.existsSync(memory) && fs.statSync(memory).dev !== fs.statSync('/tmp').dev;

  it.skipIf(!isOther)(
    'are written beside each other (skipped where /dev/shm is none of its own)',
    async () => {
      const dir = fs.mkdtempSync(path.join(memory, 'sv-'));
      cleanups.push(() => fs.rmSync(dir, { recursive: true }));
      const limits = { maxBytes: 50_000, backups: 1000 };
      const logs = [tempDir('log'), path.join(dir, 'log')];
      const worlds = logs.map((logPath) => new World(logPath));
      const pipes = worlds.map((world) => new Pipe(world, limits));
      const text = lines(0, 50_000);
      await Promise.all(pipes.map((pipe) => pipe.flood(text)));
      await Promise.all(pipes.map((pipe) => pipe.end()));
      await Promise.all(worlds.map((world) => world.close()));
      expect(logs.map((logPath) => everything(logPath) === text)).toEqual([true, true]);
    },
  );
});

it('gives its descriptors back, and waits at the end for what is in line', async () => {
  const count = (): number => fs.readdirSync('/proc/self/fd').length;
  const world = new World(tempDir('warm'));
  await world.close();
  const before = count();
  const worlds = Array.from({ length: 20 }, (_, index) => new World(tempDir(`log${index}`)));
  worlds.forEach((each) => each.write('x'.repeat(100_000)));
  pump.settle(10_000);
  expect(worlds.every(({ file }) => file.backlogBytes === 0)).toBe(true);
  await Promise.all(worlds.map((each) => each.close()));
  expect(count()).toBe(before);
});
