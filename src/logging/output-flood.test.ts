import { execSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Descriptor } from '../system/descriptor.ts';
import { answerOf, channelOptions, makeChannelContext } from './outlets.fixture.ts';
import { makeFifo, makePipe, realClock, until, useTempDir, nodeIo, type TestIo } from './logging.fixture.ts';
import type { ChannelContext } from './channel-options.ts';
import { OutputChannel } from './output-channel.ts';
import { readBufferBytes } from './pipe-reader.ts';

const tempDir = useTempDir();
const megabyte = 1024 * 1024;

function makeContext(): ChannelContext {
  // Pipes keep their size, for the figures below.
  const io: TestIo = { ...nodeIo, resizePipe: () => 'EPERM' };
  return makeChannelContext(io, realClock);
}

function makeChannel(context: ChannelContext, logPath: string, maxBytes = 0): OutputChannel {
  return new OutputChannel(
    channelOptions(logPath, { processName: 'flood', limits: { maxBytes, backups: 10 } }),
    context,
  );
}

/** Runs a shell command with its output in the channel; resolves when it has ended. */
async function run(channel: OutputChannel, command: string): Promise<void> {
  const { readFd, writeFd } = makePipe(tempDir(`pipe-${Math.random()}`));
  expect(await answerOf((opened) => channel.open(opened))).toBe(null);
  channel.attach(readFd);
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', writeFd, 'inherit'] });
  fs.closeSync(writeFd);
  await new Promise<void>((resolve) => {
    child.on('exit', () => channel.finish(resolve));
  });
}

describe('a flood', () => {
  it('of 100 MB is all in the rotated files, in order, while others are served', async () => {
    const numbers = 'seq 1 13000000';
    const context = makeContext();
    const flood = makeChannel(context, tempDir('log'), 10 * megabyte);
    const other = makeChannel(context, tempDir('other'));
    const flooding = run(flood, numbers);
    await run(other, 'for i in 1 2 3 4 5 6 7 8 9; do echo $i; done');
    await flooding;
    expect(fs.readFileSync(tempDir('other'), 'latin1')).toBe('1\n2\n3\n4\n5\n6\n7\n8\n9\n');
    const hash = createHash('sha256');
    for (let index = 10; index >= 0; index -= 1) {
      const content = fs.readFileSync(tempDir(index === 0 ? 'log' : `log.${index}`));
      expect(content.length).toBeLessThan(10 * megabyte + readBufferBytes);
      hash.update(content);
    }
    const expected = execSync(`${numbers} | sha256sum`).toString().slice(0, 64);
    expect([flood.bytesRead, hash.digest('hex')]).toEqual([105_888_897, expected]);
  });

  it('takes no more of a turn of the event loop than one pipe holds', async () => {
    const context = makeContext();
    const flood = makeChannel(context, '/dev/null');
    const total = 200_000_000;
    const ended = run(flood, `head -c ${total} /dev/zero`);
    let most = 0;
    for (let before = 0; before < total;) {
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, flood.bytesRead - before);
      before = flood.bytesRead;
    }
    await ended;
    // The end of a child takes what is left at once, which is a pipe more.
    expect(most).toBeLessThanOrEqual(2 * 64 * 1024);
  });

  it('into a FIFO whose reader sleeps holds its child back, and no byte gets lost', async () => {
    makeFifo(tempDir('fifo'));
    const reader = new Descriptor(
      fs.openSync(tempDir('fifo'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK),
    );
    const context = makeContext();
    const stuck = makeChannel(context, tempDir('fifo'));
    const free = makeChannel(context, tempDir('free'));
    let hasEnded = false;
    const flooding = run(stuck, 'seq 100001 400000').then(() => (hasEnded = true));
    await run(free, 'echo free');
    await until(() => stuck.backlogBytes > 0);
    const read = stuck.bytesRead;
    await run(free, 'echo still free');
    expect([stuck.bytesRead, hasEnded]).toEqual([read, false]);
    expect(stuck.backlogBytes).toBeLessThanOrEqual(readBufferBytes);
    expect(fs.readFileSync(tempDir('free'), 'latin1')).toBe('free\nstill free\n');

    const pieces: Buffer[] = [];
    const buffer = Buffer.alloc(megabyte);
    await until(() => {
      const count = context.io.readAvailable(reader, buffer);
      if (typeof count === 'number') {
        pieces.push(Buffer.from(buffer.subarray(0, count)));
      }
      return pieces.reduce((sum, piece) => sum + piece.length, 0) === 2_100_000;
    });
    await flooding;
    context.io.close(reader);
    const lines = Buffer.concat(pieces).toString().trimEnd().split('\n');
    expect(lines.every((line, index) => Number(line) === index + 100_001)).toBe(true);
  });
});
