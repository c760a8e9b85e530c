/** What a pump tells comes late and in any order, beside what is asked of the file: nothing gets stuck, nothing is lost. */
import fs from 'node:fs';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import type { Descriptor } from '../system/descriptor.ts';
import { makePipe, nodeIo, useTempDir } from './logging.fixture.ts';
import type { PumpStream } from './pump.ts';
import { contents, PumpedFileWorld } from './pumped-file.fixture.ts';

const tempDir = useTempDir();
const cleanups: (() => void)[] = [];
const unlimited = { maxBytes: 0, backups: 0 };
const small = { maxBytes: 10, backups: 2 };

afterEach(() => {
  cleanups.splice(0).forEach((cleanup) => cleanup());
});

function make(): PumpedFileWorld & { readonly dir: string; readonly path: string } {
  const dir = tempDir('dir');
  fs.mkdirSync(dir);
  const logPath = path.join(dir, 'log');
  return Object.assign(new PumpedFileWorld(logPath), { dir, path: logPath });
}

/** A pipe whose bytes go into the file, and what was told of it. */
function addStream(world: PumpedFileWorld, limits = unlimited) {
  const { readFd, writeFd } = makePipe(tempDir(`pipe${cleanups.length}`));
  const told: string[] = [];
  const owner = { ended: () => void told.push('ended'), parted: () => void told.push('parted') };
  const stream = world.file.takePipe(readFd, limits, owner);
  if (stream === null) {
    throw new Error('the pipe was not taken');
  }
  cleanups.push(() => fs.closeSync(writeFd));
  return { stream, told, say: (text: string) => void fs.writeSync(writeFd, text) };
}

/** Ends a stream whose child has ended. */
function end(world: PumpedFileWorld, stream: PumpStream): Descriptor | null {
  if (!stream.drain()) {
    world.settle();
  }
  return stream.drop();
}

describe('the size is reached', () => {
  it('while a reopen is under way: the new file is not rotated for what is in the old one', () => {
    const world = make();
    world.push('0123456789', small);
    world.pumping.runOne();
    world.file.reopen();
    fs.renameSync(world.path, `${world.path}.old`);
    world.settle();
    world.write('new', small);
    expect(contents(world.dir)).toEqual({ log: 'new', 'log.old': '0123456789' });
  });

  it('while the pump is in the middle of something when it is asked to hold', () => {
    const world = make();
    world.isBusy = () => true;
    world.file.reopen();
    world.push('0123456789', small);
    world.pumping.run();
    world.isBusy = () => false;
    world.settle();
    world.write('new', small);
    expect(contents(world.dir)).toEqual({ log: 'new', 'log.1': '0123456789' });
  });

  it('again while a rotation that is no longer due waits for the pump', () => {
    const world = make();
    world.push('0123456789', small);
    world.pumping.runOne();
    world.file.reopen();
    fs.renameSync(world.path, `${world.path}.old`);
    world.working.run();
    world.push('abcdefghij', small);
    world.isBusy = () => true;
    world.pumping.runOne();
    world.isBusy = () => false;
    world.settle();
    world.write('new', small);
    expect(contents(world.dir)).toEqual({ log: 'new', 'log.1': 'abcdefghij', 'log.old': '0123456789' });
  });

  it('again for a file that could not be opened after its rotation: it is not moved on', () => {
    const world = make();
    world.faults.openError = () => 'EMFILE';
    world.write('0123456789', small);
    world.file.sizeReached();
    world.settle();
    expect(contents(world.dir)).toEqual({ 'log.1': '0123456789' });
    world.faults.openError = () => null;
    world.file.sizeReached();
    world.settle();
    world.write('new', small);
    expect(contents(world.dir)).toEqual({ log: 'new', 'log.1': '0123456789' });
    expect(world.reports).toEqual([
      `error: cannot open '${world.path}': EMFILE; the file opened before is written to until it works again`,
      `info: can open '${world.path}' again`,
    ]);
  });

  it('by one of two writers with other numbers of backups', () => {
    const world = make();
    world.push('0123456789', { maxBytes: 10, backups: 1 });
    world.push('01234567890123456789', { maxBytes: 20, backups: 0 });
    world.write('new', { maxBytes: 20, backups: 0 });
    expect(contents(world.dir)).toEqual({ log: 'new', 'log.1': '0123456789' });
  });

  it('by a pipe, which goes on in the next file', () => {
    const world = make();
    const { stream, say } = addStream(world, small);
    say('0123456789');
    world.settle();
    say('new');
    expect(end(world, stream)).toBe(null);
    expect([contents(world.dir), stream.bytesRead]).toEqual([{ log: 'new', 'log.1': '0123456789' }, 13]);
  });
});

describe('the file has no name any more', () => {
  it('which is told while it is cleared: what was in it does not come back', () => {
    const world = make();
    world.write('old', unlimited);
    fs.unlinkSync(world.path);
    world.clock.advance(300);
    world.push('lost too ', unlimited);
    world.pumping.runOne();
    world.file.clear(() => undefined);
    world.settle();
    world.write('new', unlimited);
    expect(contents(world.dir)['log']?.endsWith('new')).toBe(true);
    expect(contents(world.dir)['log']?.includes('old')).toBe(false);
  });

  it('when it is to be rotated: it is made anew instead', () => {
    const world = make();
    world.write('01234', small);
    fs.unlinkSync(world.path);
    world.write('56789', small);
    world.write('new', small);
    expect(contents(world.dir)).toEqual({ log: '', 'log.1': '0123456789new' });
  });

  it('and a reopen that fails in the meantime waits no longer than that', () => {
    const world = make();
    world.write('old ', unlimited);
    fs.rmSync(world.dir, { recursive: true });
    world.file.reopen();
    world.settle();
    world.write('new', unlimited);
    fs.mkdirSync(world.dir);
    world.advance(1000);
    expect(contents(world.dir)).toEqual({ log: 'old new' });
    expect(world.clock.pending).toBe(0);
  });
});

describe('a reopen that fails', () => {
  it('does not hold back a file that has its name, however much is in it since it was looked at', () => {
    const world = make();
    world.write('x', unlimited);
    world.faults.openError = () => 'EMFILE';
    world.write('y'.repeat(9 * 1024 * 1024), unlimited);
    world.file.reopen();
    world.settle();
    world.write('z', unlimited);
    expect(world.file.backlogBytes).toBe(0);
    expect(fs.statSync(world.path).size).toBe(9 * 1024 * 1024 + 2);
  });

  it('is over when the next writer finds the file in its place', () => {
    const world = make();
    world.faults.openError = () => 'EMFILE';
    world.file.reopen();
    world.settle();
    world.faults.openError = () => null;
    expect(world.refresh()).toBe(null);
    expect(world.reports.at(-1)).toBe(`info: can open '${world.path}' again`);
    world.advance(1000);
    expect(world.clock.pending).toBe(0);
  });
});

describe('a write that fails', () => {
  it('is tried again when it was told of in the middle of something else', () => {
    const world = make();
    world.faults.roomBytes = 2;
    world.push('abc', unlimited);
    world.pumping.runOne();
    world.file.reopen();
    world.faults.roomBytes = 100;
    world.settle();
    expect(contents(world.dir)).toEqual({ log: 'abc' });
    world.advance(1000);
    world.write('d', unlimited);
    expect([contents(world.dir), world.clock.pending]).toEqual([{ log: 'abcd' }, 0]);
  });

  it('and was dealt with before it was told of leaves nothing held, also where the pump is busy then', () => {
    const world = make();
    world.faults.roomBytes = 2;
    world.push('abc', unlimited);
    world.pumping.runOne();
    world.file.reopen();
    world.faults.roomBytes = 100;
    world.working.run();
    world.settle();
    world.isBusy = () => true;
    world.advance(1000);
    world.isBusy = () => false;
    world.write('d', unlimited);
    expect([contents(world.dir), world.clock.pending]).toEqual([{ log: 'abcd' }, 0]);
  });

  it('takes no byte from a pipe that would have to be kept here', () => {
    const world = make();
    const { stream, say } = addStream(world);
    world.faults.roomBytes = 0;
    say('abc');
    world.settle();
    say('def');
    world.advance(5000);
    expect([stream.bytesRead, world.file.backlogBytes]).toEqual([3, 3]);
    world.faults.roomBytes = 100;
    world.advance(1000);
    end(world, stream);
    expect(contents(world.dir)).toEqual({ log: 'abcdef' });
  });
});

describe('clear', () => {
  it('answers why a file could not be removed, and goes on in it', () => {
    const world = make();
    fs.rmSync(world.path);
    fs.mkdirSync(world.path);
    expect(world.clear()).toBe('EINVAL');
    fs.rmdirSync(world.path);
    world.write('x', unlimited);
    expect(contents(world.dir)).toEqual({ log: 'x' });
  });

  it('answers why no new one could be opened, and makes it later', () => {
    const world = make();
    world.write('old', unlimited);
    world.faults.openError = () => 'EMFILE';
    expect(world.clear()).toBe('EMFILE');
    world.faults.openError = () => null;
    world.advance(1000);
    world.write('new', unlimited);
    expect(contents(world.dir)['log']?.endsWith('new')).toBe(true);
  });

  it('is answered when the file is closed before it comes to that', () => {
    const world = make();
    const answers: unknown[] = [];
    world.isBusy = () => true;
    world.file.close(() => void answers.push('closed'));
    world.file.clear((errno) => void answers.push(errno));
    world.file.refresh((errno) => void answers.push(errno));
    world.settle();
    expect(answers).toEqual(['EBADF', 'EBADF', 'closed']);
  });
});

describe('refresh', () => {
  it('leaves a file in its place alone, and learns how large it is', () => {
    const world = make();
    world.write('0123456789', unlimited);
    fs.truncateSync(world.path);
    expect(world.refresh()).toBe(null);
    world.write('abc', small);
    expect(contents(world.dir)).toEqual({ log: 'abc' });
  });

  it('goes over to another file, or one that is to be made', () => {
    const world = make();
    world.write('one', unlimited);
    fs.renameSync(world.path, `${world.path}.old`);
    expect(world.refresh()).toBe(null);
    world.write('two', unlimited);
    fs.unlinkSync(world.path);
    expect(world.refresh()).toBe(null);
    expect(contents(world.dir)).toEqual({ log: 'two', 'log.old': 'one' });
  });

  it('answers why it cannot, and the former file is written to', () => {
    const world = make();
    fs.renameSync(world.path, `${world.path}.old`);
    fs.mkdirSync(world.path);
    expect(world.refresh()).toMatch(/^E(INVAL|ISDIR)$/);
    world.write('x', unlimited);
    expect(fs.readFileSync(`${world.path}.old`, 'utf8')).toBe('x');
  });
});

describe('what was written before', () => {
  it('a reopen is in the former file, also where the size is reached by it', () => {
    for (const limits of [unlimited, small]) {
      const dir = tempDir(`reopen${limits.maxBytes}`);
      fs.mkdirSync(dir);
      const world = new PumpedFileWorld(path.join(dir, 'log'));
      world.push('0123456789', limits);
      world.push('rest', unlimited);
      world.file.reopen();
      world.settle();
      world.write('new', unlimited);
      const expected =
        limits === small ? { log: 'restnew', 'log.1': '0123456789' } : { log: '0123456789restnew' };
      expect(contents(dir)).toEqual(expected);
    }
  });

  it('a clear goes with it', () => {
    const world = make();
    world.push('old', unlimited);
    const answers: unknown[] = [];
    world.file.clear((errno) => void answers.push(errno));
    world.push('new', unlimited);
    world.settle();
    expect(answers).toEqual([null]);
    world.write('er', unlimited);
    expect(contents(world.dir)).toEqual({ log: 'newer' });
  });

  it('and can not be written does not hold it up', () => {
    const world = make();
    world.faults.roomBytes = 1;
    world.push('abc', unlimited);
    fs.renameSync(world.path, `${world.path}.old`);
    world.file.reopen();
    world.settle();
    expect(contents(world.dir)).toEqual({ log: '', 'log.old': 'a' });
  });

  it('is waited for alone where there is always more, which comes after', () => {
    const world = make();
    world.push('old ', unlimited);
    fs.linkSync(world.path, `${world.path}.old`);
    world.file.clear(() => undefined);
    world.push('one ', unlimited);
    fs.linkSync(world.path, `${world.path}.also`);
    world.file.clear(() => undefined);
    for (let count = 0; count < 5; count += 1) {
      world.pumping.runOne();
      world.push('x', unlimited);
    }
    expect(world.file.backlogBytes).toBe(9);
    world.settle();
    expect(contents(world.dir)).toEqual({ log: 'xxxxx', 'log.also': 'old ', 'log.old': 'old ' });
  });

  it('is not lost with a file that is closed, and said so where it is', () => {
    const world = make();
    world.push('one ', unlimited);
    world.file.reopen();
    world.push('two', unlimited);
    expect(world.close()).toBe(1);
    expect([contents(world.dir), world.reports]).toEqual([{ log: 'one two' }, []]);
    const other = new PumpedFileWorld(tempDir('other'));
    other.faults.roomBytes = 0;
    other.push('one ', unlimited);
    other.file.reopen();
    other.push('two', unlimited);
    other.close();
    other.advance(1000);
    expect(other.reports.at(-1)).toBe(`error: lost 7 bytes of output for '${tempDir('other')}'`);
  });
});

describe('close', () => {
  it('waits for what is pushed, and tells once', () => {
    const world = make();
    world.push('all', unlimited);
    expect(world.close()).toBe(1);
    world.advance(5000);
    expect([contents(world.dir), world.clock.pending, world.reports]).toEqual([{ log: 'all' }, 0, []]);
  });

  it('does not wait for a file that does not answer, with nothing in line', () => {
    const world = make();
    world.isBusy = () => true;
    let count = 0;
    world.file.close(() => (count += 1));
    expect(count).toBe(0);
    world.clock.advance(1000);
    expect(count).toBe(1);
    world.settle();
    expect([count, world.clock.pending]).toEqual([1, 0]);
  });

  it('does not wait for a job that is never done', () => {
    const world = make();
    let count = 0;
    world.file.reopen();
    world.file.close(() => (count += 1));
    world.clock.advance(1000);
    expect(count).toBe(1);
    world.settle();
    expect([count, world.clock.pending]).toEqual([1, 0]);
  });

  it('tries at once what was to be tried later', () => {
    const world = make();
    world.faults.roomBytes = 1;
    world.write('abc', unlimited);
    world.faults.roomBytes = 100;
    expect(world.close()).toBe(1);
    expect(contents(world.dir)).toEqual({ log: 'abc' });
  });

  it('keeps the file for a pipe that is still read, but nobody waiting', () => {
    const world = make();
    const { stream, say } = addStream(world);
    let count = 0;
    world.file.close(() => (count += 1));
    world.advance(1000);
    expect(count).toBe(1);
    say('late');
    end(world, stream);
    world.settle();
    expect([contents(world.dir), count, world.clock.pending]).toEqual([{ log: 'late' }, 1, 0]);
  });

  it('gives its descriptor back', () => {
    const before = fs.readdirSync('/proc/self/fd').length;
    const world = make();
    world.faults.openError = () => 'EMFILE';
    world.file.reopen();
    world.settle();
    world.faults.roomBytes = 0;
    world.write('lost', unlimited);
    world.close();
    world.advance(5000);
    expect([fs.readdirSync('/proc/self/fd').length, world.clock.pending]).toEqual([before, 0]);
  });

  it('takes nothing more, and has nothing waiting', () => {
    const world = make();
    world.close();
    world.push('late', unlimited);
    world.file.follow(true);
    const { readFd, writeFd } = makePipe(tempDir('pipe'));
    expect(world.file.takePipe(readFd, unlimited, { ended: () => {}, parted: () => {} })).toBe(null);
    nodeIo.close(readFd);
    fs.closeSync(writeFd);
    expect([world.file.backlogBytes, world.file.blockedForMs, world.clear()]).toEqual([0, 0, 'EBADF']);
  });
});

describe('a pipe', () => {
  it('is given back unread where it parts, in the middle of something or not', () => {
    for (const isBusy of [true, false]) {
      const world = new PumpedFileWorld(tempDir(`log${isBusy}`));
      const { stream, say, told } = addStream(world);
      say('one');
      world.settle();
      world.isBusy = () => isBusy;
      expect(stream.part()).toBe(!isBusy);
      world.settle();
      expect(told).toEqual(isBusy ? ['parted'] : []);
      say('two');
      world.settle();
      const pipe = stream.drop();
      const buffer = Buffer.alloc(10);
      expect(pipe === null ? '' : nodeIo.readAvailable(pipe, buffer)).toBe(3);
      expect([fs.readFileSync(tempDir(`log${isBusy}`), 'utf8'), stream.bytesRead]).toEqual(['one', 3]);
      if (pipe !== null) {
        nodeIo.close(pipe);
      }
    }
  });

  it('that the pump does not take is to be read', () => {
    const world = make();
    world.pump.refusal = 'EMFILE';
    expect(() => addStream(world)).toThrow('not taken');
  });
});

describe('follow', () => {
  it('tells of each change, of another file in its place, and of nothing once nobody follows', () => {
    const world = make();
    world.write('unseen', unlimited);
    expect(world.changes).toBe(0);
    world.file.follow(true);
    world.write('a', unlimited);
    expect(world.changes).toBe(1);
    const { stream, say } = addStream(world);
    say('b');
    world.settle();
    expect(world.changes).toBe(2);
    world.clear();
    expect(world.changes).toBe(3);
    world.file.follow(false);
    world.write('c', unlimited);
    expect(world.changes).toBe(3);
    end(world, stream);
  });
});
