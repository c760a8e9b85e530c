import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { logText } from './log-text.ts';
import { answerOf, channelOptions, makeChannelContext } from './outlets.fixture.ts';
import { FaultyIo, makePipe, someTurns, type TestPipe, until, useTempDir } from './logging.fixture.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';
import { OutputChannel } from './output-channel.ts';

const tempDir = useTempDir();
const openFds = new Set<number>();
const channels = new Set<OutputChannel>();
let pipes = 0;

afterEach(() => {
  channels.forEach((channel) => channel.close());
  channels.clear();
  openFds.forEach((fd) => fs.closeSync(fd));
  openFds.clear();
});

interface World {
  readonly clock: FakeClock;
  readonly faults: FaultyIo;
  readonly lines: string[];
  readonly syslog: string[];
  readonly context: ChannelContext;
}

function makeWorld(level: 'info' | 'debug' = 'info'): World {
  const clock = new FakeClock();
  const faults = new FaultyIo();
  const { io } = faults;
  const lines: string[] = [];
  const syslog: string[] = [];
  const context = makeChannelContext(io, clock, {
    log: {
      isEnabled: () => level === 'debug',
      log: (at, message) =>
        void ((at !== 'debug' || level === 'debug') && lines.push(`${at}: ${logText(message)}`)),
    },
    syslog: {
      send: (message) => {
        syslog.push(Buffer.from(message).toString());
        return null;
      },
    },
  });
  return { clock, faults, lines, syslog, context };
}

function makeChannel(world: World, options: Partial<OutputChannelOptions> = {}): OutputChannel {
  const channel = new OutputChannel(channelOptions(tempDir('log'), options), world.context);
  channels.add(channel);
  return channel;
}

/** What makes bytes pass through here, beside the log. */
const isRead = { onLog: () => undefined };

/** Opens the channel and gives it a pipe; the write end is closed at the end of the test at the latest. */
async function start(channel: OutputChannel): Promise<TestPipe> {
  pipes += 1;
  const pipe = makePipe(tempDir(`pipe${pipes}`));
  openFds.add(pipe.writeFd);
  expect(await open(channel)).toBe(null);
  channel.attach(pipe.readFd);
  return pipe;
}

/** Ends the run, and waits until all of it is written. */
const finish = (channel: OutputChannel): Promise<void> => answerOf((done) => channel.finish(() => done()));

const open = (channel: OutputChannel): Promise<string | null> => answerOf((opened) => channel.open(opened));
const clear = (channel: OutputChannel): Promise<boolean> => answerOf((cleared) => channel.clear(cleared));

function hangUp({ writeFd }: TestPipe): void {
  openFds.delete(writeFd);
  fs.closeSync(writeFd);
}

const log = (name = 'log'): string => fs.readFileSync(tempDir(name), 'latin1');

describe('B16.2: the log of a child', () => {
  it('is made by the start, even if nothing is written', async () => {
    const channel = makeChannel(makeWorld());
    expect(await open(channel)).toBe(null);
    expect(log()).toBe('');
  });

  it('holds the bytes as they came, appended run by run', async () => {
    fs.writeFileSync(tempDir('log'), 'before ');
    const channel = makeChannel(makeWorld());
    const first = await start(channel);
    fs.writeSync(first.writeFd, Buffer.from([0, 0xff, 0x1b, 0x0a]));
    await until(() => channel.bytesRead === 4);
    await finish(channel);
    const second = await start(channel);
    fs.writeSync(second.writeFd, 'again');
    await finish(channel);
    expect(log()).toBe('before \0\xff\x1b\nagain');
    expect(channel.bytesRead).toBe(9);
  });

  it('that cannot be opened is an errno', async () => {
    const channel = makeChannel(makeWorld(), { logPath: tempDir('missing/log') });
    expect(await open(channel)).toBe('ENOENT');
  });

  it('gets remarks of the daemon like output of the child', async () => {
    const seen: string[] = [];
    const channel = makeChannel(makeWorld(), {
      onLog: (data) => void seen.push(Buffer.from(data).toString()),
    });
    await open(channel);
    channel.note("supervisor: couldn't exec /x: ENOENT\n");
    await until(() => log() !== '');
    expect(log()).toBe("supervisor: couldn't exec /x: ENOENT\n");
    expect(seen).toEqual(["supervisor: couldn't exec /x: ENOENT\n"]);
  });

  it('is not held open between runs', async () => {
    const before = fs.readdirSync('/proc/self/fd').length;
    const channel = makeChannel(makeWorld());
    const pipe = await start(channel);
    await finish(channel);
    hangUp(pipe);
    return until(() => fs.readdirSync('/proc/self/fd').length === before);
  });
});

describe('the end of a child', () => {
  it('takes what is in the pipe, then closes it under those who still hold it', async () => {
    const channel = makeChannel(makeWorld());
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'last words');
    await finish(channel);
    expect(log()).toBe('last words');
    expect(() => fs.writeSync(pipe.writeFd, 'ghost')).toThrow('EPIPE');
  });

  it('is not waited for by the descriptor: a child that closes its output early frees it', async () => {
    const before = fs.readdirSync('/proc/self/fd').length;
    const channel = makeChannel(makeWorld(), { logPath: null });
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'bye');
    hangUp(pipe);
    // What is left is /dev/null.
    await until(() => channel.bytesRead === 3 && fs.readdirSync('/proc/self/fd').length === before + 1);
    await finish(channel);
  });

  it.each([
    ['by the pump', {}],
    ['by the event loop', isRead],
  ])('waits for a full disk, but not for ever, and loses nothing by that, read %s', async (_way, options) => {
    const world = makeWorld();
    const channel = makeChannel(world, options);
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'one two');
    world.faults.roomBytes = 4;
    let isDone = false;
    channel.finish(() => (isDone = true));
    await until(() => world.lines.length === 1);
    world.clock.advance(999);
    await someTurns();
    expect(isDone).toBe(false);
    world.clock.advance(1);
    expect(isDone).toBe(true);
    const next = await start(channel);
    fs.writeSync(next.writeFd, ' three');
    world.faults.roomBytes = Number.POSITIVE_INFINITY;
    await someTurns();
    world.clock.advance(1000);
    await finish(channel);
    expect(log()).toBe('one two three');
  });

  it('is done as soon as the disk has room', async () => {
    const world = makeWorld();
    const channel = makeChannel(world);
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'one two');
    world.faults.roomBytes = 4;
    await until(() => world.lines.length === 1);
    world.clock.advance(500);
    let isDone = false;
    channel.finish(() => (isDone = true));
    await someTurns();
    expect(isDone).toBe(false);
    world.faults.roomBytes = 100;
    world.clock.advance(499);
    await someTurns();
    expect(isDone).toBe(false);
    world.clock.advance(1);
    await until(() => isDone);
    expect(log()).toBe('one two');
    await until(() => world.clock.pending === 0);
  });

  it('is over when the next run begins, whose output comes behind', async () => {
    const world = makeWorld();
    const channel = makeChannel(world);
    await open(channel);
    world.faults.roomBytes = 4;
    channel.note('one two');
    let isDone = false;
    channel.finish(() => (isDone = true));
    expect(isDone).toBe(false);
    await open(channel);
    expect(isDone).toBe(true);
    channel.note(' three');
    world.faults.roomBytes = 100;
    world.clock.advance(1000);
    await until(() => log() === 'one two three');
    await finish(channel);
    await until(() => world.clock.pending === 0);
  });
});

describe('back-pressure', () => {
  it('stops reading while the disk is full, reports it once, and resumes', async () => {
    const world = makeWorld();
    const channel = makeChannel(world);
    const pipe = await start(channel);
    world.faults.roomBytes = 0;
    fs.writeSync(pipe.writeFd, 'a');
    await until(() => channel.backlogBytes === 1);
    fs.writeSync(pipe.writeFd, 'bcd');
    await someTurns();
    world.clock.advance(60_000);
    await someTurns();
    expect(channel.bytesRead).toBe(1);
    expect(world.lines).toHaveLength(1);
    world.faults.roomBytes = 1000;
    world.clock.advance(1000);
    await until(() => channel.bytesRead === 4);
    await finish(channel);
    expect(log()).toBe('abcd');
    expect(world.lines.at(-1)).toBe(`info: can write to '${tempDir('log')}' again`);
  });

  it('holds back who is read here once a quarter of a mebibyte waits', async () => {
    const world = makeWorld();
    const channel = makeChannel(world, isRead);
    const pipe = await start(channel);
    world.faults.roomBytes = 0;
    const piece = 'x'.repeat(60_000);
    for (let count = 1; count <= 5; count += 1) {
      fs.writeSync(pipe.writeFd, piece);
      await until(() => channel.bytesRead === count * piece.length);
    }
    fs.writeSync(pipe.writeFd, piece);
    await someTurns();
    world.clock.advance(60_000);
    await someTurns();
    expect(channel.bytesRead).toBe(5 * piece.length);
    world.faults.roomBytes = Number.POSITIVE_INFINITY;
    world.clock.advance(1000);
    await until(() => channel.bytesRead === 6 * piece.length);
    await finish(channel);
    expect(log().length).toBe(6 * piece.length);
  });

  it('is bounded when a program crashes again and again while the disk is full', async () => {
    const world = makeWorld();
    const channel = makeChannel(world, isRead);
    world.faults.roomBytes = 0;
    const chunk = 'x'.repeat(60_000);
    for (let run = 0; run < 100; run += 1) {
      const pipe = await start(channel);
      fs.writeSync(pipe.writeFd, chunk);

      channel.finish(() => undefined);
      hangUp(pipe);
      await until(() => world.lines.length > 0);
    }
    await open(channel);
    const kept = 18 * chunk.length;
    expect([channel.backlogBytes, channel.bytesRead]).toEqual([kept, 100 * chunk.length]);
    world.faults.roomBytes = Number.POSITIVE_INFINITY;
    world.clock.advance(1000);
    await until(() => log().length === kept && channel.backlogBytes === 0);
    await until(() => world.lines.length === 4);
    expect(world.lines).toEqual([
      `error: cannot write to '${tempDir('log')}': ENOSPC; output is held back until it works again`,
      "error: 'cat' stdout: the last output of runs is dropped while the log cannot be written",
      `info: can write to '${tempDir('log')}' again`,
      `error: 'cat' stdout: lost ${82 * chunk.length} bytes of output`,
    ]);
  });

  it('keeps no more than eight pipes of runs that have ended, and counts what was in the others', async () => {
    const world = makeWorld();
    const channel = makeChannel(world);
    const before = fs.readdirSync('/proc/self/fd').length;
    world.faults.roomBytes = 0;
    for (let run = 0; run < 20; run += 1) {
      const pipe = await start(channel);
      fs.writeSync(pipe.writeFd, `run ${String(run).padStart(2, '0')}\n`);
      hangUp(pipe);
      channel.finish(() => undefined);
      await someTurns();
    }
    expect(fs.readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 9);
    expect(channel.bytesRead).toBeLessThanOrEqual(20 * 7);
    world.faults.roomBytes = Number.POSITIVE_INFINITY;
    world.clock.advance(1000);
    await until(() => world.lines.some((line) => line.includes('lost')));
    await open(channel);
    const numbers = [...log().matchAll(/run (\d\d)\n/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(log()).toBe(numbers.map((number) => `run ${String(number).padStart(2, '0')}\n`).join(''));
    expect(numbers.at(-1)).toBe(19);
    expect(numbers.length).toBeGreaterThanOrEqual(8);
    expect(world.lines.at(-1)).toBe(`error: 'cat' stdout: lost ${(20 - numbers.length) * 7} bytes of output`);
    expect(channel.bytesRead).toBe(20 * 7);
  });

  it('of /dev/full holds the child and nobody else', async () => {
    const world = makeWorld();
    const stuck = makeChannel(world, { logPath: '/dev/full' });
    const free = makeChannel(world, { logPath: tempDir('free') });
    const stuckPipe = await start(stuck);
    const freePipe = await start(free);
    fs.writeSync(stuckPipe.writeFd, `${'x'.repeat(59_999)}\n`);
    await until(() => stuck.backlogBytes > 0);
    fs.writeSync(freePipe.writeFd, 'free');
    await until(() => free.bytesRead === 4);
    await someTurns();
    expect(stuck.backlogBytes).toBeLessThanOrEqual(60_000);
    expect(world.lines).toEqual([
      "error: cannot write to '/dev/full': ENOSPC; output is held back until it works again",
    ]);
    let isDone = false;
    stuck.finish(() => (isDone = true));
    world.clock.advance(1000);
    expect(isDone).toBe(true);
    const closing = answerOf((closed) => world.context.outlets.close(() => closed(null)));
    // The pipe of the other one is still open.
    world.clock.advance(1000);
    await closing;
    expect(world.lines.at(-1)).toMatch(/^error: lost up to \d+ bytes of output for '\/dev\/full'$/);
  });
});

describe('B16.7, B16.6: capture and strip_ansi together', () => {
  it('log, report and hand out what each is to have', async () => {
    const world = makeWorld('debug');
    const events: string[] = [];
    const channel = makeChannel(world, {
      captureMaxBytes: 100,
      stripAnsi: true,
      onLog: (data) => void events.push(`log ${Buffer.from(data).toString()}`),
      onCommunication: (data) => void events.push(`comm ${Buffer.from(data).toString()}`),
    });
    const pipe = await start(channel);
    fs.writeSync(
      pipe.writeFd,
      '\x1b[1mone<!--XSUPERVISOR:BEGIN-->t\x1b[0mwo<!--XSUPERVISOR:END-->three\x1b[0m',
    );
    await finish(channel);
    expect(log()).toBe('onethree');
    expect(events).toEqual(['log one', 'log two', 'comm two', 'log three']);
    expect(world.lines).toEqual([
      "debug: 'cat' stdout output:\none",
      "debug: 'cat' stdout output:\ntwo",
      "debug: 'cat' stdout emitted a comm event",
      "debug: 'cat' stdout output:\nthree",
    ]);
  });

  it('leave the tokens in the log while capture is off', async () => {
    const channel = makeChannel(makeWorld());
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, '<!--XSUPERVISOR:BEGIN-->x<!--XSUPERVISOR:END-->');
    await finish(channel);
    expect(log()).toBe('<!--XSUPERVISOR:BEGIN-->x<!--XSUPERVISOR:END-->');
  });

  it('begin every run afresh', async () => {
    const channel = makeChannel(makeWorld(), { captureMaxBytes: 10, stripAnsi: true });
    const first = await start(channel);
    fs.writeSync(first.writeFd, '<!--XSUPERVISOR:BEGIN-->lost\x1b[');
    await finish(channel);
    const second = await start(channel);
    fs.writeSync(second.writeFd, 'logged');
    await finish(channel);
    expect(log()).toBe('logged');
  });
});

describe('B5.3: the mirror at level debug', () => {
  it('puts characters together that a read has cut, and marks what is no text', async () => {
    const world = makeWorld('debug');
    const channel = makeChannel(world);
    const pipe = await start(channel);
    const euro = Buffer.from('€');
    fs.writeSync(pipe.writeFd, euro.subarray(0, 2));
    await until(() => channel.bytesRead === 2);
    fs.writeSync(pipe.writeFd, Buffer.concat([euro.subarray(2), Buffer.from('uro')]));
    await until(() => channel.bytesRead === 6);
    fs.writeSync(pipe.writeFd, Buffer.from([0xff, 0x61]));
    world.clock.advance(20);
    fs.writeSync(pipe.writeFd, euro.subarray(0, 1));
    await finish(channel);
    expect(world.lines).toEqual([
      "debug: 'cat' stdout output:\n€uro",
      "debug: 'cat' stdout output:\nUndecodable: b'\\xffa'",
      "debug: 'cat' stdout output:\nUndecodable: b'\\xe2'",
    ]);
  });

  it('prints what an event listener says as bytes, before anything is stripped from it', async () => {
    const world = makeWorld('debug');
    const read: string[] = [];
    const channel = makeChannel(world, {
      use: 'protocol',
      stripAnsi: true,
      captureMaxBytes: 100,
      onLog: () => read.push('event'),
      onRead: (data) => void read.push(Buffer.from(data).toString()),
    });
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'READY\n\x1b[m<!--XSUPERVISOR:BEGIN-->');
    await finish(channel);
    expect(log()).toBe('READY\n<!--XSUPERVISOR:BEGIN-->');
    expect(read).toEqual(['READY\n\x1b[m<!--XSUPERVISOR:BEGIN-->']);
    expect(world.lines).toEqual(["debug: 'cat' stdout output:\nb'READY\\n\\x1b[m<!--XSUPERVISOR:BEGIN-->'"]);
  });
});

describe('B16.8: syslog', () => {
  it('gets each line with the name of the process, besides the file', async () => {
    const world = makeWorld();
    const channel = makeChannel(world, { toSyslog: true });
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'one\ntwo\nunfinished');
    await finish(channel);
    expect(world.syslog).toEqual(['cat one', 'cat two', 'cat unfinished']);
    expect(log()).toBe('one\ntwo\nunfinished');
  });

  it('is waited for at the end, also with a line that was waiting for its own', async () => {
    const world = makeWorld();
    let isBehind = true;
    const syslog = { send: () => (isBehind ? 'EAGAIN' : null) };
    const channel = makeChannel({ ...world, context: { ...world.context, syslog } }, { toSyslog: true });
    await open(channel);
    channel.note('unfinished');
    let isDone = false;
    channel.finish(() => (isDone = true));
    expect(isDone).toBe(false);
    isBehind = false;
    world.clock.advance(50);
    await until(() => isDone);
  });
});

describe('B16.8: a syslog daemon that does not read', () => {
  it('holds back who writes to it and nobody else, and gets everything later', async () => {
    const world = makeWorld();
    const { syslog } = world.context;
    let isStuck = true;
    const context = {
      ...world.context,
      syslog: { send: (message: Uint8Array) => (isStuck ? 'EAGAIN' : syslog.send(message)) },
    };
    const stuck = makeChannel({ ...world, context }, { toSyslog: true });
    const free = makeChannel(world, { logPath: tempDir('free') });
    const stuckPipe = await start(stuck);
    const freePipe = await start(free);
    fs.writeSync(stuckPipe.writeFd, 'one\n');
    await until(() => stuck.backlogBytes > 0);
    fs.writeSync(stuckPipe.writeFd, 'two\n');
    fs.writeSync(freePipe.writeFd, 'free');
    await until(() => free.bytesRead === 4);
    world.clock.advance(5000);
    await someTurns();
    expect([stuck.bytesRead, log()]).toEqual([4, 'one\n']);
    isStuck = false;
    world.clock.advance(50);
    await until(() => stuck.bytesRead === 8 && log().length === 8);
    expect(world.syslog).toEqual(['cat one', 'cat two']);
    expect([log(), world.lines]).toEqual(['one\ntwo\n', []]);
  });
});

describe('B16.9, B13.3: clear and reopen', () => {
  it('start a new file while the child runs', async () => {
    const channel = makeChannel(makeWorld());
    const pipe = await start(channel);
    channel.note('old');
    await until(() => log() === 'old');
    expect(await clear(channel)).toBe(true);
    channel.note('new');
    await until(() => log() === 'new');
    fs.renameSync(tempDir('log'), tempDir('moved'));
    channel.reopen();
    fs.writeSync(pipe.writeFd, 'newer');
    await finish(channel);
    expect([log('moved'), log()]).toEqual(['new', 'newer']);
  });

  it('clears the log of a stopped program too, and keeps it private', async () => {
    const channel = makeChannel(makeWorld(), { logMode: 0o600 });
    await open(channel);
    channel.note('old');
    await finish(channel);
    expect(await clear(channel)).toBe(true);
    expect(log()).toBe('');
    expect(fs.statSync(tempDir('log')).mode & 0o777).toBe(0o600);
    fs.unlinkSync(tempDir('log'));
    expect(await clear(channel)).toBe(true);
    expect(fs.existsSync(tempDir('log'))).toBe(false);
  });

  it('says when the file cannot be removed', async () => {
    const channel = makeChannel(makeWorld());
    await open(channel);
    fs.unlinkSync(tempDir('log'));
    fs.mkdirSync(tempDir('log'));
    expect(await clear(channel)).toBe(false);
  });
});

describe('busy pipes', () => {
  it('are emptied at intervals once small writes follow each other closely', async () => {
    const world = makeWorld();
    const channel = makeChannel(world, isRead);
    const pipe = await start(channel);
    fs.writeSync(pipe.writeFd, 'a');
    await until(() => channel.bytesRead === 1);
    expect(world.clock.pending).toBe(0);
    world.clock.advance(2);
    fs.writeSync(pipe.writeFd, 'b');
    await until(() => channel.bytesRead === 2);
    fs.writeSync(pipe.writeFd, 'c');
    fs.writeSync(pipe.writeFd, 'd');
    await someTurns();
    expect(channel.bytesRead).toBe(2);
    world.clock.advance(20);
    expect(channel.bytesRead).toBe(4);
    world.clock.advance(20);
    expect(world.clock.pending).toBe(0);
    fs.writeSync(pipe.writeFd, 'e');
    await until(() => channel.bytesRead === 5);
    await finish(channel);
    expect(log()).toBe('abcde');
  });

  it('are woken for when writes come slowly, or much at a time', async () => {
    const world = makeWorld();
    const channel = makeChannel(world, isRead);
    const pipe = await start(channel);
    for (const [index, size] of [1, 1, 10_000, 10_000].entries()) {
      const before = channel.bytesRead;
      fs.writeSync(pipe.writeFd, 'x'.repeat(size));
      await until(() => channel.bytesRead === before + size);
      world.clock.advance(index < 2 ? 20 : 0);
    }
    expect(world.clock.pending).toBe(0);
  });

  it('are not delayed where a protocol is spoken', async () => {
    const world = makeWorld();
    const channel = makeChannel(world, { use: 'protocol' });
    const pipe = await start(channel);
    for (let index = 1; index <= 5; index += 1) {
      fs.writeSync(pipe.writeFd, 'x');
      await until(() => channel.bytesRead === index);
    }
    expect(world.clock.pending).toBe(0);
  });

  it('stay held back while paced', async () => {
    const world = makeWorld();
    let isStuck = false;
    const syslog = { send: () => (isStuck ? 'EAGAIN' : null) };
    const channel = makeChannel({ ...world, context: { ...world.context, syslog } }, { toSyslog: true });
    const pipe = await start(channel);
    for (let index = 1; index <= 2; index += 1) {
      world.clock.advance(2);
      fs.writeSync(pipe.writeFd, 'x\n');
      await until(() => channel.bytesRead === index * 2);
    }
    isStuck = true;
    fs.writeSync(pipe.writeFd, 'y\n');
    world.clock.advance(20);
    fs.writeSync(pipe.writeFd, 'z\n');
    world.clock.advance(500);
    await someTurns();
    expect(channel.bytesRead).toBe(6);
    isStuck = false;
    world.clock.advance(1000);
    await until(() => channel.bytesRead === 8 && log().length === 8);
    expect(log()).toBe('x\nx\ny\nz\n');
  });
});
