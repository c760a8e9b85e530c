import { describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../config/settings.ts';
import { FakeHost, FakeOutput, type FakeOutputs } from './host.fixture.ts';
import type { Process } from './process.ts';
import { processSettings } from './settings.fixture.ts';

type Asked = 'open' | 'finish' | 'clear';

/** A process whose stdout takes its time with what is asked. */
class Slow {
  readonly host = new FakeHost();
  readonly process: Process;
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;

  constructor(asked: Asked, overrides: Partial<ProcessSettings> = {}) {
    this.process = this.host.process(overrides);
    const { stdout, stderr } = this.process.outputs as FakeOutputs;
    this.stdout = stdout;
    this.stderr = stderr ?? new FakeOutput();
    this.stdout.slow.add(asked);
  }

  get spawns(): number {
    return this.host.system.spawned.length;
  }

  /** Signals that were really sent. */
  get kills(): number {
    return this.host.system.kills.length;
  }
}

describe('a log that takes its time to open', () => {
  const starting = (overrides: Partial<ProcessSettings> = {}): Slow => {
    const slow = new Slow('open', overrides);
    slow.process.start();
    return slow;
  };

  it('is waited for, and the program has what it is to have then', () => {
    const { host, process, stdout, stderr } = starting();
    expect([process.state, process.isSpawning, process.pid]).toEqual(['STARTING', true, 0]);
    // The other one is opened meanwhile.
    expect([stdout.calls, stderr.calls]).toEqual([['open'], ['open']]);
    const seen: boolean[] = [];
    process.onStateChange(() => seen.push(process.isSpawning));
    stdout.answer('open');
    expect([process.pid, seen]).toEqual([1001, [false]]);
    expect([stdout.calls, stderr.calls]).toEqual([
      ['open', 'attach 103'],
      ['open', 'attach 105'],
    ]);
    host.clock.advance(1000);
    expect(process.state).toBe('RUNNING');
    expect(host.clock.pending).toBe(0);
  });

  it.each(['stdout', 'stderr'] as const)(
    'fails the start when it cannot be opened in the end: %s',
    (name) => {
      const slow = new Slow('open', { startRetries: 0 });
      slow.stderr.slow.add('open');
      slow[name].openErrno = 'EACCES';
      slow.process.start();
      slow.stderr.answer('open');
      expect(slow.process.state).toBe('STARTING');
      slow.stdout.answer('open');
      expect([slow.process.state, slow.process.spawnError]).toEqual([
        'FATAL',
        "unknown error making dispatchers for 'cat': EACCES",
      ]);
      expect(slow.stdout.calls).toEqual(['open', 'finish']);
      expect(slow.spawns).toBe(0);
      expect(slow.host.clock.pending).toBe(0);
    },
  );

  it('is not waited for longer than a second', () => {
    const { host, process, stdout } = starting();
    host.clock.advance(999);
    expect(process.pid).toBe(0);
    host.clock.advance(1);
    expect([process.pid, stdout.calls]).toEqual([1001, ['open', 'attach 103']]);
  });

  it.each([null, 'EIO'])('that answers after that is no concern of the start: %s', (errno) => {
    const slow = starting({ startSecs: 5 });
    slow.stdout.openErrno = errno;
    slow.host.clock.advance(1000);
    const record = [slow.process.state, slow.process.spawnError, slow.host.lines.length];
    slow.stdout.answer('open');
    expect([slow.process.state, slow.process.spawnError, slow.host.lines.length]).toEqual(record);
    expect([slow.spawns, slow.host.errors]).toEqual([1, []]);
  });

  it.each(['request', 'shutdown'] as const)(
    'does not keep a stop waiting, nor is anything spawned: %s',
    (reason) => {
      const slow = starting();
      expect(slow.process.stop(null, reason)).toBeNull();
      expect([slow.process.state, slow.stdout.calls]).toEqual(['STOPPED', ['open', 'finish']]);
      expect(slow.host.lines.at(-1)).toBe('info stopped: cat (before it was spawned)');
      slow.stdout.answer('open');
      slow.host.clock.advance(10_000);
      expect([slow.process.state, slow.spawns, slow.kills, slow.process.spawnError]).toEqual([
        'STOPPED',
        0,
        0,
        null,
      ]);
      expect(slow.host.clock.pending).toBe(0);
    },
  );

  it('is followed by a start that has logs of its own', () => {
    const slow = starting();
    slow.process.stop();
    slow.process.start();
    // Of the start that was given up.
    slow.stdout.answer('open');
    expect([slow.process.state, slow.spawns]).toEqual(['STARTING', 0]);
    slow.stdout.answer('open');
    expect([slow.spawns, slow.host.errors]).toEqual([1, []]);
  });

  it('with a stop whose outputs take their time, too, the outcome comes when they have finished', () => {
    const slow = starting();
    slow.stdout.slow.add('finish');
    slow.process.stop();
    slow.process.start();
    expect([slow.process.state, slow.process.isSpawning]).toEqual(['STARTING', true]);
    expect(slow.host.lines.at(-1)).toBe("warn process 'cat' already running");
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.spawns]).toEqual(['STOPPED', 0]);
  });

  it('a signal finds nobody, and a second start is told so', () => {
    const slow = starting();
    expect(slow.process.signal(1)).toBeNull();
    slow.process.start();
    slow.stdout.answer('open');
    expect([slow.spawns, slow.kills]).toEqual([1, 0]);
  });

  it('what is configured meanwhile is what is started', () => {
    const slow = starting();
    slow.host.system.addExecutable('/bin/dog');
    slow.process.configure(processSettings({ command: '/bin/dog' }));
    slow.stdout.answer('open');
    // Its logs may be others now.
    expect([slow.spawns, slow.stdout.calls]).toEqual([0, ['open', 'finish', 'open']]);
    slow.stdout.answer('open');
    expect(slow.host.system.spawned.map(({ file }) => file)).toEqual(['/bin/dog']);
    expect(slow.host.errors).toEqual([]);
  });

  it('what is wrong with a log that is none any more is no failure', () => {
    const slow = starting();
    slow.stdout.openErrno = 'EACCES';
    slow.process.configure(processSettings());
    slow.stdout.answer('open');
    slow.stdout.openErrno = null;
    slow.stdout.answer('open');
    expect([slow.process.pid, slow.process.spawnError]).toEqual([1001, null]);
  });

  it('a stop while the logs of other settings are opened is heeded', () => {
    const slow = starting();
    slow.stdout.slow.add('finish');
    slow.process.configure(processSettings());
    slow.stdout.answer('open');
    slow.process.stop();
    expect(slow.process.state).toBe('STARTING');
    slow.stdout.answer('finish');
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.spawns]).toEqual(['STOPPED', 0]);
  });

  it('other settings while the user is looked up are those of the child', () => {
    const host = new FakeHost();
    host.system.users.set(33, { uid: 33, gid: 33, groups: [33] });
    host.system.lookupsTakeTime = true;
    const process = host.process({ uid: 33 });
    process.start();
    process.configure(processSettings());
    host.system.answerLookups();
    expect(host.system.spawned.map(({ identity }) => identity)).toEqual([null]);
  });

  it('nothing is spawned for a process that is removed', () => {
    const slow = starting();
    slow.process.dispose();
    slow.stdout.answer('open');
    slow.host.clock.advance(5000);
    expect([slow.spawns, slow.host.clock.pending]).toEqual([0, 0]);
  });

  it('nor when its user has been looked up at last', () => {
    const host = new FakeHost();
    host.system.lookupsTakeTime = true;
    const process = host.process({ uid: 33 });
    process.start();
    process.dispose();
    host.system.answerLookups();
    expect([process.state, host.system.spawned.length]).toEqual(['STARTING', 0]);
  });

  it('an output that fails to be opened is a failed start, whatever the other one answers later', () => {
    const slow = new Slow('open', { startRetries: 0 });
    slow.stderr.open = () => {
      throw new Error('broken');
    };
    slow.process.start();
    expect(slow.process).toMatchObject({ state: 'FATAL', spawnError: 'unexpected error: Error: broken' });
    slow.stdout.answer('open');
    expect([slow.spawns, slow.host.errors]).toEqual([0, ['spawn of g:cat: Error: broken']]);
  });

  it('a shared socket is kept until the start is given up', () => {
    const host = new FakeHost();
    const opened = host.system.listen({ kind: 'tcp', host: '', port: 9000 });
    const held = new Set<object>();
    host.socket = {
      acquire: (holder) => {
        held.add(holder);
        return opened.ok ? opened : { ok: false, message: '', reason: '' };
      },
      release: (holder) => void held.delete(holder),
    };
    const process = host.process();
    const { stdout } = process.outputs as FakeOutputs;
    stdout.slow.add('open');
    process.start();
    expect(held.size).toBe(1);
    process.stop();
    expect(held.size).toBe(0);
  });
});

describe('a spawn that failed, whose outputs take their time', () => {
  it('is told of when they have finished, so that no attempt meets the one before', () => {
    const slow = new Slow('finish');
    slow.host.system.nextSpawnFailure = { ok: false, stage: 'exec', errno: 'ENOENT' };
    slow.process.start();
    expect([slow.process.state, slow.process.isSpawning]).toEqual(['STARTING', true]);
    slow.stdout.answer('finish');
    expect(slow.process).toMatchObject({ state: 'BACKOFF', spawnError: "couldn't exec /bin/cat: ENOENT" });
  });

  it('ends in STOPPED when a stop is asked for meanwhile', () => {
    const slow = new Slow('finish');
    slow.host.system.nextPipeErrno = 'EMFILE';
    slow.process.start();
    slow.process.stop();
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.process.spawnError]).toEqual([
      'STOPPED',
      "too many open files to spawn 'cat'",
    ]);
  });
});

describe('an end whose outputs take their time', () => {
  /** Its child has ended, `afterMs` after its start. */
  const ending = (afterMs: number, overrides: Partial<ProcessSettings> = {}, code = 0): Slow => {
    const slow = new Slow('finish', { autorestart: 'never', ...overrides });
    slow.process.start();
    slow.host.clock.advance(afterMs);
    slow.host.end(slow.process, code);
    return slow;
  };

  it('is told of when both have finished', () => {
    const slow = ending(2000);
    expect([slow.process.state, slow.process.pid]).toEqual(['RUNNING', 1001]);
    expect([slow.host.stdins[0]?.closed, slow.process.writeStdin(Buffer.from('x'))]).toEqual([
      true,
      'closed',
    ]);
    expect(slow.stderr.calls.at(-1)).toBe('finish');
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.process.pid, slow.process.exitStatus]).toEqual(['EXITED', 0, 0]);
  });

  it.each(['signal', 'stop'] as const)('a %s reaches nobody who may have its pid by now', (what) => {
    const slow = ending(2000);
    expect(what === 'stop' ? slow.process.stop() : slow.process.signal(1)).toBeNull();
    expect(slow.kills).toBe(0);
    expect(slow.host.lines.at(-1)).toBe(
      `debug unable to signal cat (pid 1001), it probably ${what === 'stop' ? 'just' : 'just now'} exited on its own: ESRCH`,
    );
    slow.stdout.answer('finish');
    expect(slow.process.state).toBe(what === 'stop' ? 'STOPPED' : 'EXITED');
  });

  it('nobody is killed when the time for a stop is over', () => {
    const slow = new Slow('finish', { stopWaitSecs: 1 });
    slow.process.start();
    slow.process.stop();
    slow.host.end(slow.process, 0);
    slow.host.clock.advance(5000);
    expect([slow.process.state, slow.kills]).toEqual(['STOPPING', 1]);
    expect(slow.host.lines.filter((line) => line.includes('SIGKILL'))).toEqual([]);
    slow.stdout.answer('finish');
    expect(slow.process.state).toBe('STOPPED');
  });

  it('is too early if it came too early, however long its output took', () => {
    const slow = ending(999);
    slow.host.clock.advance(900);
    expect(slow.process.state).toBe('STARTING');
    slow.stdout.answer('finish');
    expect(slow.process).toMatchObject({
      state: 'BACKOFF',
      spawnError: 'Exited too quickly (process log may have details)',
    });
  });

  it.each(['request', 'shutdown'] as const)(
    'a stop leads to STOPPED and not to another start: %s',
    (reason) => {
      const slow = ending(2000, { autorestart: 'always' });
      slow.process.stop(null, reason);
      slow.stdout.answer('finish');
      slow.host.clock.advance(10_000);
      expect([slow.process.state, slow.spawns]).toEqual(['STOPPED', 1]);
    },
  );

  it('is followed by the next start in the turn in which it is told of', () => {
    const slow = ending(2000, { autorestart: 'always' });
    slow.host.clock.advance(500);
    expect(slow.spawns).toBe(1);
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.process.pid, slow.host.errors]).toEqual(['STARTING', 1002, []]);
    slow.process.stop();
    expect(slow.host.system.kills).toEqual([{ pid: 1002, signal: 15 }]);
  });

  it('a start meanwhile is one of a process that runs already', () => {
    const slow = ending(2000);
    slow.process.start();
    expect(slow.host.lines.at(-1)).toBe("warn process 'cat' already running");
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.spawns]).toEqual(['EXITED', 1]);
  });

  it('settings that come meanwhile count for what follows from it', () => {
    const slow = ending(2000, { autorestart: 'always' });
    slow.process.configure(processSettings({ autorestart: 'never', exitCodes: [7] }));
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.process.lastExit?.expected]).toEqual(['EXITED', false]);
    expect(slow.host.clock.pending).toBe(0);
  });

  it('of a process that could not be signalled is handled, too', () => {
    const slow = new Slow('finish', { autorestart: 'never' });
    slow.process.start();
    slow.host.system.nextKillErrno = 'EPERM';
    slow.process.stop();
    slow.host.end(slow.process, 0);
    expect([slow.process.state, slow.process.pid]).toEqual(['UNKNOWN', 1001]);
    slow.process.stop();
    expect(slow.kills).toBe(1);
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.process.pid]).toEqual(['STOPPED', 0]);
  });

  it('leaves nothing behind when the process is disposed of before', () => {
    const slow = ending(500, { autorestart: 'always', startSecs: 0 });
    slow.process.dispose();
    slow.stdout.answer('finish');
    slow.host.clock.advance(10_000);
    expect([slow.spawns, slow.host.clock.pending, slow.host.errors]).toEqual([1, 0, []]);
  });

  it('does not wait for an output that fails, and says so', () => {
    const slow = ending(2000);
    slow.stderr.finish = () => {
      throw new Error('broken');
    };
    slow.stdout.answer('finish');
    slow.process.start();
    slow.host.clock.advance(2000);
    slow.host.end(slow.process, 0);
    slow.stdout.answer('finish');
    expect([slow.process.state, slow.host.errors]).toEqual(['EXITED', ['stderr of g:cat: Error: broken']]);
  });
});

describe('clearing that takes its time', () => {
  it('is answered when both logs are cleared', () => {
    const slow = new Slow('clear');
    const outcomes: string[] = [];
    slow.process.clearLogs((outcome) => outcomes.push(outcome));
    expect([outcomes, slow.stderr.calls]).toEqual([[], ['clear']]);
    slow.stdout.clearable = false;
    slow.stdout.answer('clear');
    expect(outcomes).toEqual(['failed']);
  });
});
