/** Logs that are opened late, and runs that end before theirs could be written: every byte in its place, in order. */
import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import type { OutputChannelOptions } from './channel-options.ts';
import { logText } from './log-text.ts';
import { logFilesOver } from './log-files.fixture.ts';
import { FaultyIo, makePipe, someTurns, until, useTempDir } from './logging.fixture.ts';
import { channelOptions, makeChannelContext, makeOutlets } from './outlets.fixture.ts';
import { OutputChannel } from './output-channel.ts';
import { Turns } from './turns.fixture.ts';

const tempDir = useTempDir();
const cleanups: (() => void)[] = [];
const isRead = { onLog: (): void => undefined };
const ways: [string, Partial<OutputChannelOptions>][] = [
  ['by the pump', {}],
  ['by the event loop', isRead],
];

afterEach(() => {
  cleanups.splice(0).forEach((cleanup) => cleanup());
});

/** A channel whose file system answers when it is told to. */
class World {
  readonly clock = new FakeClock();
  readonly faults = new FaultyIo();
  readonly jobs = new Turns();
  readonly lines: string[] = [];
  readonly channel: OutputChannel;
  readonly #options: OutputChannelOptions;
  #pipes = 0;
  isClosed = false;
  readonly close: (closed: () => void) => void;

  constructor(options: Partial<OutputChannelOptions> = {}) {
    const { io } = this.faults;
    const { clock, jobs } = this;
    const outlets = makeOutlets(io, clock, { files: logFilesOver(io, jobs.later) });
    this.close = (closed) => outlets.close(closed);
    const context = makeChannelContext(io, clock, {
      outlets,
      log: {
        isEnabled: () => false,
        log: (level, message) => void this.lines.push(`${level}: ${logText(message)}`),
      },
    });
    this.#options = channelOptions(tempDir('log'), options);
    this.channel = new OutputChannel(this.#options, context);
    cleanups.push(() => this.channel.close());
  }

  /** Begins a run without waiting for its log, says something, and closes the child's end. */
  start(text: string): (string | null)[] {
    const answers: (string | null)[] = [];
    this.channel.open((errno) => void answers.push(errno));
    this.#pipes += 1;
    const { readFd, writeFd } = makePipe(tempDir(`pipe${this.#pipes}`));
    this.channel.attach(readFd);
    fs.writeSync(writeFd, text);
    fs.closeSync(writeFd);
    return answers;
  }

  configure(options: Partial<OutputChannelOptions>): void {
    this.channel.configure({ ...this.#options, ...options }, () => undefined);
  }

  /** Lets the file system answer, and everything happen that comes of it. */
  async settle(): Promise<void> {
    for (let count = 0; count < 10; count += 1) {
      this.jobs.run();
      await someTurns(2);
    }
  }
}

const log = (): string => fs.readFileSync(tempDir('log'), 'latin1');

describe.each(ways)('a log that is not open when the child starts, read %s', (_way, options) => {
  it('gets all of it once it is', async () => {
    const world = new World(options);
    const answers = world.start('early ');
    await someTurns();
    expect([world.channel.bytesRead, answers]).toEqual([0, []]);
    await world.settle();
    expect([log(), answers]).toEqual(['early ', [null]]);
  });

  it('gets what the daemon has said first in front of it', async () => {
    const world = new World(options);
    world.start('child');
    world.channel.note('daemon ');
    await world.settle();
    expect(log()).toBe('daemon child');
  });

  it('gets all of it when the child has ended by then, which was waited for a second', async () => {
    const world = new World(options);
    const answers = world.start('gone');
    let isDone = false;
    world.channel.finish(() => (isDone = true));
    await someTurns();
    expect(isDone).toBe(false);
    world.clock.advance(1000);
    expect(isDone).toBe(true);
    await world.settle();
    expect([log(), answers]).toEqual(['gone', []]);
    await until(() => world.clock.pending === 0);
  });

  it('is told of at once when the end need not be waited for', async () => {
    const world = new World(options);
    world.start('all');
    await world.settle();
    let isDone = false;
    world.channel.finish(() => (isDone = true));
    await until(() => isDone);
    expect([log(), world.channel.bytesRead]).toEqual(['all', 3]);
  });

  it('gets each run in its place', async () => {
    const world = new World(options);
    for (let run = 1; run <= 5; run += 1) {
      world.start(`run ${run}\n`);
      world.channel.finish(() => undefined);
      world.clock.advance(1000);
    }
    world.start('run 6\n');
    await world.settle();
    expect(log()).toBe('run 1\nrun 2\nrun 3\nrun 4\nrun 5\nrun 6\n');
    expect(world.channel.bytesRead).toBe(36);
  });

  it('is tried again when it could not be opened, for as long as somebody needs it', async () => {
    const world = new World(options);
    world.faults.openError = () => 'EMFILE';
    const answers = world.start('kept');
    await world.settle();
    expect(answers).toEqual(['EMFILE']);
    world.clock.advance(1000);
    await world.settle();
    world.faults.openError = () => null;
    world.clock.advance(1000);
    await world.settle();
    expect([log(), answers]).toEqual(['kept', ['EMFILE']]);
    expect(world.lines).toEqual([
      `error: cannot open '${tempDir('log')}': EMFILE; output is held back until it works`,
      `info: can open '${tempDir('log')}' again`,
    ]);
  });

  it('is opened once, whoever asks while it is tried again', async () => {
    const world = new World(options);
    world.faults.openError = () => 'EMFILE';
    world.start('one ');
    await world.settle();
    world.channel.finish(() => undefined);
    world.faults.openError = () => null;
    world.start('two');
    await world.settle();
    world.clock.advance(5000);
    await world.settle();
    expect(log()).toBe('one two');
    const inode = fs.statSync(tempDir('log')).ino;
    const open = fs
      .readdirSync('/proc/self/fd')
      .filter((number) => fs.existsSync(`/proc/self/fd/${number}`))
      .filter((number) => fs.statSync(`/proc/self/fd/${number}`).ino === inode);
    expect(open).toHaveLength(1);
  });

  it('keeps no more than eight pipes of runs that have ended, and loses the oldest', async () => {
    const world = new World(options);
    for (let run = 10; run < 22; run += 1) {
      world.start(`${run} `);
      world.channel.finish(() => undefined);
    }
    await world.settle();
    expect(log()).toBe('14 15 16 17 18 19 20 21 ');
    expect([world.channel.bytesRead, world.lines]).toEqual([
      36,
      [
        "error: 'cat' stdout: the last output of runs is dropped while the log cannot be written",
        "error: 'cat' stdout: lost 12 bytes of output",
      ],
    ]);
  });
});

describe('what is read by the event loop', () => {
  it('does not overtake what the pump has yet to read of an earlier run', async () => {
    const world = new World();
    world.start('one ');
    await world.settle();
    world.faults.roomBytes = 0;
    world.channel.note('x ');
    await someTurns();
    await until(() => world.lines.length > 0);
    world.channel.finish(() => undefined);
    world.start('two ');
    world.channel.finish(() => undefined);
    world.configure(isRead);
    world.start('three');
    await world.settle();
    world.faults.roomBytes = Number.POSITIVE_INFINITY;
    world.clock.advance(1000);
    await world.settle();
    expect(log()).toBe('one x two three');
  });
});

describe('the end of everything', () => {
  it('does not wait for a log that is never opened', async () => {
    const world = new World();
    world.start('lost');
    world.channel.note('noted');
    let isClosed = false;
    world.close(() => (isClosed = true));
    await someTurns();
    expect(isClosed).toBe(false);
    world.clock.advance(1000);
    expect(isClosed).toBe(true);
  });

  it('writes what has waited for a log that is opened in time', async () => {
    const world = new World();
    world.channel.open(() => undefined);
    world.channel.note('noted');
    let isClosed = false;
    world.close(() => (isClosed = true));
    await world.settle();
    expect([isClosed, log(), world.clock.pending]).toEqual([true, 'noted', 0]);
  });

  it('says what is lost with a log that cannot be opened', async () => {
    const world = new World();
    world.faults.openError = () => 'EMFILE';
    world.channel.open(() => undefined);
    world.channel.note('noted');
    world.close(() => undefined);
    await world.settle();
    expect(world.lines.at(-1)).toBe(`error: lost 5 bytes of output for '${tempDir('log')}'`);
  });
});
