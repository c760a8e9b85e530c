import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { AwaitedFiles } from './awaited-files.fixture.ts';
import type { LogDestination } from './destinations/destination.ts';
import { descriptorNamed } from './destinations/own-descriptor.ts';
import type { LogOutlets } from './log-outlets.ts';
import type { OutletOptions } from './outlet.ts';
import { answerOf, makeOutlets } from './outlets.fixture.ts';
import {
  FaultyIo,
  makeFifo,
  makePipe,
  someTurns,
  type TestPipe,
  until,
  useTempDir,
  nodeIo,
  type TestIo,
} from './logging.fixture.ts';
import { WriteNotices } from './write-notices.ts';

const tempDir = useTempDir();
const pipes: TestPipe[] = [];
const worlds: LogOutlets[] = [];

afterEach(() => {
  worlds.splice(0).forEach((outlets) => outlets.close(() => undefined));
  pipes
    .splice(0)
    .forEach(({ readFd, writeFd }) => [readFd.number, writeFd].forEach((fd) => fs.closeSync(fd)));
});

interface Joined {
  readonly destination: LogDestination;
  readonly opened: Promise<string | null>;
}

function makeWorld(io?: TestIo) {
  const clock = new FakeClock();
  const faults = new FaultyIo();
  const notices = new WriteNotices();
  const outlets = makeOutlets(io ?? faults.io, clock, { notices });
  worlds.push(outlets);
  const reports: string[] = [];
  const report = (level: string, message: string): void => void reports.push(`${level}: ${message}`);
  let drains = 0;
  const open = (path: string, options: Partial<OutletOptions> = {}): LogDestination => {
    const opened = outlets.open(path, { limits: { maxBytes: 0, backups: 0 }, report, onDrain, ...options });
    if (typeof opened === 'string') {
      throw new Error(`cannot open ${path}: ${opened}`);
    }
    return opened;
  };
  const onDrain = (): void => void (drains += 1);
  const begin = (path: string, options: Partial<OutletOptions>): Joined => {
    const own = { limits: { maxBytes: 0, backups: 0 }, report, onDrain, ...options };
    const destination = outlets.join(path, own);
    return { destination, opened: answerOf<string | null>((opened) => destination.open(opened)) };
  };
  const join = async (path: string, options: Partial<OutletOptions> = {}): Promise<LogDestination> => {
    const { destination, opened } = begin(path, options);
    expect(await opened).toBe(null);
    return destination;
  };
  const tryToJoin = async (path: string): Promise<string | null> => {
    const { destination, opened } = begin(path, {});
    const errno = await opened;
    destination.close();
    return errno;
  };
  return { clock, faults, notices, outlets, reports, open, join, tryToJoin, drains: () => drains };
}

/** A pipe that stands for the daemon's own standard output. */
function makeOwnPipe(): TestPipe & { readonly path: string; read(): string } {
  const pipe = makePipe(tempDir(`pipe${pipes.length}`));
  pipes.push(pipe);
  const buffer = Buffer.alloc(1024 * 1024);
  const io = nodeIo;
  return {
    ...pipe,
    path: `/dev/fd/${pipe.writeFd}`,
    read: () => {
      const count = io.readAvailable(pipe.readFd, buffer);
      return typeof count === 'number' ? buffer.toString('latin1', 0, count) : '';
    },
  };
}

/** All that needs no time has happened. */
const settled = (): Promise<void> => someTurns();
const clear = (destination: LogDestination): Promise<string | null> =>
  answerOf((cleared) => destination.clear(cleared));
const write = (destination: LogDestination, text: string): boolean => destination.write(Buffer.from(text));
const content = (name: string): string => fs.readFileSync(tempDir(name), 'latin1');

describe('a file with several writers', () => {
  it('is opened once, rotated by the limits of whoever writes, and loses nothing', async () => {
    const { open } = makeWorld();
    const limited = open(tempDir('log'), { limits: { maxBytes: 8, backups: 1 } });
    const unlimited = open(`${tempDir()}/./log`);
    write(unlimited, '012345678');
    await settled();
    expect(fs.existsSync(tempDir('log.1'))).toBe(false);
    write(limited, 'a');
    write(unlimited, 'new');
    await settled();
    expect([content('log.1'), content('log')]).toEqual(['012345678a', 'new']);
  });

  it('is looked up again when another one joins', async () => {
    const { open } = makeWorld();
    const first = open(tempDir('log'));
    write(first, 'old');
    fs.renameSync(tempDir('log'), tempDir('moved'));
    open(tempDir('log'));
    write(first, 'new');
    await settled();
    expect([content('moved'), content('log')]).toEqual(['old', 'new']);
  });

  it('stays open for what is waiting after the last has left', async () => {
    const { open, faults, clock, reports } = makeWorld();
    const before = fs.readdirSync('/proc/self/fd').length;
    const only = open(tempDir('log'));
    faults.roomBytes = 1;
    write(only, 'abc');
    only.close();
    await settled();
    faults.roomBytes = 100;
    clock.advance(1000);
    await settled();
    expect(content('log')).toBe('abc');
    expect(reports).toHaveLength(2);
    expect([fs.readdirSync('/proc/self/fd').length, clock.pending]).toEqual([before, 0]);
  });

  it('tells followers of each write, and of a file that was cleared while closed', async () => {
    const { open, notices, outlets } = makeWorld();
    const told: string[] = [];
    const destination = open(tempDir('log'));
    const end = notices.subscribe(tempDir('log'), () => void told.push(content('log')));
    write(destination, 'a');
    await settled();
    await clear(destination);
    destination.close();
    await settled();
    await answerOf((cleared) => outlets.clear(tempDir('log'), undefined, cleared));
    end();
    await answerOf((cleared) => outlets.clear(tempDir('log'), undefined, cleared));
    expect(told).toEqual(['a', '', '']);
  });

  it('is made with the permissions asked for, also by a rotation', async () => {
    const { open } = makeWorld();
    write(open(tempDir('log'), { mode: 0o600, limits: { maxBytes: 1, backups: 1 } }), 'x');
    await settled();
    expect([tempDir('log'), tempDir('log.1')].map((file) => fs.statSync(file).mode & 0o777)).toEqual([
      0o600, 0o600,
    ]);
  });
});

describe("B7.9, B16.5: the daemon's own descriptors", () => {
  it('are known by their names, and by links to these', () => {
    fs.symlinkSync('/dev/stdout', tempDir('link'));
    fs.symlinkSync('link', tempDir('link-to-link'));
    const named = { '/dev/stdout': 1, '/dev/../dev/stderr': 2, '/dev/fd/7': 7, '/proc/self/fd/12': 12 };
    const ours: Readonly<Record<string, number>> = { ...named, [`/proc/${process.pid}/fd/3`]: 3 };
    const others = [
      `/proc/${process.ppid}/fd/1`,
      '/dev/null',
      tempDir('log'),
      '/dev/fd/x',
      '/dev/fd/',
      '/proc/fd/1',
    ];
    for (const find of [descriptorNamed, (file: string) => nodeIo.ownDescriptor(file)]) {
      expect(Object.keys(ours).map((file) => find(file))).toEqual(Object.values(ours));
      expect(others.map((file) => find(file))).toEqual(others.map(() => null));
    }
    expect(descriptorNamed(tempDir('link'))).toBe(null);
    expect(nodeIo.ownDescriptor(tempDir('link-to-link'))).toBe(1);
  });

  it('are shared by all who come to them, by name or by a link, which is looked up again', async () => {
    const { open, join, clock, reports } = makeWorld();
    const own = makeOwnPipe();
    fs.symlinkSync(own.path, tempDir('link'));
    const direct = open(own.path);
    const linked = await join(tempDir('link'));
    write(linked, 'one ');
    write(direct, 'two\n');
    write(linked, 'three\n');
    expect(own.read()).toBe('two\none three\n');
    const second = await join(tempDir('link'));
    write(linked, 'fo');
    write(second, 'five\n');
    write(linked, 'ur\n');
    expect(own.read()).toBe('five\nfour\n');
    expect(await clear(linked)).toBe(null);
    expect(fs.lstatSync(tempDir('link')).isSymbolicLink()).toBe(true);
    fs.unlinkSync(tempDir('link'));
    write(second, 'late');
    const third = await join(tempDir('link'));
    clock.advance(100);
    for (const [index, each] of [linked, second, third].entries()) {
      write(each, `${index}`);
    }
    write(direct, 'direct\n');
    await settled();
    expect([own.read(), content('link')]).toEqual(['direct\n', 'late012']);
    expect(reports).toEqual([]);
  });

  it('that a link leads to hold back who writes by the link, and let go of him', async () => {
    const { join, open, drains, outlets } = makeWorld();
    const own = makeOwnPipe();
    fs.symlinkSync(own.path, tempDir('link'));
    const linked = await join(tempDir('link'));
    const before = drains();
    const text = `${'x'.repeat(99)}\n`.repeat(3000);
    expect(write(linked, text)).toBe(false);
    let received = '';
    await until(() => {
      received += own.read();
      return drains() > before;
    });
    received += own.read();
    expect([received.length, linked.backlogBytes]).toEqual([text.length, 0]);
    expect(write(linked, text)).toBe(false);
    linked.close();
    await until(() => (received += own.read()).length === 2 * text.length);
    write(open(own.path), 'again');
    expect(own.read()).toBe('again');
    await answerOf((closed) => outlets.close(() => closed(null)));
  });

  it('that are not open are an errno for who comes by a link', async () => {
    fs.symlinkSync('/dev/fd/987', tempDir('link'));
    expect(await makeWorld().tryToJoin(tempDir('link'))).toBe('EBADF');
  });

  it('are not cleared by a link that nobody has open, though they are files', async () => {
    const { outlets } = makeWorld();
    const fd = fs.openSync(tempDir('stdout'), 'w');
    fs.writeSync(fd, 'text');
    fs.symlinkSync(`/dev/fd/${fd}`, tempDir('link'));
    const { files } = new AwaitedFiles();
    const real = makeOutlets(nodeIo, new FakeClock(), { files });
    expect(await answerOf((cleared) => real.clear(tempDir('link'), undefined, cleared))).toBe(null);
    outlets.close(() => undefined);
    fs.closeSync(fd);
    expect([content('stdout'), fs.readlinkSync(tempDir('link'))]).toEqual(['text', `/dev/fd/${fd}`]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'above standard error are not reached by a link of somebody else',
    () => {
      for (const [name, target] of Object.entries({ out: '/dev/stdout', high: '/dev/fd/7' })) {
        fs.symlinkSync(target, tempDir(name));
        fs.lchownSync(tempDir(name), 65534, 65534);
      }
      fs.chmodSync(tempDir(), 0o777);
      expect(['out', 'high'].map((name) => nodeIo.ownDescriptor(tempDir(name)))).toEqual([1, null]);
    },
  );

  it('are written to, never rotated, reopened or cleared', async () => {
    const { open, outlets } = makeWorld();
    const own = makeOwnPipe();
    const destination = open(own.path, { limits: { maxBytes: 1, backups: 1 } });
    write(destination, 'one ');
    destination.reopen();
    expect(await clear(destination)).toBe(null);
    expect(await answerOf((cleared) => outlets.clear(own.path, undefined, cleared))).toBe(null);
    write(destination, 'two');
    expect(own.read()).toBe('one two');
  });

  it('stay blocking for those who share them', async () => {
    const own = makeOwnPipe();
    write(makeWorld().open(own.path), 'x');
    const flags = /flags:\s*0([0-7]+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${own.writeFd}`, 'utf8'));
    expect(Number.parseInt(flags?.[1] ?? '', 8) & fs.constants.O_NONBLOCK).toBe(0);
  });

  it('that are files are written where they stand', async () => {
    const fd = fs.openSync(tempDir('stdout'), 'w');
    fs.writeSync(fd, 'before ');
    const destination = makeWorld().open(`/dev/fd/${fd}`, { limits: { maxBytes: 1, backups: 1 } });
    write(destination, 'ours ');
    fs.writeSync(fd, 'after');
    destination.close();
    fs.closeSync(fd);
    expect(content('stdout')).toBe('before ours after');
  });

  it('that are not open are an errno', async () => {
    const { outlets } = makeWorld();
    const options = {
      limits: { maxBytes: 0, backups: 0 },
      report: () => undefined,
      onDrain: () => undefined,
    };
    expect(outlets.open('/dev/fd/987', options)).toBe('EBADF');
  });

  it('keep the lines of several writers whole', async () => {
    const { open, clock } = makeWorld();
    const own = makeOwnPipe();
    const alone = open(own.path);
    write(alone, 'prompt> ');
    expect(own.read()).toBe('prompt> ');
    const second = open(own.path);
    write(alone, 'one ');
    write(second, 'two\n');
    write(alone, 'three\nfo');
    write(second, 'five\n');
    alone.settle();
    expect(own.read()).toBe('two\none three\nfive\nfo');
    write(second, 'late');
    clock.advance(100);
    expect(own.read()).toBe('late');
    second.close();
    write(alone, 'again alone ');
    expect(own.read()).toBe('again alone ');
    const full = 'x'.repeat(4095);
    write(alone, `${full}\nfo`);
    write(alone, `ur${full}`);
    const third = open(own.path);
    write(third, 'five\n');
    write(alone, '\n');
    expect(own.read()).toBe(`${full}\nfive\nfour${full}\n`);
  });

  it('that nobody reads hold back their writers, who go on when somebody does', async () => {
    const { open, drains } = makeWorld();
    const own = makeOwnPipe();
    const destination = open(own.path);
    const text = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');
    expect(write(destination, text)).toBe(false);
    expect(write(destination, 'end\n')).toBe(false);
    let received = '';
    await until(() => {
      received += own.read();
      return received.endsWith('end\n');
    });
    await until(() => drains() === 1);
    expect(received).toBe(`${text}end\n`);
    expect(write(destination, 'more')).toBe(true);
  });

  it('whose reader has gone take everything and drop it', async () => {
    const { open, reports } = makeWorld();
    const own = makeOwnPipe();
    const destination = open(own.path);
    expect(write(destination, 'x'.repeat(100_000))).toBe(false);
    fs.closeSync(own.readFd.number);
    pipes.pop();
    await until(() => destination.backlogBytes === 0);
    expect(write(destination, 'y')).toBe(true);
    expect(reports).toEqual([
      `error: cannot write to 'descriptor ${own.writeFd}': EPIPE; its output is dropped from now on`,
    ]);
    fs.closeSync(own.writeFd);
  });
});

describe('B16.5: other files that are no regular files', () => {
  it('take everything when they are /dev/null, and are not cleared', async () => {
    const destination = makeWorld().open('/dev/null', { limits: { maxBytes: 1, backups: 0 } });
    expect(write(destination, 'x'.repeat(1_000_000))).toBe(true);
    expect(await clear(destination)).toBe(null);
    expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('are opened without waiting when they are FIFOs, and keep what a reader finds later', async () => {
    const { open } = makeWorld();
    makeFifo(tempDir('fifo'));
    const destination = open(tempDir('fifo'), { limits: { maxBytes: 1, backups: 1 } });
    expect(write(destination, 'for later')).toBe(true);
    const reader = fs.openSync(tempDir('fifo'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const buffer = Buffer.alloc(100);
    expect(buffer.toString('utf8', 0, fs.readSync(reader, buffer))).toBe('for later');
    fs.closeSync(reader);
  });

  it('are opened again after a reopen', async () => {
    const { open } = makeWorld();
    makeFifo(tempDir('fifo'));
    const destination = open(tempDir('fifo'));
    fs.unlinkSync(tempDir('fifo'));
    makeFifo(tempDir('fifo'));
    const reader = fs.openSync(tempDir('fifo'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    destination.reopen();
    await settled();
    write(destination, 'x');
    const buffer = Buffer.alloc(100);
    expect(fs.readSync(reader, buffer)).toBe(1);
    fs.closeSync(reader);
  });

  it('take over what waits for the former when they are opened again, also where there is a file by then', async () => {
    const { open, faults, reports } = makeWorld();
    const before = fs.readdirSync('/proc/self/fd').length;
    makeFifo(tempDir('fifo'));
    const destination = open(tempDir('fifo'));
    const text = 'x'.repeat(100_000);
    expect(write(destination, text)).toBe(false);
    const waiting = destination.backlogBytes;
    expect(waiting).toBeGreaterThan(0);
    faults.openError = () => 'EACCES';
    destination.reopen();
    await settled();
    expect([destination.backlogBytes, ...reports]).toEqual([
      waiting,
      `error: cannot open '${tempDir('fifo')}': EACCES; what was opened before is written to`,
    ]);
    faults.openError = () => null;
    fs.unlinkSync(tempDir('fifo'));
    destination.reopen();
    destination.reopen();
    expect(write(destination, 'end')).toBe(false);
    await until(() => destination.backlogBytes === 0);
    expect(content('fifo')).toBe(`${text.slice(-waiting)}end`);
    destination.close();
    await until(() => fs.readdirSync('/proc/self/fd').length === before);
    expect(reports).toHaveLength(1);
  });

  it('whose reader has gone are opened again for the next writer', async () => {
    makeFifo(tempDir('fifo'));
    const reader = fs.openSync(tempDir('fifo'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    let isGone = true;
    const writeSome: typeof nodeIo.writeSome = (...args) => (isGone ? 'EPIPE' : nodeIo.writeSome(...args));
    const { outlets, join } = makeWorld({ ...nodeIo, writeSome });
    const first = await join(tempDir('fifo'));
    write(first, 'lost');
    isGone = false;
    write(first, 'lost too');
    await join(tempDir('fifo'));
    write(first, 'found\n');
    const buffer = Buffer.alloc(100);
    expect(buffer.toString('utf8', 0, fs.readSync(reader, buffer))).toBe('found\n');
    outlets.close(() => undefined);
    fs.closeSync(reader);
  });

  it('give their descriptors back', async () => {
    const { outlets, open } = makeWorld();
    const before = fs.readdirSync('/proc/self/fd').length;
    makeFifo(tempDir('fifo'));
    const destination = open(tempDir('fifo'));
    write(destination, 'x'.repeat(200_000));
    destination.close();
    await answerOf((closed) => outlets.close(() => closed(null)));
    await until(() => fs.readdirSync('/proc/self/fd').length === before);
  });
});
