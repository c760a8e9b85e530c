import { afterEach, describe, expect, it } from 'vitest';
import fs from 'node:fs';
import { settingsOf } from '../config/world.fixture.ts';
import type { Settings } from '../config/settings.ts';
import { AwaitedFiles } from '../logging/awaited-files.fixture.ts';
import type { LogFiles, OpenAnswer } from '../logging/log-files.ts';
import { useTempDir } from '../logging/logging.fixture.ts';
import { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/errno.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { FakeSystem } from '../system/fake-system.ts';
import { type CheckContext, restartProblem } from './restart-check.ts';

const tempDir = useTempDir();
const awaited = new AwaitedFiles();

afterEach(() => awaited.closeAll());

const loggedTo = (logfile: string): Settings => settingsOf(`logfile=${logfile}\n`);
const current = loggedTo('/var/log/current.log');

function contextWith(files: CheckContext['files'], clock = new FakeClock()): CheckContext {
  return { system: new FakeSystem(), files, clock };
}

describe('the activity log of a restart', () => {
  const problemWith = (logfile: string): Promise<string | null> =>
    restartProblem(loggedTo(logfile), current, contextWith(awaited.files));

  it('is opened beside the event loop, and what keeps it from being opened is told', async () => {
    expect(await problemWith(tempDir('new.log'))).toBeNull();
    expect(fs.existsSync(tempDir('new.log'))).toBe(true);
    expect(await problemWith(tempDir())).toBe(`cannot open the activity log ${tempDir()}: EISDIR`);
    const absent = tempDir('none/log');
    expect(await problemWith(absent)).toBe(`cannot open the activity log ${absent}: ENOENT`);
  });

  it('is not opened where it is one of the own descriptors, or none', async () => {
    expect([await problemWith('/dev/stdout'), await problemWith('syslog')]).toEqual([null, null]);
  });

  it('follows links that are there already', async () => {
    fs.mkdirSync(tempDir('open'));
    fs.chmodSync(tempDir('open'), 0o777);
    fs.symlinkSync('../target.log', tempDir('open/log'));
    expect(await problemWith(tempDir('open/log'))).toBeNull();
    expect(fs.existsSync(tempDir('target.log'))).toBe(true);
  });
});

describe('an activity log that does not answer', () => {
  /** Files of which nothing is heard until a test says so. */
  class SilentFiles {
    readonly clock = new FakeClock();
    readonly asked: string[] = [];
    readonly closed: Descriptor[] = [];
    admitted = 0;
    answer: (answer: OpenAnswer | Errno) => void = () => {};
    readonly files: Pick<LogFiles, 'admit' | 'open' | 'stat' | 'close'> = {
      admit: () => {
        this.admitted += 1;
        return () => void (this.admitted -= 1);
      },
      open: (path, _mode, done) => {
        this.asked.push(`open ${path}`);
        this.answer = done;
      },
      stat: (path) => void this.asked.push(`stat ${path}`),
      close: (fd) => void this.closed.push(fd),
    };

    problem(next: Settings): Promise<string | null> {
      return restartProblem(next, current, contextWith(this.files, this.clock));
    }
  }

  it('is a problem after a second, and closed should it be opened later', async () => {
    const silent = new SilentFiles();
    const problem = silent.problem(loggedTo('/dead/log'));
    silent.clock.advance(1000);
    expect(await problem).toBe('cannot open the activity log /dead/log: ETIMEDOUT');
    expect([silent.asked, silent.admitted, silent.closed]).toEqual([['open /dead/log'], 1, []]);
    const fd = new Descriptor(70);
    const facts = { kind: 'file', sizeBytes: 0, device: 1, inode: 1, links: 1 } as const;
    silent.answer({ fd, facts });
    expect([silent.admitted, silent.closed]).toEqual([0, [fd]]);
  });

  it('is one as well where it is the present one, which is not opened', async () => {
    const silent = new SilentFiles();
    const problem = silent.problem(loggedTo('/var/log/current.log'));
    silent.clock.advance(1000);
    expect(await problem).toBe('cannot open the activity log /var/log/current.log: ETIMEDOUT');
    expect(silent.asked).toEqual(['stat /var/log/current.log']);
  });
});
