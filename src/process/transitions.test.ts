import { describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../config/settings.ts';
import { Machine, SIGTERM } from './machine.fixture.ts';
import { deadlineOf } from './record.ts';

const SIGKILL = 9;

/** A machine whose process has been RUNNING for a minute, with the way there forgotten. */
function running(overrides: ConstructorParameters<typeof Machine>[0] = {}): Machine {
  const machine = new Machine(overrides).start().advance(60_000);
  machine.takeEffects();
  return machine;
}

describe('starting', () => {
  it('B14.2: is STARTING until it has been up for startsecs, then RUNNING', () => {
    const machine = new Machine({ startSecs: 5 }).start();
    expect(machine.state).toBe('STARTING');
    machine.advance(4_999);
    expect(machine.state).toBe('STARTING');
    machine.advance(1);
    expect(machine.state).toBe('RUNNING');
    expect(machine.takeLog()).toEqual([
      "info spawned: 'cat' with pid 101",
      'info success: cat entered RUNNING state, process has stayed up for > than 5 seconds (startsecs)',
    ]);
  });

  it('B7.4: startsecs=0 is RUNNING at once, and any exit is EXITED', () => {
    const machine = new Machine({ startSecs: 0, autorestart: 'never' }).start();
    expect(machine.state).toBe('RUNNING');
    machine.exit(3);
    expect(machine.state).toBe('EXITED');
  });

  it('counts uptime from when there is a child, however long its logs and its user have taken', () => {
    const machine = new Machine({ startSecs: 2 }).send({ type: 'start' });
    machine.nowMs += 3_000;
    machine.spawned();
    expect(machine.state).toBe('STARTING');
    machine.nowMs += 2_000;
    machine.send({ type: 'deadline' });
    expect(machine.state).toBe('RUNNING');
  });

  it.each(['STARTING', 'RUNNING', 'STOPPING'] as const)('refuses a second start in %s', (state) => {
    const machine = new Machine().start();
    if (state !== 'STARTING') {
      machine.advance(2_000);
    }
    if (state === 'STOPPING') {
      machine.stop();
    }
    machine.takeEffects();
    machine.send({ type: 'start' });
    expect(machine.state).toBe(state);
    expect(machine.takeEffects()).toEqual([
      { type: 'log', level: 'warn', message: "process 'cat' already running" },
    ]);
  });

  it('forgets what the last run left: spawn error and exit status', () => {
    const machine = running({ autorestart: 'never' }).exit(4);
    expect(machine.record).toMatchObject({ exitStatus: 4, spawnError: 'Bad exit code 4' });
    machine.start();
    expect(machine.record).toMatchObject({ exitStatus: null, spawnError: null });
  });
});

describe('failing to start', () => {
  it('B14.3: BACKOFF for 1, 2, 3 seconds, FATAL after startretries + 1 attempts', () => {
    const machine = new Machine({ startRetries: 3 });
    machine.start();
    const attemptsAt: number[] = [];
    const begin = machine.nowMs;
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      machine.exit(0);
      expect(machine.state).toBe('BACKOFF');
      machine.advance(attempt * 1000 - 1);
      expect(machine.state).toBe('BACKOFF');
      machine.advance(1);
      expect(machine.state).toBe('STARTING');
      attemptsAt.push(machine.nowMs - begin);
      machine.spawned();
    }
    expect(attemptsAt).toEqual([1000, 3000, 6000]);
    machine.takeEffects();
    machine.exit(0);
    expect(machine.record).toMatchObject({
      phase: { state: 'FATAL' },
      failures: 0,
      exitStatus: null,
      spawnError: 'Exited too quickly (process log may have details)',
    });
    expect(machine.takeEffects()).toEqual([
      { type: 'state-changed', from: 'STARTING', to: 'BACKOFF', pid: 104, tries: 4, expected: true },
      { type: 'log', level: 'warn', message: 'exited: cat (exit status 0; not expected)' },
      { type: 'state-changed', from: 'BACKOFF', to: 'FATAL', pid: 0, tries: 0, expected: true },
      {
        type: 'log',
        level: 'info',
        message: 'gave up: cat entered FATAL state, too many start retries too quickly',
      },
    ]);
    expect(machine.advance(1_000_000).state).toBe('FATAL');
  });

  it('startretries=0 gives up at the first failure', () => {
    expect(new Machine({ startRetries: 0 }).start().exit(0).state).toBe('FATAL');
  });

  it('B7.16: a spawn that fails counts as an attempt and leaves its reason', () => {
    const machine = new Machine({ startRetries: 1 }).send({ type: 'start' }).spawnFailed('no such thing');
    expect(machine.record).toMatchObject({ phase: { state: 'BACKOFF' }, spawnError: 'no such thing' });
    expect(machine.takeLog()).toEqual(['info spawnerr: no such thing']);
    machine.advance(1000).spawnFailed('no such thing');
    expect(machine.state).toBe('FATAL');
    expect(machine.record.spawnError).toBe('no such thing');
  });

  it('B14.2: reaching RUNNING sets the count of failures back', () => {
    const machine = new Machine({ startRetries: 3 }).start().exit(1);
    machine.advance(1000).spawned().advance(2000);
    expect(machine.state).toBe('RUNNING');
    expect(machine.record.failures).toBe(0);
  });

  it('BACKOFF reports the count of failures with its event', () => {
    const machine = new Machine().start().exit(1);
    machine.advance(1000).spawned().exit(1);
    const tries = machine
      .takeEffects()
      .flatMap((effect) =>
        effect.type === 'state-changed' && effect.to === 'BACKOFF' ? [effect.tries] : [],
      );
    expect(tries).toEqual([1, 2]);
  });
});

describe('ending by itself', () => {
  it.each([
    { autorestart: 'always', code: 0, restarts: true },
    { autorestart: 'always', code: 1, restarts: true },
    { autorestart: 'unexpected', code: 0, restarts: false },
    { autorestart: 'unexpected', code: 2, restarts: false },
    { autorestart: 'unexpected', code: 1, restarts: true },
    { autorestart: 'never', code: 1, restarts: false },
  ] as const)('B14.4: autorestart=$autorestart, exit code $code: restarts $restarts', (row) => {
    const machine = running({ autorestart: row.autorestart, exitCodes: [0, 2] }).exit(row.code);
    expect(machine.takeStates()).toEqual(row.restarts ? ['EXITED', 'STARTING'] : ['EXITED']);
    expect(machine.effects).toEqual([]);
  });

  it('B14.5: words an expected and an unexpected exit', () => {
    const never = { autorestart: 'never', exitCodes: [0, 2] } as const;
    expect(running(never).exit(2).takeLog()).toEqual(['info exited: cat (exit status 2; expected)']);
    expect(running(never).exit(1).takeLog()).toEqual(['warn exited: cat (exit status 1; not expected)']);
    expect(running(never).killedBy(9).takeLog()).toEqual([
      'warn exited: cat (terminated by SIGKILL; not expected)',
    ]);
    const dumped = running(never).end({ kind: 'signaled', signal: 11, coreDumped: true });
    expect(dumped.takeLog()).toEqual([
      'warn exited: cat (terminated by SIGSEGV (core dumped); not expected)',
    ]);
  });

  it('B14.6: a signal is exit status -1, so never expected', () => {
    const machine = running({ autorestart: 'never', exitCodes: [0, 9, 137] }).killedBy(SIGKILL);
    expect(machine.record).toMatchObject({ exitStatus: -1, spawnError: 'Bad exit code -1' });
  });

  it('passes through RUNNING when the exit is seen before the deadline that was due', () => {
    const machine = new Machine({ autorestart: 'never' }).start();
    machine.takeEffects();
    machine.nowMs += 1500;
    machine.exit(0);
    expect(machine.takeStates()).toEqual(['RUNNING', 'EXITED']);
  });

  it('is not restarted while the daemon shuts down', () => {
    const machine = running({ autorestart: 'always' });
    machine.mayRestart = false;
    machine.exit(1);
    expect(machine.state).toBe('EXITED');
    expect(machine.advance(60_000).state).toBe('EXITED');
  });

  it('ignores the end of a process that is not its own', () => {
    const machine = running();
    machine.send({ type: 'exited', pid: 4711, status: { kind: 'exited', code: 1 } });
    expect(machine.state).toBe('RUNNING');
    expect(machine.takeEffects()).toEqual([]);
  });
});

describe('a process that ran for less than a second', () => {
  const brief = (ranMs: number, settings: Partial<ProcessSettings> = {}): Machine => {
    const machine = new Machine({ startSecs: 0, autorestart: 'always', ...settings }).start().advance(ranMs);
    machine.takeEffects();
    return machine.exit(0);
  };

  it('is started again one second after its last start', () => {
    const machine = brief(300);
    expect(machine.takeStates()).toEqual(['EXITED']);
    expect(machine.advance(699).takeStates()).toEqual([]);
    expect(machine.advance(1).takeStates()).toEqual(['STARTING']);
    expect(machine.record.restarts).toBe(1);
  });

  it('starts once a second however often it ends', () => {
    const machine = brief(0);
    let starts = 1;
    for (let ms = 0; ms < 60_000; ms += 1) {
      if (machine.advance(1).takeStates().includes('STARTING')) {
        starts += 1;
        machine.spawned().exit(1);
      }
    }
    expect(starts).toBe(61);
  });

  it('is back at once when it ran for a second', () => {
    expect(brief(1000).takeStates()).toEqual(['EXITED', 'STARTING']);
  });

  it('counts a second from a restart as from any start', () => {
    const machine = brief(0).advance(1000).spawned();
    expect(machine.advance(1000).exit(0).takeStates().slice(-2)).toEqual(['EXITED', 'STARTING']);
  });

  it('is not started again when autorestart says so, or says so meanwhile', () => {
    expect(brief(0, { autorestart: 'unexpected' }).advance(60_000).state).toBe('EXITED');
    const machine = brief(0, { autorestart: 'unexpected', exitCodes: [1] });
    Object.assign(machine.settings, { autorestart: 'never' });
    expect(machine.advance(60_000).state).toBe('EXITED');
  });

  it('is started at once by a request, and then not a second time', () => {
    const machine = brief(0);
    machine.takeEffects();
    expect(machine.start().advance(60_000).takeStates()).toEqual(['STARTING', 'RUNNING']);
  });

  it('is STOPPED by a stop, and stays so', () => {
    const machine = brief(0);
    machine.takeEffects();
    expect(machine.stop().takeStates()).toEqual(['STOPPED']);
    expect(machine.advance(60_000).takeStates()).toEqual([]);
  });

  it('stays EXITED when the daemon shuts down', () => {
    const told = brief(0).stop('shutdown');
    expect(told.advance(60_000).state).toBe('EXITED');
    const untold = brief(0);
    untold.mayRestart = false;
    expect(untold.advance(60_000).state).toBe('EXITED');
    expect(deadlineOf(untold.record, untold.settings)).toBeNull();
  });

  it('takes no signal', () => {
    const machine = brief(0);
    machine.takeEffects();
    machine.send({ type: 'signal', signal: 1 });
    expect(machine.takeEffects().every(({ type }) => type === 'log')).toBe(true);
  });
});

describe('stopping', () => {
  it('B14.8: sends stopsignal, and SIGKILL every stopwaitsecs after', () => {
    const machine = running({ stopWaitSecs: 10, stopSignal: 2 }).stop();
    expect(machine.takeEffects()).toEqual([
      { type: 'log', level: 'debug', message: 'killing cat (pid 101) with signal SIGINT' },
      { type: 'state-changed', from: 'RUNNING', to: 'STOPPING', pid: 101, tries: 0, expected: true },
      { type: 'kill', pid: 101, signal: 2, group: false, intent: 'stop' },
    ]);
    machine.advance(9_999);
    expect(machine.takeEffects()).toEqual([]);
    machine.advance(1);
    const kill = [
      { type: 'log', level: 'warn', message: "killing 'cat' (101) with SIGKILL" },
      { type: 'log', level: 'debug', message: 'killing cat (pid 101) with signal SIGKILL' },
      { type: 'kill', pid: 101, signal: SIGKILL, group: false, intent: 'stop' },
    ];
    expect(machine.takeEffects()).toEqual(kill);
    expect(machine.advance(10_000).takeEffects()).toEqual(kill);
    machine.killedBy(SIGKILL);
    expect(machine.state).toBe('STOPPED');
    expect(machine.takeLog()).toEqual(['warn stopped: cat (terminated by SIGKILL)']);
  });

  it('B14.8: stopasgroup and killasgroup signal the process group', () => {
    const machine = running({ stopAsGroup: true, killAsGroup: true }).stop().advance(10_000);
    const groups = machine.takeEffects().flatMap((effect) => (effect.type === 'kill' ? [effect.group] : []));
    expect(groups).toEqual([true, true]);
    expect(running({ killAsGroup: true }).stop().takeEffects()).toContainEqual({
      type: 'kill',
      pid: 101,
      signal: SIGTERM,
      group: false,
      intent: 'stop',
    });
  });

  it('stopwaitsecs=0 kills at once, then at most once a second', () => {
    const machine = running({ stopWaitSecs: 0 }).stop().advance(0);
    expect(machine.takeEffects().filter((effect) => effect.type === 'kill')).toHaveLength(2);
    expect(machine.advance(999).takeEffects()).toEqual([]);
    expect(machine.advance(1).takeEffects()).not.toEqual([]);
  });

  it('B14.5: "stopped" is INFO when the exit code is expected', () => {
    expect(running().stop().exit(0).takeLog().at(-1)).toBe('info stopped: cat (exit status 0)');
  });

  it('B14.9: in BACKOFF, straight to STOPPED without a signal', () => {
    const machine = new Machine().start().exit(1);
    machine.takeEffects();
    machine.stop();
    expect(machine.state).toBe('STOPPED');
    expect(machine.takeEffects().some((effect) => effect.type === 'kill')).toBe(false);
    expect(machine.advance(60_000).state).toBe('STOPPED');
  });

  it('B14.9: in BACKOFF at shutdown, FATAL', () => {
    const machine = new Machine().start().exit(1);
    machine.mayRestart = false;
    expect(machine.stop('shutdown').state).toBe('FATAL');
  });

  it('a stop before the outcome of the spawn is known is carried out after it', () => {
    const machine = new Machine().send({ type: 'start' }).stop();
    expect(machine.state).toBe('STARTING');
    machine.spawned();
    expect(machine.state).toBe('STOPPING');
    const failed = new Machine().send({ type: 'start' }).stop().spawnFailed();
    expect(failed.state).toBe('STOPPED');
  });

  it('a stop after failures starts the count anew', () => {
    const machine = new Machine({ startRetries: 3 }).start().exit(1);
    machine.stop().start().exit(1);
    expect(machine.record.failures).toBe(1);
  });

  it('B14.10: once stopped it stays stopped, whatever autorestart says', () => {
    const machine = running({ autorestart: 'always' }).stop().exit(1);
    expect(machine.advance(1_000_000).state).toBe('STOPPED');
  });

  it('says at debug level that nothing was there to stop', () => {
    expect(new Machine().stop().takeLog()).toEqual([
      "debug attempted to kill cat with sig SIGTERM but it wasn't running",
    ]);
  });
});

describe('signals', () => {
  it('passes a signal on to the process alone', () => {
    expect(running({ stopAsGroup: true }).send({ type: 'signal', signal: 1 }).takeEffects()).toEqual([
      { type: 'log', level: 'debug', message: 'sending cat (pid 101) sig SIGHUP' },
      { type: 'kill', pid: 101, signal: 1, group: false, intent: 'signal' },
    ]);
  });

  it('says at debug level that nobody was there to signal', () => {
    expect(new Machine().send({ type: 'signal', signal: 1 }).takeLog()).toEqual([
      "debug attempted to send cat sig SIGHUP but it wasn't running",
    ]);
  });

  it('B14.12: a signal that cannot be sent makes it UNKNOWN, with a critical line', () => {
    const machine = running();
    machine.send({ type: 'kill-failed', pid: 101, intent: 'signal', reason: 'EPERM' });
    expect(machine.state).toBe('UNKNOWN');
    expect(machine.takeLog()).toEqual(['critical unknown problem sending sig cat (101):EPERM']);
    expect(machine.pid).toBe(101);
  });

  it('an UNKNOWN process that ends is EXITED and restarted, or STOPPED when a stop was asked for', () => {
    const signalled = running({ autorestart: 'always' });
    signalled.send({ type: 'kill-failed', pid: 101, intent: 'signal', reason: 'EPERM' }).exit(0);
    expect(signalled.state).toBe('STARTING');
    const stopped = running({ autorestart: 'always' }).stop();
    stopped.send({ type: 'kill-failed', pid: 101, intent: 'stop', reason: 'EPERM' }).exit(0);
    expect(stopped.state).toBe('STOPPED');
  });

  it('a late report of a failed signal changes nothing once the process has ended', () => {
    const machine = new Machine();
    machine.send({ type: 'kill-failed', pid: 0, intent: 'stop', reason: 'EPERM' });
    machine.send({ type: 'kill-failed', pid: 101, intent: 'stop', reason: 'EPERM' });
    expect(machine.state).toBe('STOPPED');
    expect(machine.takeEffects()).toEqual([]);
  });

  it('an UNKNOWN process can still be asked to stop', () => {
    const machine = running();
    machine.send({ type: 'kill-failed', pid: 101, intent: 'signal', reason: 'EPERM' }).stop();
    expect(machine.state).toBe('STOPPING');
  });
});

describe('time', () => {
  it('B14.11: the wall clock is written down and decides nothing', () => {
    const machine = running();
    expect(machine.record.startedAtWallMs).toBe(1_000_000 + 1_700_000_000_000);
    machine.exit(1);
    expect(machine.record.stoppedAtWallMs).toBe(1_060_000 + 1_700_000_000_000);
  });

  it('a deadline that comes early changes nothing', () => {
    const machine = new Machine().start();
    machine.takeEffects();
    machine.nowMs += 500;
    machine.send({ type: 'deadline' });
    expect(machine.takeEffects()).toEqual([]);
    expect(machine.state).toBe('STARTING');
  });

  it('a process that came to be in BACKOFF is not retried while the daemon shuts down', () => {
    const machine = new Machine().start().exit(1);
    machine.mayRestart = false;
    machine.advance(60_000);
    expect(machine.state).toBe('BACKOFF');
  });
});

describe('what is remembered of a process', () => {
  it('how the last child ended, whether by itself, too soon or on request', () => {
    const machine = new Machine({ exitCodes: [0, 2] });
    expect(machine.record.lastExit).toBeNull();
    machine.start().advance(1000).exit(2);
    expect(machine.record.lastExit).toMatchObject({ code: 2, signal: null, expected: true });
    machine.start().advance(1000).end({ kind: 'signaled', signal: 11, coreDumped: true });
    expect(machine.record.lastExit).toEqual({
      code: null,
      signal: 11,
      coreDumped: true,
      expected: false,
      atMs: machine.nowMs + 1_700_000_000_000,
    });
    const quick = new Machine().start().exit(0);
    expect(quick.record.lastExit).toMatchObject({ code: 0, expected: false });
    const stopped = new Machine().start().stop().killedBy(SIGTERM);
    expect(stopped.record.lastExit).toMatchObject({ signal: SIGTERM, expected: true });
  });

  it('how often it was started by itself', () => {
    const machine = new Machine({ autorestart: 'always' }).start();
    expect(machine.record.restarts).toBe(0);
    machine.advance(1000).exit(0);
    machine.spawned().exit(1);
    machine.advance(1000);
    expect(machine.record.restarts).toBe(2);
    machine.spawned().stop().exit(0);
    machine.start();
    expect(machine.record.restarts).toBe(2);
  });

  it('its changes of state with what led to them, the last fifty', () => {
    const cause = { interface: 'xml-rpc', user: 'ann', action: 'startProcess' } as const;
    const machine = new Machine({ autorestart: 'always' });
    machine.send({ type: 'start', cause });
    machine.spawned().advance(1000).exit(3);
    const exit = machine.record.lastExit;
    expect(machine.record.history.map(({ atMs: _atMs, ...change }) => change)).toEqual([
      { from: 'STOPPED', to: 'STARTING', pid: null, exit: null, cause },
      { from: 'STARTING', to: 'RUNNING', pid: 101, exit: null, cause: null },
      { from: 'RUNNING', to: 'EXITED', pid: 101, exit, cause: null },
      { from: 'EXITED', to: 'STARTING', pid: null, exit: null, cause: null },
    ]);
    for (let turn = 0; turn < 100; turn += 1) {
      machine.spawned().advance(1000).exit(3);
    }
    expect(machine.record.history).toHaveLength(50);
    expect(machine.record.history.at(-1)).toMatchObject({ from: 'EXITED', to: 'STARTING' });
  });
});
