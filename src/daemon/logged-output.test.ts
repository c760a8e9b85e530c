import fs from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { EventBus } from '../events/bus.ts';
import { AutoLogs } from '../logging/auto-log.ts';
import type { ChannelLog } from '../logging/channel-options.ts';
import type { LogFiles } from '../logging/log-files.ts';
import { logText } from '../logging/log-text.ts';
import { makePipe, nodeIo, someTurns, useTempDir } from '../logging/logging.fixture.ts';
import { answerOf, makeChannelContext } from '../logging/outlets.fixture.ts';
import { processSettings } from '../process/settings.fixture.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { LoggedOutput } from './logged-output.ts';

const tempDir = useTempDir();

const auto = processSettings({ name: 'cat' });
const settings = { ...auto, stdout: { ...auto.stdout, logfile: { kind: 'auto' } } } as const;
const named = { ...auto, stdout: { ...auto.stdout, logfile: { kind: 'path', path: '' } } } as const;

/** An output with an AUTO log, which is made when a test says what comes of it. */
function makeOutput() {
  const lines: string[] = [];
  const making: { readonly file: string; readonly answer: (errno: string | null) => void }[] = [];
  const create: LogFiles['create'] = (file, _options, done) => {
    making.push({
      file,
      answer: (errno) => {
        if (errno === null) {
          fs.writeFileSync(file, '');
        }
        done(errno);
      },
    });
  };
  const unused = (): never => {
    throw new Error('not for this test');
  };
  const log: ChannelLog = {
    isEnabled: () => false,
    log: (level, message) => void lines.push(`${level}: ${logText(message)}`),
  };
  const output = new LoggedOutput('stdout', settings, 'cat', {
    channels: makeChannelContext(nodeIo, new FakeClock(), { log }),
    bus: new EventBus(unused),
    autoLogs: new AutoLogs({ create, list: unused, remove: unused }, tempDir(), 'supervisor'),
    files: { admit: () => () => undefined },
    stripAnsi: false,
    heard: () => undefined,
  });
  const opened: (string | null)[] = [];
  const open = (): void => output.open((problem) => void opened.push(problem));
  const write = (text: string): void => {
    const { readFd, writeFd } = makePipe(tempDir('pipe'));
    output.attach(readFd, 1);
    fs.writeSync(writeFd, text);
    fs.closeSync(writeFd);
  };
  const answer = async (errno: string | null): Promise<void> => {
    making.shift()?.answer(errno);
    await someTurns();
  };
  return { output, lines, making, opened, open, write, answer };
}

const textOf = (file: string | null): string => fs.readFileSync(file ?? '', 'utf8');

describe('the output of a program with an AUTO log', () => {
  it('has its path at once, and is open once the log is made', async () => {
    const { output, opened, open, write, answer } = makeOutput();
    const { logPath } = output;
    expect(path.basename(logPath ?? '')).toMatch(/^cat-stdout---supervisor-.{8}\.log$/);
    open();
    await someTurns();
    expect(opened).toEqual([]);
    await answer(null);
    expect(opened).toEqual([null]);
    write('text');
    await answerOf((finished) => output.finish(() => finished(null)));
    expect([textOf(logPath), output.logPath]).toEqual(['text', logPath]);
    output.close();
  });

  it('goes elsewhere where something else has come in its place, to nowhere where it cannot be made', async () => {
    const { output, lines, opened, open, answer, making } = makeOutput();
    const { logPath } = output;
    open();
    await answer('EEXIST');
    expect(making.map(({ file }) => file === logPath)).toEqual([false]);
    const [next] = making;
    await answer(null);
    expect([opened, output.logPath]).toEqual([[null], next?.file]);
    output.configure(settings);
    await answer('ENOENT');
    await answer('ENOENT');
    expect(output.logPath).toBe(null);
    expect(lines).toEqual([
      'error: cannot create a log for stdout of cat in the childlogdir (ENOENT): it is discarded',
    ]);
    output.close();
  });

  it('is kept for the log of a program that did not wait for it', async () => {
    const { output, opened, open, write, answer } = makeOutput();
    open();
    write('text');
    await answer(null);
    expect(opened).toEqual([null]);
    await answerOf((finished) => output.finish(() => finished(null)));
    expect(textOf(output.logPath)).toBe('text');
    output.close();
  });

  it('is not opened after a stop, and not where the settings name another log by then', async () => {
    const { output, opened, open, answer, making } = makeOutput();
    open();
    output.finish(() => undefined);
    await answer(null);
    expect(opened).toEqual([]);
    output.configure(settings);
    open();
    const stdout = { ...named.stdout, logfile: { kind: 'path', path: tempDir('log') } } as const;
    output.configure({ ...named, stdout });
    await someTurns();
    expect([opened, output.logPath, fs.existsSync(tempDir('log'))]).toEqual([[null], tempDir('log'), true]);
    await answer('EEXIST');
    expect(output.logPath).toBe(tempDir('log'));
    expect(making).toHaveLength(1);
    output.close();
  });
});
