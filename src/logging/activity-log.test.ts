import fs from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Descriptor } from '../system/descriptor.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { ActivityLog, type ActivityLogOptions, type ActivityRecord, logLevels } from './activity-log.ts';
import { withLines, withOutput } from './log-text.ts';
import { logFilesOver } from './log-files.fixture.ts';
import { answerOf, makeOutlets } from './outlets.fixture.ts';
import { FaultyIo, someTurns, useTempDir } from './logging.fixture.ts';

const tempDir = useTempDir();

function make(options: Partial<ActivityLogOptions> = {}) {
  const clock = new FakeClock();
  const faults = new FaultyIo();
  const stdout = tempDir('stdout');
  const stdoutFd = new Descriptor(fs.openSync(stdout, 'a+'));
  const io = {
    ...faults.io,
    // Standard output of the test stays its own.
    fstat: (fd: Descriptor) => faults.io.fstat(fd.number === 1 ? stdoutFd : fd),
    append: (fd: Descriptor, buffer: Uint8Array, offset: number) =>
      faults.io.append(fd.number === 1 ? stdoutFd : fd, buffer, offset),
  };
  const errors: string[] = [];
  const syslog: string[] = [];
  const outlets = makeOutlets(io, clock);
  const log = ActivityLog.open(
    {
      level: 'info',
      logfile: tempDir('supervisord.log'),
      limits: { maxBytes: 0, backups: 0 },
      copiesToStdout: false,
      ...options,
    },
    {
      io,
      files: logFilesOver(io),
      clock,
      outlets,
      syslog: { send: (message) => (syslog.push(Buffer.from(message).toString()), null) },
      printError: (line) => void errors.push(line),
    },
  );
  if (typeof log === 'string') {
    throw new Error(`cannot open: ${log}`);
  }
  return { clock, faults, errors, syslog, log, stdout: () => fs.readFileSync(stdout, 'utf8') };
}

const cleared = (log: ActivityLog): Promise<string> => answerOf((done) => log.clear(done));
const content = (): string => fs.readFileSync(tempDir('supervisord.log'), 'utf8');
/** All that needs no time has happened. */
const settled = (): Promise<void> => someTurns();
const messages = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(24));

describe('B16.1: lines of the activity log', () => {
  it('have local time with milliseconds, level and message', async () => {
    const { log, clock } = make();
    clock.advance(7);
    log.info('supervisord started with pid 1');
    clock.advance(1230);
    log.log('warn', withLines('é\nsecond line'));
    const local = (ms: number): string => {
      const date = new Date(clock.wallMs() - clock.monotonicMs() + ms);
      const two = (value: number): string => String(value).padStart(2, '0');
      const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
      return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    };
    await settled();
    expect(content()).toBe(
      `${local(7)},007 INFO supervisord started with pid 1\n${local(1237)},237 WARN é\n    second line\n`,
    );
    expect(content()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO /);
  });

  it.each([
    ['critical', 'CRIT'],
    ['info', 'CRIT ERRO WARN INFO'],
    ['blather', 'CRIT ERRO WARN INFO DEBG TRAC BLAT'],
  ] as const)('are those of level %s and above', async (level, labels) => {
    const { log } = make({ level });
    log.critical('x');
    log.error('x');
    log.warn('x');
    log.info('x');
    log.debug('x');
    log.trace('x');
    log.blather('x');
    await settled();
    expect(
      content()
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(24, 28))
        .join(' '),
    ).toBe(labels);
  });

  it('have the level numbers of the original', async () => {
    expect(Object.values(logLevels).map(({ number }) => number)).toEqual([50, 40, 30, 20, 10, 5, 3]);
  });
});

describe('B5.5: in the foreground', () => {
  it('each line is on standard output too', async () => {
    const { log, stdout } = make({ copiesToStdout: true });
    log.info('hello');
    await settled();
    expect(stdout()).toBe(content());
    expect(messages(stdout())).toEqual(['INFO hello']);
  });

  it.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])(
    'and only once where %s is the log',
    async (logfile) => {
      const { log, stdout } = make({ copiesToStdout: true, logfile });
      log.info('hello');
      expect(messages(stdout())).toEqual(['INFO hello']);
    },
  );
});

describe('what others have put into a message', () => {
  const forged = 'called: x()\n2026-01-01 00:00:00,000 CRIT \u001b[2Jforged\u202e';

  it('is one line, in the file, on standard output and for subscribers', async () => {
    const { log, stdout } = make({ copiesToStdout: true });
    const records: string[] = [];
    log.subscribe(({ message }) => void records.push(message));
    log.info(forged);
    await settled();
    const line = 'called: x()\\n2026-01-01 00:00:00,000 CRIT \\x1b[2Jforged\\u202e';
    expect(messages(content())).toEqual([`INFO ${line}`]);
    expect(stdout()).toBe(content());
    expect(records).toEqual([line]);
  });

  it('is one message for syslog', async () => {
    const { log, syslog } = make({ logfile: 'syslog' });
    log.info(`${forged}\n\n`);
    expect(syslog).toHaveLength(1);
    expect(syslog[0]).not.toMatch(/\p{Cc}/u);
  });
});

describe('B5.1: other places', () => {
  it('syslog gets each line with time and level', async () => {
    const { log, syslog } = make({ logfile: 'syslog' });
    log.log('info', withOutput('one', 'two\n'));
    expect(syslog.map((line) => line.slice(24))).toEqual(['INFO one', 'INFO two']);
    expect([log.path, await cleared(log)]).toEqual([null, 'no-file']);
  });

  it('a file that cannot be opened is an errno', async () => {
    expect(() => make({ logfile: tempDir('missing/log') })).toThrow('ENOENT');
  });
});

describe('B18.8: clearing it', () => {
  it('leaves an empty file, and says so on standard output for each output', async () => {
    const { log, stdout } = make({ copiesToStdout: true });
    log.info('old');
    expect(await cleared(log)).toBe('cleared');
    expect(content()).toBe('');
    expect(messages(stdout())).toEqual(['INFO old', 'INFO reopening log file', 'INFO reopening log file']);
    log.info('new');
    await settled();
    expect(messages(content())).toEqual(['INFO new']);
  });

  it('answers NO_FILE when it is gone', async () => {
    const { log } = make();
    fs.unlinkSync(tempDir('supervisord.log'));
    expect(await cleared(log)).toBe('no-file');
  });

  it('answers FAILED when it cannot be removed', async () => {
    const { log } = make();
    fs.unlinkSync(tempDir('supervisord.log'));
    fs.mkdirSync(tempDir('supervisord.log'));
    expect(await cleared(log)).toBe('failed');
  });
});

describe('B13.3: reopening it', () => {
  it('goes on in a new file after the old one was moved', async () => {
    const { log } = make();
    fs.renameSync(tempDir('supervisord.log'), tempDir('old'));
    log.reopen();
    log.info('new');
    await settled();
    expect(messages(fs.readFileSync(tempDir('old'), 'utf8'))).toEqual(['INFO supervisord logreopen']);
    expect(messages(content())).toEqual(['INFO new']);
  });
});

describe('a full disk', () => {
  it('is mentioned once on standard error, and every line is there when it is over', async () => {
    const { log, faults, errors, clock } = make();
    faults.roomBytes = 10;
    log.info('one');
    log.info('two');
    await settled();
    clock.advance(10_000);
    await settled();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('ENOSPC');
    faults.roomBytes = 1000;
    clock.advance(1000);
    await settled();
    expect(messages(content())).toEqual(['INFO one', 'INFO two']);
  });

  it('costs lines, not memory, and they are counted', async () => {
    const { log, faults, clock } = make();
    faults.roomBytes = 0;
    const message = withOutput('x', 'x'.repeat(1024 * 1024));
    for (let index = 0; index < 20; index += 1) {
      log.log('info', message);
    }
    await settled();
    faults.roomBytes = Number.POSITIVE_INFINITY;
    clock.advance(1000);
    await settled();
    const lines = messages(content()).filter((line) => /^(INFO|WARN) /.test(line));
    expect(lines).toHaveLength(17);
    expect(lines.at(-1)).toBe('WARN dropped 4 lines of this log while it could not be written');
  });
});

describe('subscribers', () => {
  it('get each record until they have had enough', async () => {
    const { log, clock } = make();
    const records: ActivityRecord[] = [];
    const end = log.subscribe((record) => void records.push(record));
    log.info('one');
    log.debug('not logged');
    end();
    log.info('two');
    expect(records).toEqual([{ wallMs: clock.wallMs(), level: 'info', message: 'one' }]);
  });
});
