/** All that an output channel needs, over the calls of a test. */
import type { Clock } from '../system/clock.ts';
import type { ChannelContext, OutputChannelOptions } from './channel-options.ts';
import { FakePump } from './fake-pump.fixture.ts';
import type { TestIo } from './logging.fixture.ts';
import { logFilesOver } from './log-files.fixture.ts';
import { LogOutlets, type OutletsContext } from './log-outlets.ts';
import { readBufferBytes } from './pipe-reader.ts';
import { ReadPacer } from './read-pacer.ts';
import { WidePipes } from './wide-pipes.ts';
import { WriteNotices } from './write-notices.ts';

/** Places to write to, with a pump that has no thread. */
export function makeOutlets(io: TestIo, clock: Clock, own: Partial<OutletsContext> = {}): LogOutlets {
  return new LogOutlets({
    io,
    files: logFilesOver(io),
    pump: new FakePump(io, clock),
    clock,
    notices: new WriteNotices(),
    ...own,
  });
}

/** What channels share; quiet, and with a syslog that takes everything. */
export function makeChannelContext(
  io: TestIo,
  clock: Clock,
  own: Partial<ChannelContext> = {},
): ChannelContext {
  return {
    io,
    clock,
    widePipes: new WidePipes(io),
    pacer: new ReadPacer(clock),
    buffer: Buffer.allocUnsafeSlow(readBufferBytes),
    outlets: own.outlets ?? makeOutlets(io, clock),
    log: { isEnabled: () => false, log: () => undefined },
    syslog: { send: () => null },
    ...own,
  };
}

/** The stdout of a program that writes into a log, which nothing else needs to see. */
export function channelOptions(
  logPath: string,
  changes: Partial<OutputChannelOptions> = {},
): OutputChannelOptions {
  return {
    processName: 'cat',
    channel: 'stdout',
    logPath,
    limits: { maxBytes: 0, backups: 0 },
    captureMaxBytes: 0,
    toSyslog: false,
    stripAnsi: false,
    use: 'output',
    onLog: null,
    onCommunication: null,
    onRead: null,
    ...changes,
  };
}

/** What is answered by a callback. */
export function answerOf<T>(ask: (done: (answer: T) => void) => void): Promise<T> {
  return new Promise((resolve) => ask(resolve));
}
