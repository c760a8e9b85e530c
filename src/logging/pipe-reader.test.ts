import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { loadBinding } from '../native/index.ts';
import { Descriptor } from '../system/descriptor.ts';
import { FakeClock } from '../system/fake-clock.ts';
import type { LogIo } from './io.ts';
import { nodeIo, until } from './logging.fixture.ts';
import { PipeReader, readBufferBytes } from './pipe-reader.ts';
import { ReadPacer } from './read-pacer.ts';
import { WidePipes } from './wide-pipes.ts';

const binding = loadBinding();
const readers: PipeReader[] = [];

afterEach(() => {
  readers.splice(0).forEach((reader) => reader.close());
});

function makePipe(): { readonly readFd: number; readonly writeFd: number } {
  const pipe = binding.pipe(true);
  if (typeof pipe === 'number') {
    throw new Error(`cannot make a pipe: ${pipe}`);
  }
  return pipe;
}

function makeReader(fd: number, io: LogIo = nodeIo) {
  const clock = new FakeClock();
  const taken: string[] = [];
  const context = {
    io,
    clock,
    pacer: new ReadPacer(clock),
    widePipes: new WidePipes(io),
    buffer: Buffer.alloc(readBufferBytes),
  };
  const reader = new PipeReader(new Descriptor(fd), context, {
    isPaced: true,
    onChunk: (chunk) => {
      taken.push(Buffer.from(chunk).toString());
      return true;
    },
  });
  readers.push(reader);
  return { reader, taken, clock };
}

const isOpen = (fd: number): boolean => binding.setCloseOnExec(fd, true) >= 0;

describe('the reader of a pipe whose writers have gone', () => {
  it('never reads what has its number next', async () => {
    const pipe = makePipe();
    const { reader, taken } = makeReader(pipe.readFd);
    fs.writeSync(pipe.writeFd, 'own');
    fs.closeSync(pipe.writeFd);
    await until(() => !isOpen(pipe.readFd));
    const next = makePipe();
    expect(next.readFd).toBe(pipe.readFd);
    fs.writeSync(next.writeFd, "somebody else's");
    expect(reader.isOpen).toBe(false);
    reader.drain();
    reader.hold();
    reader.resume();
    reader.close();
    expect(isOpen(next.readFd)).toBe(true);
    const own = makeReader(next.readFd);
    await until(() => own.taken.length > 0);
    expect([taken, own.taken]).toEqual([['own'], ["somebody else's"]]);
    fs.closeSync(next.writeFd);
  });

  it('closes at once when it finds the end by itself', () => {
    const pipe = makePipe();
    const { reader, taken } = makeReader(pipe.readFd);
    fs.writeSync(pipe.writeFd, 'last words');
    fs.closeSync(pipe.writeFd);
    reader.drain();
    expect([reader.isOpen, isOpen(pipe.readFd), taken]).toEqual([false, false, ['last words']]);
  });
});

describe('a pipe that the kernel will not watch', () => {
  it('is looked at now and then instead', () => {
    const pipe = makePipe();
    const { reader, taken, clock } = makeReader(pipe.readFd, { ...nodeIo, watch: () => 'ENOSPC' });
    clock.advance(100);
    fs.writeSync(pipe.writeFd, 'late');
    clock.advance(20);
    fs.closeSync(pipe.writeFd);
    clock.advance(20);
    expect([taken, reader.isOpen, clock.pending]).toEqual([['late'], false, 0]);
  });
});

describe('a pipe that is paced', () => {
  /** Written to twice, 10 ms apart. */
  async function makePaced(io: LogIo = nodeIo) {
    const pipe = makePipe();
    const made = makeReader(pipe.readFd, io);
    for (const text of ['a', 'b']) {
      made.clock.advance(10);
      fs.writeSync(pipe.writeFd, text);
      await until(() => made.taken.at(-1) === text);
    }
    expect(made.clock.pending).toBe(1);
    return {
      ...made,
      write: (bytes: number) => void fs.writeSync(pipe.writeFd, Buffer.alloc(bytes, 'x')),
      pipe,
    };
  }

  it('is waited for again as soon as it is found a fourth full, and stays so while it is', async () => {
    const { taken, clock, write, pipe } = await makePaced();
    write(16 * 1024);
    clock.advance(20);
    expect([taken.length, clock.pending]).toEqual([3, 0]);
    for (let wakes = 4; wakes < 40; wakes += 1) {
      clock.advance(0.5);
      write(10_000);
      await until(() => taken.length === wakes);
    }
    expect(clock.pending).toBe(0);
    fs.closeSync(pipe.writeFd);
  });

  it('is so sooner when the kernel made it small', async () => {
    const { taken, clock, write, pipe } = await makePaced({ ...nodeIo, pipeBytes: () => 8192 });
    write(2048);
    clock.advance(20);
    expect([taken.length, clock.pending]).toEqual([3, 0]);
    fs.closeSync(pipe.writeFd);
  });
});
