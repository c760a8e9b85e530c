/** Options that change in the middle of a run: no byte is lost, none goes to two places. */
import fs from 'node:fs';
import path from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { FakePump } from './fake-pump.fixture.ts';
import { answerOf, channelOptions, makeChannelContext, makeOutlets } from './outlets.fixture.ts';
import { FaultyIo, makePipe, someTurns, until, useTempDir } from './logging.fixture.ts';
import type { OutputChannelOptions } from './channel-options.ts';
import { OutputChannel } from './output-channel.ts';

const tempDir = useTempDir();
const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    cleanup();
  }
});

class Run {
  readonly faults = new FaultyIo();
  readonly syslog: string[] = [];
  readonly captures: string[] = [];
  /** The pump is in the middle of something whenever it is asked to stop. */
  isBusy = false;
  readonly #clock = new FakeClock();
  readonly #channel: OutputChannel;
  readonly #options: OutputChannelOptions;
  #writeFd = -1;
  #written = 0;

  constructor(options: Partial<OutputChannelOptions> = {}) {
    const { io } = this.faults;
    this.#options = channelOptions(tempDir('log'), {
      onCommunication: (data) => void this.captures.push(Buffer.from(data).toString()),
      ...options,
    });
    const clock = this.#clock;
    const context = makeChannelContext(io, clock, {
      outlets: makeOutlets(io, clock, { pump: new FakePump(io, clock, { isBusy: () => this.isBusy }) }),
      syslog: {
        send: (message) => {
          this.syslog.push(Buffer.from(message).toString());
          return null;
        },
      },
    });
    this.#channel = new OutputChannel(this.#options, context);
    cleanups.push(() => this.#channel.close());
  }

  async begin(): Promise<this> {
    const pipe = makePipe(tempDir('pipe'));
    this.#writeFd = pipe.writeFd;
    cleanups.push(() => this.hangUp());
    expect(await answerOf((opened) => this.#channel.open(opened))).toBe(null);
    this.#channel.attach(pipe.readFd);
    return this;
  }

  /** Writes as the child, and waits until it was read. */
  async say(text: string): Promise<void> {
    fs.writeSync(this.#writeFd, text);
    this.#written += text.length;
    await until(() => {
      // Pipes that say little are read at intervals.
      this.#clock.advance(1);
      return this.#channel.bytesRead === this.#written;
    });
  }

  configure(options: Partial<OutputChannelOptions>): Promise<string | null> {
    return answerOf((configured) => this.#channel.configure({ ...this.#options, ...options }, configured));
  }

  get path(): string | null {
    return this.#channel.logPath;
  }

  finish(): Promise<void> {
    return answerOf((done) => this.#channel.finish(() => done()));
  }

  /** Takes no time: for what is asked while it is still being done. */
  configureLater(options: Partial<OutputChannelOptions>): void {
    this.#channel.configure({ ...this.#options, ...options }, () => undefined);
  }

  /** Writes as the child, and does not wait. */
  mutter(text: string): void {
    fs.writeSync(this.#writeFd, text);
    this.#written += text.length;
  }

  /** Closes the child's end. */
  hangUp(): void {
    if (this.#writeFd >= 0) {
      fs.closeSync(this.#writeFd);
      this.#writeFd = -1;
    }
  }

  /** Lets the time come at which a write that failed is tried again. */
  retry(): void {
    this.#clock.advance(2000);
  }
}

/** Written by now, or soon. */
const written = (name: string, text: string): Promise<void> => until(() => read(name) === text);
/** What this process has open in the directory of the test. */
const openFiles = (): string[] =>
  fs.readdirSync('/proc/self/fd').flatMap((number) => {
    const link = path.join('/proc/self/fd', number);
    const file = fs.existsSync(link) ? fs.readlinkSync(link) : '';
    return file.startsWith(tempDir()) ? [file] : [];
  });
const read = (name: string): string => fs.readFileSync(tempDir(name), 'utf8');

describe('a channel with other options', () => {
  it('goes on in another file', async () => {
    const run = await new Run().begin();
    await run.say('one ');
    expect(await run.configure({ logPath: tempDir('other') })).toBe(null);
    await run.say('two');
    expect([read('log'), read('other'), run.path]).toEqual(['one ', 'two', tempDir('other')]);
  });

  it('goes from no file to one, and back', async () => {
    const run = await new Run({ logPath: null }).begin();
    await run.say('lost ');
    await run.configure({ logPath: tempDir('log') });
    await run.say('kept ');
    await run.configure({ logPath: null });
    await run.say('lost again');
    expect(read('log')).toBe('kept ');
  });

  it('keeps what it had when the other file cannot be opened', async () => {
    const run = await new Run().begin();
    expect(await run.configure({ logPath: tempDir('missing/log') })).toBe('ENOENT');
    await run.say('here');
    expect([read('log'), run.path]).toEqual(['here', tempDir('log')]);
  });

  it('rotates by other limits', async () => {
    const run = await new Run().begin();
    await run.say('0123456789');
    await run.configure({ limits: { maxBytes: 10, backups: 1 } });
    await run.say('x');
    await run.say('y');
    expect([read('log.1'), read('log')]).toEqual(['0123456789x', 'y']);
  });

  it('begins and ends to look for captures, and sends to syslog', async () => {
    const run = await new Run().begin();
    const marked = '<!--XSUPERVISOR:BEGIN-->m<!--XSUPERVISOR:END-->';
    await run.say(marked);
    await run.configure({ captureMaxBytes: 100, toSyslog: true });
    await run.say(`${marked}a line\n<!--XSUP`);
    await run.configure({});
    await run.say(marked);
    expect(read('log')).toBe(`${marked}a line\n<!--XSUP${marked}`);
    expect(run.captures).toEqual(['m']);
    expect(run.syslog.join('')).toContain('cat a line');
  });

  it('between runs only takes note of them', async () => {
    const run = new Run();
    await run.configure({ logPath: tempDir('other') });
    expect(fs.existsSync(tempDir('other'))).toBe(false);
    await run.begin();
    expect(read('other')).toBe('');
  });

  it('goes on reading when the file it was held up by is no longer its own', async () => {
    const run = await new Run().begin();
    run.faults.roomBytes = 2;
    await run.say('12345');
    await run.configure({ logPath: tempDir('other') });
    run.faults.roomBytes = Number.POSITIVE_INFINITY;
    await run.say('678');
    run.retry();
    await written('log', '12345');
    await written('other', '678');
  });

  it('takes the last of several that come while the pump is still at the pipe, and closes the others', async () => {
    const run = await new Run().begin();
    run.isBusy = true;
    run.configureLater({ logPath: tempDir('other') });
    run.configureLater({ logPath: tempDir('third') });
    await someTurns();
    run.isBusy = false;
    await run.say('here');
    await run.finish();
    await written('third', 'here');
    expect([read('log'), read('other')]).toEqual(['', '']);
    await until(() => !openFiles().some((file) => /^\/.*\/(log|other|third)$/.test(file)));
  });
});

describe('a run that goes over from the pump to the event loop, and back', () => {
  const pieces = Array.from({ length: 40 }, (_, index) => `piece ${index}\n`);

  it.each([false, true])('loses and swaps nothing, with a pump that is busy: %s', async (isBusy) => {
    const run = await new Run().begin();
    run.isBusy = isBusy;
    const events: string[] = [];
    const onLog = (data: Uint8Array): void => void events.push(Buffer.from(data).toString());
    for (const [index, piece] of pieces.entries()) {
      run.mutter(piece);
      if (index % 3 === 0) {
        run.configureLater({ onLog: index % 2 === 0 ? onLog : null });
      }
      await someTurns(index % 4);
    }
    await run.say('');
    await run.finish();
    await written('log', pieces.join(''));
    const positions = events.map((event) => pieces.join('').indexOf(event));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(events.length).toBeGreaterThan(0);
  });

  it('while the disk is full', async () => {
    const run = await new Run().begin();
    run.faults.roomBytes = 3;
    await run.say('one ');
    run.mutter('two ');
    await run.configure({ onLog: () => undefined });
    await run.say('three ');
    await run.configure({});
    run.mutter('four ');
    await someTurns();
    await run.configure({ onLog: () => undefined });
    await run.say('five');
    run.faults.roomBytes = Number.POSITIVE_INFINITY;
    run.retry();
    await run.finish();
    await written('log', 'one two three four five');
  });

  it('after its child has closed its output', async () => {
    const run = await new Run({ onLog: () => undefined }).begin();
    await run.say('all');
    run.hangUp();
    await someTurns();
    await run.configure({});
    await run.configure({ onLog: () => undefined });
    await run.finish();
    await written('log', 'all');
  });

  it('at its end, before the pump has given the pipe back', async () => {
    const run = await new Run().begin();
    await run.say('one ');
    run.isBusy = true;
    run.configureLater({ onLog: () => undefined });
    run.mutter('two');
    await run.finish();
    await written('log', 'one two');
  });
});
