/** Options that change in the middle of a run: no byte is lost, none goes to two places. */
import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { FakeClock } from '../system/fake-clock.ts';
import { LogOutlets } from './log-outlets.ts';
import { FaultyIo, makePipe, until, useTempDir } from './logging.fixture.ts';
import type { OutputChannelOptions } from './channel-options.ts';
import { OutputChannel } from './output-channel.ts';
import { readBufferBytes } from './pipe-reader.ts';
import { ReadPacer } from './read-pacer.ts';
import { WidePipes } from './wide-pipes.ts';
import { WriteNotices } from './write-notices.ts';

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
  readonly #clock = new FakeClock();
  readonly #channel: OutputChannel;
  readonly #options: OutputChannelOptions;
  #writeFd = -1;
  #written = 0;

  constructor(options: Partial<OutputChannelOptions> = {}) {
    const { io } = this.faults;
    this.#options = {
      processName: 'cat',
      channel: 'stdout',
      logPath: tempDir('log'),
      limits: { maxBytes: 0, backups: 0 },
      captureMaxBytes: 0,
      toSyslog: false,
      stripAnsi: false,
      use: 'output',
      onLog: null,
      onCommunication: (data) => void this.captures.push(Buffer.from(data).toString()),
      onRead: null,
      ...options,
    };
    const clock = this.#clock;
    this.#channel = new OutputChannel(this.#options, {
      io,
      clock,
      widePipes: new WidePipes(io),
      pacer: new ReadPacer(clock),
      buffer: Buffer.allocUnsafeSlow(readBufferBytes),
      outlets: new LogOutlets({ io, clock, notices: new WriteNotices() }),
      log: { isEnabled: () => false, log: () => undefined },
      syslog: {
        send: (message) => {
          this.syslog.push(Buffer.from(message).toString());
          return null;
        },
      },
    });
    cleanups.push(() => this.#channel.close());
  }

  begin(): this {
    const pipe = makePipe(tempDir('pipe'));
    this.#writeFd = pipe.writeFd;
    cleanups.push(() => fs.closeSync(pipe.writeFd));
    expect(this.#channel.open()).toBe(null);
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

  configure(options: Partial<OutputChannelOptions>): string | null {
    return this.#channel.configure({ ...this.#options, ...options });
  }

  get path(): string | null {
    return this.#channel.logPath;
  }

  finish(): void {
    this.#channel.finish();
  }

  /** Lets the time come at which a write that failed is tried again. */
  retry(): void {
    this.#clock.advance(2000);
  }
}

const read = (name: string): string => fs.readFileSync(tempDir(name), 'utf8');

describe('a channel with other options', () => {
  it('goes on in another file', async () => {
    const run = new Run().begin();
    await run.say('one ');
    expect(run.configure({ logPath: tempDir('other') })).toBe(null);
    await run.say('two');
    expect([read('log'), read('other'), run.path]).toEqual(['one ', 'two', tempDir('other')]);
  });

  it('goes from no file to one, and back', async () => {
    const run = new Run({ logPath: null }).begin();
    await run.say('lost ');
    run.configure({ logPath: tempDir('log') });
    await run.say('kept ');
    run.configure({ logPath: null });
    await run.say('lost again');
    expect(read('log')).toBe('kept ');
  });

  it('keeps what it had when the other file cannot be opened', async () => {
    const run = new Run().begin();
    expect(run.configure({ logPath: tempDir('missing/log') })).toBe('ENOENT');
    await run.say('here');
    expect([read('log'), run.path]).toEqual(['here', tempDir('log')]);
  });

  it('rotates by other limits', async () => {
    const run = new Run().begin();
    await run.say('0123456789');
    run.configure({ limits: { maxBytes: 10, backups: 1 } });
    await run.say('x');
    await run.say('y');
    expect([read('log.1'), read('log')]).toEqual(['0123456789x', 'y']);
  });

  it('begins and ends to look for captures, and sends to syslog', async () => {
    const run = new Run().begin();
    const marked = '<!--XSUPERVISOR:BEGIN-->m<!--XSUPERVISOR:END-->';
    await run.say(marked);
    run.configure({ captureMaxBytes: 100, toSyslog: true });
    await run.say(`${marked}a line\n<!--XSUP`);
    run.configure({});
    await run.say(marked);
    expect(read('log')).toBe(`${marked}a line\n<!--XSUP${marked}`);
    expect(run.captures).toEqual(['m']);
    expect(run.syslog.join('')).toContain('cat a line');
  });

  it('between runs only takes note of them', () => {
    const run = new Run();
    run.configure({ logPath: tempDir('other') });
    expect(fs.existsSync(tempDir('other'))).toBe(false);
    run.begin();
    expect(read('other')).toBe('');
  });

  it('goes on reading when the file it was held up by is no longer its own', async () => {
    const run = new Run().begin();
    run.faults.roomBytes = 2;
    await run.say('12345');
    run.configure({ logPath: tempDir('other') });
    run.faults.roomBytes = Number.POSITIVE_INFINITY;
    await run.say('678');
    run.retry();
    expect([read('log'), read('other')]).toEqual(['12345', '678']);
  });
});
