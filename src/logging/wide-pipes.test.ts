import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import type { LogIo } from './io.ts';
import { makePipe, type TestPipe, until, useTempDir, nodeIo } from './logging.fixture.ts';
import { PipeReader, readBufferBytes } from './pipe-reader.ts';
import { ReadPacer } from './read-pacer.ts';
import { WidePipes } from './wide-pipes.ts';

const tempDir = useTempDir();
const ordinary = Buffer.alloc(64 * 1024, 'x');
const readers = new Set<PipeReader>();
const pipes: TestPipe[] = [];

afterEach(() => {
  readers.forEach((reader) => reader.close());
  readers.clear();
  pipes.splice(0).forEach(({ writeFd }) => fs.closeSync(writeFd));
});

/** A kernel that counts which pipes are widened, and does it or not. */
function makeWorld(answer: number | string = 256 * 1024) {
  const widened: [number, number][] = [];
  const io: LogIo = {
    ...nodeIo,
    resizePipe: (fd, bytes) => {
      widened.push([fd.number, bytes]);
      return answer;
    },
  };
  const clock = new FakeClock();
  const context = {
    io,
    clock,
    widePipes: new WidePipes(io),
    pacer: new ReadPacer(clock),
    buffer: Buffer.allocUnsafeSlow(readBufferBytes),
  };
  const open = () => {
    const pipe = makePipe(tempDir(`pipe${pipes.length}`));
    pipes.push(pipe);
    let read = 0;
    const onChunk = (chunk: Uint8Array): boolean => {
      read += chunk.length;
      return true;
    };
    const reader = new PipeReader(pipe.readFd, context, { isPaced: true, onChunk });
    readers.add(reader);
    const write = async (bytes: Uint8Array, times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        const before = read;
        fs.writeSync(pipe.writeFd, bytes);
        await until(() => read === before + bytes.length);
      }
    };
    return { fd: pipe.readFd.number, reader, write };
  };
  return { widened, open };
}

describe('a pipe that is found full again and again', () => {
  it('is widened once', async () => {
    const { widened, open } = makeWorld();
    const { fd, write } = open();
    await write(ordinary, 15);
    expect(widened).toEqual([]);
    await write(ordinary, 25);
    expect(widened).toEqual([[fd, 256 * 1024]]);
  });

  it('is left alone when it has never been full', async () => {
    const { widened, open } = makeWorld();
    await open().write(ordinary.subarray(1), 40);
    expect(widened).toEqual([]);
  });

  it('goes on as it is when the kernel refuses', async () => {
    const { widened, open } = makeWorld('EPERM');
    await open().write(ordinary, 32);
    expect(widened).toHaveLength(2);
  });

  it('waits for others to end when there are too many of them', async () => {
    const { widened, open } = makeWorld();
    const flooded = Array.from({ length: 9 }, open);
    for (const { write } of flooded) {
      await write(ordinary, 16);
    }
    expect(widened.map(([fd]) => fd)).toEqual(flooded.slice(0, 8).map(({ fd }) => fd));
    flooded[0]?.reader.close();
    await flooded[8]?.write(ordinary, 16);
    expect(widened.at(-1)?.[0]).toBe(flooded[8]?.fd);
  });
});
