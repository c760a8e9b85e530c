import fs from 'node:fs';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { Follower } from './follow.ts';
import { nodeReader } from './log-reader.fixture.ts';
import { largeBlockBytes, smallBlockBytes } from './read-blocks.ts';
import { danglingEnd } from './utf8.ts';
import { makeFifo, until, useTempDir } from './logging.fixture.ts';
import { WriteNotices } from './write-notices.ts';

const tempDir = useTempDir();

function context() {
  return { reader: nodeReader, clock: new FakeClock(), notices: new WriteNotices() };
}

/** A follower of a path; null when there is nothing to follow. */
function open(world: ReturnType<typeof context>, path: string): Promise<Follower | null> {
  return Follower.open(world, path, 10, new AbortController().signal);
}

/** A follower of `log`, which holds `content`. */
async function follow(content: string, world = context()): Promise<Follower> {
  fs.writeFileSync(tempDir('log'), content);
  const follower = await open(world, tempDir('log'));
  if (follower === null) {
    throw new Error('cannot follow');
  }
  return follower;
}

async function readText(follower: Follower): Promise<string | null> {
  const piece = await follower.read();
  return piece === null ? null : Buffer.from(piece).toString();
}

/** What a read has come to once the follower has nothing to do any more, unless something happens. */
function beforeAnythingHappens<T>(
  { clock }: ReturnType<typeof context>,
  read: Promise<T>,
): () => Promise<T | 'nothing'> {
  let result: T | 'nothing' = 'nothing';
  void read.then((value) => (result = value));
  return async () => {
    await until(() => result !== 'nothing' || clock.pending > 0);
    return result;
  };
}

/** As where all watches are taken. */
function withoutWatches(): void {
  vi.spyOn(fs, 'watch').mockImplementation(() => {
    throw new Error('ENOSPC');
  });
}

afterEach(() => vi.restoreAllMocks());

describe('B19.1: following a log', () => {
  it('starts so many bytes before the end, or at the start of a shorter file', async () => {
    const long = await follow('0123456789abcdef');
    expect(await readText(long)).toBe('6789abcdef');
    long.abort();
    const short = await follow('0123');
    expect(await readText(short)).toBe('0123');
    short.abort();
  });

  it('is woken by a notice of the daemon', async () => {
    withoutWatches();
    const world = context();
    const follower = await follow('', world);
    const next = beforeAnythingHappens(world, readText(follower));
    expect(await next()).toBe('nothing');
    fs.appendFileSync(tempDir('log'), 'new');
    world.notices.notifyWritten(tempDir('log'));
    expect(await next()).toBe('new');
    follower.abort();
  });

  it('is woken by a write of somebody else', async () => {
    const world = context();
    const follower = await follow('', world);
    const next = beforeAnythingHappens(world, readText(follower));
    expect(await next()).toBe('nothing');
    fs.appendFileSync(tempDir('log'), 'foreign');
    await until(() => world.clock.pending === 0);
    expect(await next()).toBe('foreign');
    follower.abort();
  });

  it('looks by itself after a second', async () => {
    withoutWatches();
    const world = context();
    const follower = await follow('', world);
    const next = beforeAnythingHappens(world, readText(follower));
    expect(await next()).toBe('nothing');
    fs.renameSync(tempDir('log'), tempDir('log.1'));
    fs.writeFileSync(tempDir('log'), 'in the new file');
    world.clock.advance(999);
    expect(await next()).toBe('nothing');
    world.clock.advance(1);
    expect(await next()).toBe('in the new file');
    follower.abort();
  });

  it('reads the rest of a rotated file, then the new one', async () => {
    const follower = await follow('old ');
    expect(await readText(follower)).toBe('old ');
    fs.appendFileSync(tempDir('log'), 'last words');
    fs.renameSync(tempDir('log'), tempDir('log.1'));
    fs.writeFileSync(tempDir('log'), 'first words');
    expect(await readText(follower)).toBe('last words');
    expect(await readText(follower)).toBe('first words');
    follower.abort();
  });

  it('reads every file that was rotated away while the reader was slow', async () => {
    const follower = await follow('0 ');
    for (let rotation = 1; rotation <= 3; rotation += 1) {
      for (let index = rotation - 1; index >= 0; index -= 1) {
        fs.renameSync(tempDir(index === 0 ? 'log' : `log.${index}`), tempDir(`log.${index + 1}`));
      }
      fs.writeFileSync(tempDir('log'), `${rotation} `);
    }
    const texts = [];
    for (let file = 0; file <= 3; file += 1) {
      texts.push(await readText(follower));
    }
    expect(texts).toEqual(['0 ', '1 ', '2 ', '3 ']);
    follower.abort();
  });

  it('goes on with the file that the path names when its own is not among the backups', async () => {
    const follower = await follow('old');
    fs.writeFileSync(tempDir('log.1'), 'older');
    fs.unlinkSync(tempDir('log'));
    fs.writeFileSync(tempDir('log'), 'new');
    expect([await readText(follower), await readText(follower)]).toEqual(['old', 'new']);
    follower.abort();
  });

  it('says when the file was truncated and starts over', async () => {
    const follower = await follow('0123456789');
    expect(await readText(follower)).toBe('0123456789');
    fs.writeFileSync(tempDir('log'), 'new');
    expect(await readText(follower)).toBe('==> File truncated <==\n');
    expect(await readText(follower)).toBe('new');
    follower.abort();
  });

  it('reads on in a file that was removed, until there is another', async () => {
    const world = context();
    const follower = await follow('a', world);
    expect(await readText(follower)).toBe('a');
    fs.unlinkSync(tempDir('log'));
    const next = beforeAnythingHappens(world, readText(follower));
    expect(await next()).toBe('nothing');
    world.clock.advance(5000);
    expect(await next()).toBe('nothing');
    fs.writeFileSync(tempDir('log'), 'b');
    world.notices.notifyWritten(tempDir('log'));
    expect(await next()).toBe('b');
    follower.abort();
  });

  it('hands out pieces of at most 64 KiB, only when asked', async () => {
    const follower = await follow('');
    fs.writeFileSync(tempDir('log'), Buffer.alloc(150_000, 'x'));
    const lengths = [await follower.read(), await follower.read(), await follower.read()];
    expect(lengths.map((piece) => piece?.length)).toEqual([65_536, 65_536, 150_000 - 131_072]);
    follower.abort();
  });

  it('hands out larger pieces to who takes them, one after the other in the same memory', async () => {
    const follower = await follow('');
    const text = 'ü€🙂'.repeat(120_000);
    fs.writeFileSync(tempDir('log'), text);
    let read = Buffer.alloc(0);
    const memory = new Set<ArrayBufferLike>();
    const lengths = [];
    while (read.length < Buffer.byteLength(text)) {
      const piece = (await follower.read(largeBlockBytes)) ?? new Uint8Array();
      expect(danglingEnd(piece)).toBe(0);
      lengths.push(Math.ceil(piece.length / 1024));
      memory.add(piece.buffer);
      read = Buffer.concat([read, piece]);
    }
    expect(read.toString()).toBe(text);
    expect(lengths).toEqual([64, 256, 256, 256, 223]);
    // The first one was read before it was known that there are more.
    expect(memory.size).toBe(2);
    follower.abort();
  });

  it('gives its memory back when there has been nothing for a while, and at its end', async () => {
    withoutWatches();
    const world = context();
    const { blocks } = world.reader;
    const giveBack = vi.spyOn(blocks, 'giveBack');
    const follower = await follow('', world);
    const readAll = async (): Promise<void> => {
      fs.appendFileSync(tempDir('log'), Buffer.alloc(2 * smallBlockBytes, 'x'));
      world.notices.notifyWritten(tempDir('log'));
      await follower.read();
      await follower.read();
    };
    await readAll();
    const next = beforeAnythingHappens(world, follower.read());
    expect(await next()).toBe('nothing');
    expect(giveBack).not.toHaveBeenCalled();
    world.clock.advance(1000);
    expect(await next()).toBe('nothing');
    expect(giveBack).toHaveBeenCalledOnce();
    fs.appendFileSync(tempDir('log'), 'a line');
    world.notices.notifyWritten(tempDir('log'));
    expect(Buffer.from((await next()) as Uint8Array).toString()).toBe('a line');
    await readAll();
    follower.abort();
    follower.abort();
    expect(giveBack).toHaveBeenCalledTimes(2);
  });

  it('ends with abort, also while it waits, and leaves nothing behind', async () => {
    const world = context();
    (await follow('')).abort();
    const descriptors = (): number => fs.readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (const isWaiting of [true, false]) {
      const follower = await follow('', world);
      const next = follower.read();
      if (isWaiting) {
        await until(() => world.clock.pending > 0);
      }
      follower.abort();
      follower.abort();
      expect(await next).toBe(null);
      expect(await follower.read()).toBe(null);
      expect(world.clock.pending).toBe(0);
    }
    await until(() => descriptors() <= before + 1);
  });

  it('serves many followers of one file', async () => {
    const world = context();
    const followers = await Promise.all(Array.from({ length: 50 }, () => follow('', world)));
    const all = Promise.all(followers.map(readText));
    fs.appendFileSync(tempDir('log'), 'all');
    world.notices.notifyWritten(tempDir('log'));
    expect(new Set(await all)).toEqual(new Set(['all']));
    followers.forEach((follower) => follower.abort());
  });

  it('never begins or ends within a character', async () => {
    const follower = await follow('€€€€');
    expect(await readText(follower)).toBe('€€€');
    const text = 'ü€🙂'.repeat(20_000);
    fs.appendFileSync(tempDir('log'), text);
    let read = '';
    while (read.length < text.length) {
      const piece = await readText(follower);
      expect(piece).not.toContain('\ufffd');
      read += piece;
    }
    expect(read).toBe(text);
    follower.abort();
  });

  it('waits a second for the rest of a character, also in the next file, then gives it out as it is', async () => {
    const world = context();
    const [first = 0, second = 0, third = 0] = Buffer.from('€');
    const follower = await follow('', world);
    const next = beforeAnythingHappens(world, follower.read());
    fs.writeFileSync(tempDir('log'), Uint8Array.of(first, second));
    world.notices.notifyWritten(tempDir('log'));
    expect(await next()).toBe('nothing');
    fs.renameSync(tempDir('log'), tempDir('log.1'));
    fs.writeFileSync(tempDir('log'), Uint8Array.of(third, first));
    world.notices.notifyWritten(tempDir('log'));
    expect(Buffer.from((await next()) as Uint8Array).toString()).toBe('€');
    const last = beforeAnythingHappens(world, follower.read());
    expect(await last()).toBe('nothing');
    world.clock.advance(1000);
    expect(await last()).toEqual(Buffer.of(first));
    follower.abort();
  });

  it('gives out at its end what it has kept', async () => {
    const world = context();
    const follower = await follow('€', world);
    fs.truncateSync(tempDir('log'), 2);
    const next = beforeAnythingHappens(world, follower.read());
    expect(await next()).toBe('nothing');
    follower.abort();
    expect((await next())?.length).toBe(2);
    expect(await follower.read()).toBe(null);
  });

  it('refuses what is not there, and a directory', async () => {
    expect(await open(context(), tempDir('missing'))).toBe(null);
    expect(await open(context(), tempDir())).toBe(null);
  });

  it('has nothing to say of a FIFO or a device, and takes nothing out of them', async () => {
    makeFifo(tempDir('fifo'));
    const writer = fs.openSync(tempDir('fifo'), fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    fs.writeSync(writer, 'for its reader');
    for (const path of [tempDir('fifo'), '/dev/null', '/dev/zero']) {
      const world = context();
      const follower = await open(world, path);
      const next = beforeAnythingHappens(world, follower?.read() ?? Promise.resolve(null));
      expect(await next()).toBe('nothing');
      world.clock.advance(10_000);
      expect(await next()).toBe('nothing');
      follower?.abort();
      expect(await follower?.read()).toBe(null);
      expect(follower?.lastJump.count).toBe(0);
    }
    const buffer = Buffer.alloc(100);
    expect(buffer.toString('utf8', 0, fs.readSync(writer, buffer))).toBe('for its reader');
    fs.closeSync(writer);
  });
});
