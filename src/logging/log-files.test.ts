import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { loadBinding } from '../native/index.ts';
import { AwaitedFiles } from './awaited-files.fixture.ts';
import { makeFifo, until, useTempDir } from './logging.fixture.ts';
import type { OpenedFile } from './open-log.ts';

const tempDir = useTempDir();
const files = new AwaitedFiles();

afterEach(() => files.closeAll());

const write = (name: string, text: string): string => {
  fs.writeFileSync(tempDir(name), text);
  return tempDir(name);
};
const textOf = (name: string): string => fs.readFileSync(tempDir(name), 'utf8');
const names = (): readonly string[] => fs.readdirSync(tempDir()).toSorted();
const append = ({ fd }: OpenedFile, text: string): number => fs.writeSync(fd.number, text);

describe('opening a log', () => {
  it('makes it with the mode less the umask, and tells what it is', async () => {
    const opened = await files.mustOpen(tempDir('log'));
    const { dev, ino } = fs.statSync(tempDir('log'));
    expect(opened.facts).toEqual({ kind: 'file', sizeBytes: 0, device: dev, inode: ino, links: 1 });
    append(opened, 'one');
    expect((await files.mustOpen(tempDir('log'))).facts.sizeBytes).toBe(3);
    expect(fs.statSync(tempDir('log')).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  it('appends, can be read back, does not wait and is not inherited', async () => {
    write('log', 'old');
    const { fd } = await files.mustOpen(tempDir('log'));
    fs.writeSync(fd.number, 'new', 0);
    expect(fs.readSync(fd.number, Buffer.alloc(9), 0, 9, 0)).toBe(6);
    const flags = /flags:\s*([0-7]+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${fd.number}`, 'utf8'))?.[1];
    const { O_APPEND, O_NONBLOCK, O_RDWR } = fs.constants;
    expect(Number.parseInt(flags ?? '', 8) & (O_APPEND | O_NONBLOCK | O_RDWR | 0o2000000)).toBe(
      O_APPEND | O_NONBLOCK | O_RDWR | 0o2000000,
    );
  });

  it('tells of other kinds, and why it cannot', async () => {
    makeFifo(tempDir('fifo'));
    const kinds = [await files.mustOpen(tempDir('fifo')), await files.mustOpen('/dev/null')];
    expect(kinds.map(({ facts }) => facts.kind)).toEqual(['fifo', 'device']);
    expect(await files.open(tempDir())).toBe('EISDIR');
    expect(await files.open(tempDir('none/log'))).toBe('ENOENT');
  });

  it('goes on writing where only that is allowed, and through /proc never reads', async () => {
    const pipe = await files.mustOpen(write('log', ''));
    const through = await files.mustOpen(`/proc/thread-self/fd/${pipe.fd.number}`);
    expect(() => fs.readSync(through.fd.number, Buffer.alloc(1), 0, 1, 0)).toThrow('EBADF');
  });

  it("opens nothing where it is one of the daemon's own descriptors", async () => {
    fs.symlinkSync('/dev/stdout', tempDir('link'));
    fs.symlinkSync('dir/../link', tempDir('chain'));
    fs.symlinkSync(tempDir(), tempDir('dir'));
    const paths = [
      '/dev/stderr',
      '/dev/fd/70',
      '/proc/self/fd/12',
      `/proc/${process.pid}/fd/3`,
      tempDir('chain'),
    ];
    const answers = await Promise.all(paths.map((file) => files.open(file)));
    expect(answers).toEqual([2, 70, 12, 3, 1].map((number) => `descriptor ${number}`));
    expect(await files.open(`/proc/${process.pid}/fd/x`)).toBe('ENOENT');
    fs.symlinkSync('loop', tempDir('loop'));
    expect(await files.open(tempDir('loop'))).toBe('ELOOP');
    fs.symlinkSync(`../..${'/..'.repeat(20)}/./dev//fd/5`, tempDir('relative'));
    expect(await files.open(tempDir('relative'))).toBe('descriptor 5');
  });

  it('that has come to lead to such a descriptor is not gone over to, and not removed', async () => {
    const stdout = fs.openSync(tempDir('stdout'), 'a');
    const opened = await files.mustOpen(tempDir('log'));
    fs.unlinkSync(tempDir('log'));
    fs.symlinkSync(`/dev/fd/${stdout}`, tempDir('log'));
    expect(await files.reopen(tempDir('log'), opened, 0)).toEqual({ outcome: 'failed', why: 'EINVAL' });
    expect(await files.clear(tempDir('log'))).toEqual({ outcome: 'kept', why: 'EINVAL' });
    fs.closeSync(stdout);
    expect(names()).toEqual(['log', 'stdout']);
  });

  it('answers in a later turn only', async () => {
    let isWithin = true;
    const answered = new Promise<boolean>((resolve) => {
      files.files.stat('/', () => resolve(isWithin));
    });
    isWithin = false;
    expect(await answered).toBe(false);
  });
});

describe('reopening a log', () => {
  it('gives the file that the path names now, and what was written to a removed one', async () => {
    const opened = await files.mustOpen(tempDir('log'));
    append(opened, 'seen, not seen');
    fs.renameSync(tempDir('log'), tempDir('moved'));
    const moved = await files.reopen(tempDir('log'), opened, 4);
    expect(moved).toMatchObject({ outcome: 'opened', rest: new Uint8Array() });
    fs.unlinkSync(tempDir('moved'));
    const removed = await files.reopen(tempDir('log'), opened, 4);
    expect(removed.outcome === 'opened' && Buffer.from(removed.rest).toString()).toBe(', not seen');
    expect(removed.outcome === 'opened' && removed.opened.facts.inode).toBe(fs.statSync(tempDir('log')).ino);
  });

  it('gives all that has been written unseen', async () => {
    const opened = await files.mustOpen(tempDir('log'));
    fs.ftruncateSync(opened.fd.number, 20 * 2 ** 20);
    fs.unlinkSync(tempDir('log'));
    const answer = await files.reopen(tempDir('log'), opened, 10);
    expect(answer.outcome === 'opened' && answer.rest.length).toBe(20 * 2 ** 20 - 10);
  });

  it('leaves it at that while it is the same, if asked to', async () => {
    const opened = await files.mustOpen(write('log', 'text'));
    expect(await files.reopen(tempDir('log'), opened, 0, true)).toEqual({
      outcome: 'same',
      facts: { ...opened.facts, sizeBytes: 4 },
    });
    fs.unlinkSync(tempDir('log'));
    expect(await files.reopen(tempDir('log'), opened, 0, true)).toMatchObject({ outcome: 'opened' });
  });

  it('takes nothing but a regular file', async () => {
    const opened = await files.mustOpen(tempDir('log'));
    fs.unlinkSync(tempDir('log'));
    makeFifo(tempDir('log'));
    expect(await files.reopen(tempDir('log'), opened, 0)).toEqual({ outcome: 'failed', why: 'EINVAL' });
  });
});

/** Makes something of each kind that is no log. Devices need root. */
const oddities: Readonly<Record<string, (file: string) => void>> = {
  FIFO: makeFifo,
  directory: (file) => fs.mkdirSync(file),
  'link to a device': (file) => fs.symlinkSync('/dev/null', file),
  ...(process.getuid?.() === 0
    ? { device: (file: string): void => void execFileSync('mknod', [file, 'c', '1', '3']) }
    : {}),
};

describe.each(Object.entries(oddities))('a %s', (_kind, make) => {
  it('is neither removed nor moved, nor is anything moved in its place', async () => {
    make(tempDir('odd'));
    const before = fs.lstatSync(tempDir('odd')).ino;
    expect(await files.remove(tempDir('odd'))).toBe('EINVAL');
    expect(await files.clear(tempDir('odd'))).toEqual({ outcome: 'kept', why: 'EINVAL' });
    const log = write('log', 'text');
    expect(await files.shift(tempDir('odd'), 3, log)).toBe('kept: EINVAL');
    fs.renameSync(tempDir('odd'), tempDir('log.1'));
    expect(await files.shift(log, 1)).toBe('kept: EINVAL');
    expect([fs.lstatSync(tempDir('log.1')).ino, names(), textOf('log')]).toEqual([
      before,
      ['log', 'log.1'],
      'text',
    ]);
  });
});

describe('removing and clearing a log', () => {
  it('removes a file or a link to one', async () => {
    write('a', 'text');
    fs.symlinkSync('a', tempDir('link'));
    expect([await files.remove(tempDir('link')), await files.remove(tempDir('link'))]).toEqual([
      null,
      'ENOENT',
    ]);
    expect(await files.remove(tempDir('a'))).toBeNull();
    expect(names()).toEqual([]);
  });

  it('makes it anew, whether it was there or not', async () => {
    const before = await files.mustOpen(write('log', 'text'));
    const cleared = await files.clear(tempDir('log'));
    expect(cleared).toMatchObject({ outcome: 'cleared', opened: { facts: { sizeBytes: 0, kind: 'file' } } });
    expect(fs.fstatSync(before.fd.number).nlink).toBe(0);
    expect(await files.clear(tempDir('new'))).toMatchObject({ outcome: 'cleared' });
    expect(await files.clear(tempDir('none/log'))).toEqual({ outcome: 'misplaced', why: 'ENOENT' });
    expect(names()).toEqual(['log', 'new']);
  });

  it('lets go of the space of a large one a little later', async () => {
    const count = (): number => fs.readdirSync('/proc/self/fd').length;
    const before = count();
    fs.truncateSync(write('log', ''), 2 ** 21);
    expect(await files.remove(tempDir('log'))).toBeNull();
    await until(() => count() <= before);
  });

  it('closes descriptors', async () => {
    const { fd } = await files.mustOpen(tempDir('log'));
    const link = `/proc/self/fd/${fd.number}`;
    files.files.close(fd);
    files.files.close(fd);
    expect(fd.isOpen).toBe(false);
    await until(() => targetOf(link) !== tempDir('log'));
  });
});

describe('reading a log', () => {
  it('gives a part from the start, or from the end', async () => {
    write('log', '0123456789');
    const part = async (start: number, length: number): Promise<unknown> => {
      const read = await files.read(tempDir('log'), start, length);
      return 'why' in read ? read : [read.start, Buffer.from(read.bytes).toString(), read.facts.sizeBytes];
    };
    expect([
      await part(2, 3),
      await part(-4, 9),
      await part(-99, 2),
      await part(8, 99),
      await part(99, 5),
    ]).toEqual([
      [2, '234', 10],
      [6, '6789', 10],
      [0, '01', 10],
      [8, '89', 10],
      [99, '', 10],
    ]);
  });

  it('hands over large parts whole', async () => {
    const text = 'x'.repeat(3 * 2 ** 20);
    const read = await files.read(write('log', text), 0, 2 ** 30);
    expect('bytes' in read && Buffer.from(read.bytes).toString() === text).toBe(true);
  });

  it('tells what is not there from what cannot be read; other things are empty', async () => {
    makeFifo(tempDir('fifo'));
    expect(await files.read(tempDir('none'), 0, 1)).toEqual({ why: 'ENOENT', isThere: false });
    expect(await files.read(tempDir(), 0, 1)).toEqual({ why: 'EISDIR', isThere: true });
    expect(await files.read(tempDir('fifo'), 0, 1)).toMatchObject({
      facts: { kind: 'fifo', sizeBytes: 0 },
      start: 0,
    });
    expect(await files.openToRead('/dev/zero')).toMatchObject({ facts: { kind: 'device', sizeBytes: 0 } });
  });

  it('goes on with the file that came after one that was rotated away', async () => {
    const log = await files.openToRead(write('log', 'first'));
    if (!('fd' in log)) {
      throw new Error(log.why);
    }
    const read = async (position: number): Promise<unknown> => {
      const part = await files.readOn(tempDir('log'), log, position);
      return typeof part === 'string'
        ? part
        : [Buffer.from(part.bytes).toString(), part.next?.facts.inode ?? null, part.facts.sizeBytes];
    };
    expect([await read(0), await read(5), await read(7)]).toEqual([
      ['first', null, 5],
      ['', null, 5],
      ['', null, 5],
    ]);
    fs.renameSync(tempDir('log'), tempDir('log.1'));
    expect(await read(5)).toEqual(['', null, 5]);
    write('log', 'second');
    expect(await read(5)).toEqual(['', fs.statSync(tempDir('log')).ino, 5]);
    fs.renameSync(tempDir('log.1'), tempDir('log.2'));
    fs.renameSync(tempDir('log'), tempDir('log.1'));
    write('log', 'third');
    expect(await read(5)).toEqual(['', fs.statSync(tempDir('log.1')).ino, 5]);
  });

  it('reads on to a block, as much as it holds, and again to the same', async () => {
    const log = await files.mustOpen(write('log', '0123456789'));
    const block = files.files.makeBlock(4);
    const read = async (position: number): Promise<string> => {
      const part = await files.readOn(tempDir('log'), log, position, block);
      expect(typeof part === 'object' && part.bytes.buffer === block?.bytes.buffer).toBe(true);
      return typeof part === 'string' ? part : Buffer.from(part.bytes).toString();
    };
    expect([await read(0), await read(4), await read(8), await read(10)]).toEqual(['0123', '4567', '89', '']);
    fs.truncateSync(tempDir('log'), 1);
    expect(await read(5)).toBe('');
  });

  it('keeps a block for the jobs that read to it, whoever else has let go of it', async () => {
    const log = await files.mustOpen(write('log', '0123456789'));
    const texts = Array.from({ length: 200 }, async () => {
      const part = await files.readOn(tempDir('log'), log, 2, files.files.makeBlock(256 * 1024));
      return typeof part === 'string' ? part : Buffer.from(part.bytes).toString();
    });
    expect(new Set(await Promise.all(texts))).toEqual(new Set(['23456789']));
  });

  it('reads at a position of what is open', async () => {
    const { fd } = await files.mustOpen(write('log', 'text'));
    const answer = await new Promise((resolve) => {
      files.files.readAt(fd, 1, 2, resolve);
    });
    expect(Buffer.from(answer as Uint8Array).toString()).toBe('ex');
  });
});

it('has no thread begin for each of the jobs that somebody asks for one after the other', async () => {
  write('log', '');
  const threads = new Set<string>();
  for (let round = 0; round < 100; round += 1) {
    await Promise.all([1, 2, 3, 4].map(() => files.read(tempDir('log'), 0, 1)));
    fs.readdirSync('/proc/self/task').forEach((thread) => threads.add(thread));
  }
  const others = fs.readdirSync('/proc/self/task').length;
  expect(threads.size).toBeLessThan(others + 30);
});

it('has one thread left when there is nothing to do', async () => {
  write('log', '');
  await Promise.all(Array.from({ length: 50 }, () => files.read(tempDir('log'), 0, 1)));
  await until(() => loadBinding().jobThreads() === 1);
  expect(files.files.blockedSince(tempDir('log'))).toBeNull();
});

/** Null when there is no such link any more. */
function targetOf(link: string): string | null {
  try {
    return fs.readlinkSync(link);
  } catch {
    return null;
  }
}

describe('making a file', () => {
  const create = (name: string, takesPresent: boolean): Promise<string | null> =>
    new Promise((resolve) => {
      files.files.create(tempDir(name), { mode: 0o600, takesPresent }, resolve);
    });

  it('makes one that was not there, for its owner only, before it is opened', async () => {
    const [made, opened] = await Promise.all([create('new', false), files.mustOpen(tempDir('new'))]);
    expect([made, opened.facts.sizeBytes, fs.statSync(tempDir('new')).mode & 0o777]).toEqual([
      null,
      0,
      0o600,
    ]);
    expect(await create('new', false)).toBe('EEXIST');
    expect(await create('none/new', true)).toBe('ENOENT');
  });

  it('takes one that is there if it may, but no link and nothing else', async () => {
    write('log', 'text');
    expect([await create('log', true), await create('again', true), textOf('log')]).toEqual([
      null,
      null,
      'text',
    ]);
    fs.symlinkSync('log', tempDir('link'));
    fs.mkdirSync(tempDir('directory'));
    makeFifo(tempDir('fifo'));
    const odd = ['link', 'directory', 'fifo'];
    expect(await Promise.all(odd.map((name) => create(name, true)))).toEqual(['ELOOP', 'EISDIR', 'ENXIO']);
  });
});

describe('asking for a directory', () => {
  const isDirectory = (directory: string): Promise<boolean | null> =>
    new Promise((resolve) => {
      files.files.isDirectory(directory, resolve);
    });

  it('answers as stat does, links followed whoever has made them', async () => {
    write('log', '');
    fs.mkdirSync(tempDir('open'));
    fs.chmodSync(tempDir('open'), 0o777);
    fs.mkdirSync(tempDir('target'));
    fs.symlinkSync('../target', tempDir('open/link'));
    if (process.getuid?.() === 0) {
      fs.lchownSync(tempDir('open/link'), 4711, 4711);
    }
    fs.symlinkSync('loop', tempDir('loop'));
    const paths = [
      '',
      'none',
      'log',
      'log/x',
      'open/link',
      'open/link/../log',
      'open/link/../open',
      'loop',
      'x'.repeat(300),
    ];
    const answers = await Promise.all(paths.map((name) => isDirectory(`${tempDir()}/${name}`)));
    expect(answers).toEqual([true, false, false, false, true, false, true, false, false]);
    expect(await isDirectory('/')).toBe(true);
  });
});

describe('listing a directory', () => {
  const list = (directory: string): Promise<readonly string[] | string> =>
    new Promise((resolve) => {
      files.files.list(directory, resolve);
    });

  it('tells all names in order, or why it cannot', async () => {
    expect(await list(tempDir())).toEqual([]);
    const many = Array.from({ length: 2000 }, (_, index) => `a name ${index} ${'\u00e9'.repeat(index % 90)}`);
    many.forEach((name) => write(name, ''));
    expect(await list(tempDir())).toEqual(many.toSorted());
    expect(await list(tempDir('none'))).toBe('ENOENT');
    expect(await list(tempDir(many[0]))).toBe('ENOTDIR');
  });
});
