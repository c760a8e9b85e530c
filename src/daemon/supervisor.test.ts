import { describe, expect, it } from 'vitest';
import type { Origins } from '../config/problems.ts';
import type { GroupSettings, ProcessSettings, Settings } from '../config/settings.ts';
import { EventBus } from '../events/bus.ts';
import { EventSerials } from '../events/serials.ts';
import { logText } from '../logging/log-text.ts';
import { FakeOutputs, FakeStdin } from '../process/host.fixture.ts';
import { Children } from '../process/children.ts';
import { processSettings } from '../process/settings.fixture.ts';
import { Journal } from '../journal/journal.ts';
import { FakeProc } from '../stats/fake-proc.fixture.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { FakeSystem } from '../system/fake-system.ts';
import { ContainedErrors } from './contained-errors.ts';
import type { ReadResult } from './effective-config.ts';
import { Supervisor } from './supervisor.ts';

function program(name: string, overrides: Parameters<typeof processSettings>[0] = {}): GroupSettings {
  return { kind: 'group', name, priority: 999, processes: [processSettings({ name, ...overrides })] };
}

function settingsWith(groups: readonly GroupSettings[]): Settings {
  return {
    configFile: '/etc/supervisord.conf',
    daemon: {
      logfile: 'supervisord.log',
      logfilePath: '/supervisord.log',
      logfileMaxBytes: 0,
      logfileBackups: 0,
      logLevel: 'info',
      pidfile: 'supervisord.pid',
      pidfilePath: '/supervisord.pid',
      umask: 0o22,
      nodaemon: true,
      silent: false,
      minfds: 1024,
      minprocs: 200,
      directory: null,
      user: null,
      uid: null,
      gid: null,
      identifier: 'supervisor',
      childLogDir: '/tmp',
      nocleanup: false,
      stripAnsi: false,
      environment: {},
      serverUrl: null,
    },
    httpServers: [],
    rpcInterfaces: [],
    groups,
    warnings: [],
    infos: [],
  };
}

const noOrigins: Origins = { of: () => null, sectionOf: () => null };

/** Everything of a group was written in the line of that number. */
function originsInLine(section: string, line: number): Origins {
  return {
    of: (_section, option) => (option === 'command' ? { file: '/etc/s.conf', line, exact: null } : null),
    sectionOf: () => section,
  };
}

class World {
  readonly system = new FakeSystem();
  readonly clock = new FakeClock();
  readonly children = new Children();
  readonly events: string[] = [];
  readonly lines: string[] = [];
  readonly errors = new ContainedErrors(this.clock);
  readonly outputs: FakeOutputs[] = [];
  next: ReadResult;
  restartProblem: string | null = null;
  read: () => Promise<ReadResult> = () => Promise.resolve(this.next);
  readonly supervisor: Supervisor;

  constructor(groups: readonly GroupSettings[]) {
    this.system.addExecutable('/bin/cat');
    const settings = settingsWith(groups);
    this.next = { ok: true, settings, origins: noOrigins };
    const bus = new EventBus((error) => {
      throw error;
    });
    bus.subscribe('EVENT', (event) => this.events.push(event.type));
    this.supervisor = new Supervisor({
      version: '5',
      configuration: { settings, origins: noOrigins },
      overrides: {},
      system: this.system,
      clock: this.clock,
      children: this.children,
      bus,
      serials: new EventSerials(),
      errors: this.errors,
      activityLog: {
        path: null,
        log: (level, message) => void this.lines.push(`${level} ${logText(message)}`),
        clear: () => 'cleared',
        reopen: () => void this.lines.push('(reopened)'),
      },
      proc: new FakeProc(),
      journal: new Journal(this.clock),
      env: {},
      makeOutputs: (process) => this.makeOutputs(process),
      openStdin: () => new FakeStdin(),
      readSettings: () => this.read(),
      restartProblem: () => Promise.resolve(this.restartProblem),
    });
  }

  makeOutputs(process: ProcessSettings): FakeOutputs {
    const outputs = new FakeOutputs(process);
    this.outputs.push(outputs);
    return outputs;
  }

  start(): this {
    this.supervisor.addConfiguredGroups();
    this.supervisor.begin();
    return this;
  }

  endAll(): void {
    for (const group of this.supervisor.groups.values()) {
      for (const process of group.processes.values()) {
        this.system.end(process.pid, { kind: 'exited', code: 0 });
      }
    }
    this.supervisor.reap();
  }
}

describe('start', () => {
  it('B20.9: announces groups, then itself, then the processes', () => {
    const world = new World([program('a')]).start();
    expect(world.events).toEqual([
      'PROCESS_GROUP_ADDED',
      'SUPERVISOR_STATE_CHANGE_RUNNING',
      'PROCESS_STATE_STARTING',
    ]);
  });
});

describe('orphans', () => {
  it('B13.4: are mentioned one by one while they are few, and summed up when they are thousands', () => {
    const world = new World([]).start();
    const mentioned = () => world.lines.filter((line) => line.includes('unknown pid'));
    for (let pid = 5000; pid < 8000; pid += 1) {
      world.system.end(pid, { kind: 'exited', code: 0 });
    }
    world.supervisor.reap();
    expect(mentioned()).toHaveLength(20);
    expect(mentioned()[0]).toBe('debug reaped unknown pid 5000 (exit status 0)');
    world.clock.advance(60_000);
    expect(mentioned().slice(20)).toEqual(['debug reaped 2980 more unknown pids']);
  });
});

describe('children that end', () => {
  it('are collected a slice a turn, so that others get theirs', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const world = new World(names.map((name) => program(name, { startSecs: 0 }))).start();
    const reap = world.system.reap.bind(world.system);
    world.system.reap = (atMost) => {
      world.clock.advance(7);
      return reap(atMost);
    };
    const exited = () => world.events.filter((type) => type === 'PROCESS_STATE_EXITED').length;
    world.endAll();
    expect(exited()).toBe(2);
    // Another SIGCHLD of the same turn.
    world.supervisor.reap();
    expect(exited()).toBe(2);
    await new Promise(setImmediate);
    expect(exited()).toBe(4);
  });
});

describe('reread and update', () => {
  it('B21.1: a reread changes nothing that runs, and is used by add', async () => {
    const world = new World([program('kept'), program('gone'), program('edited')]).start();
    world.next = {
      ok: true,
      origins: noOrigins,
      settings: settingsWith([program('edited', { priority: 5 }), program('kept'), program('new')]),
    };
    expect(await world.supervisor.rereadConfig()).toEqual({
      ok: true,
      added: ['new'],
      changed: ['edited'],
      removed: ['gone'],
    });
    expect([...world.supervisor.groups.keys()]).toEqual(['kept', 'gone', 'edited']);
    expect(world.supervisor.addGroup('new')).toBe('added');
    expect(world.supervisor.groups.get('new')?.processes.get('new')?.state).toBe('STARTING');
    expect(world.supervisor.addGroup('new')).toBe('already');
    expect(world.supervisor.addGroup('gone')).toBe('unknown');
  });

  it('B21.1: a configuration that cannot be read changes nothing', async () => {
    const world = new World([program('a')]).start();
    world.next = { ok: false, message: 'bad' };
    expect(await world.supervisor.rereadConfig()).toEqual({ ok: false, message: 'bad' });
    expect(world.supervisor.availableGroups.map((group) => group.name)).toEqual(['a']);
  });
});

describe('the configuration', () => {
  it('is described as it runs: each group with the places it was read from, reread or not', async () => {
    const world = new World([program('old')]).start();
    const origins = originsInLine('program:new', 7);
    world.next = { ok: true, settings: settingsWith([program('new')]), origins };
    await world.supervisor.rereadConfig();
    world.supervisor.addGroup('new');
    expect(world.supervisor.describeConfig('masked')).toMatchObject({
      groups: [
        { name: 'new', processes: [{ origins: { command: { file: '/etc/s.conf', line: 7 } } }] },
        { name: 'old', processes: [{ command: '/bin/cat' }] },
      ],
    });
  });
});

describe('the end', () => {
  it.each([
    { how: 'requestShutdown', state: 'SHUTDOWN', ending: 'shutdown' },
    { how: 'requestRestart', state: 'RESTARTING', ending: 'restart' },
  ] as const)('$how: stops everything, then $ending', async ({ how, state, ending }) => {
    const world = new World([program('a', { autorestart: 'always' })]).start();
    await world.supervisor[how]();
    expect(world.supervisor.state).toBe(state);
    // The request that asked for it is answered first.
    expect(world.events).not.toContain('SUPERVISOR_STATE_CHANGE_STOPPING');
    await new Promise(setImmediate);
    expect(world.system.kills).toHaveLength(1);
    world.endAll();
    expect(await world.supervisor.ended).toBe(ending);
  });

  it('a shutdown during a restart wins, and a restart during a shutdown does not', async () => {
    const world = new World([program('a')]).start();
    await world.supervisor.requestRestart();
    world.supervisor.requestShutdown();
    await world.supervisor.requestRestart();
    await new Promise(setImmediate);
    world.endAll();
    expect(await world.supervisor.ended).toBe('shutdown');
    expect(world.events.filter((event) => event === 'SUPERVISOR_STATE_CHANGE_STOPPING')).toHaveLength(1);
  });

  it('a reload is refused while the configuration cannot be read, and everything keeps running', async () => {
    const world = new World([program('a')]).start();
    world.next = { ok: false, message: 'no such section' };
    expect(await world.supervisor.requestRestart()).toBe('no such section');
    expect(world.supervisor.state).toBe('RUNNING');
    expect(world.lines.at(-1)).toBe(
      'critical cannot restart with the configuration as it is now, so nothing was changed: no such section',
    );
  });
});

describe('the end while the configuration is being read', () => {
  /** Readings that wait for their answers, in order. */
  const slowly = (world: World): (() => Promise<unknown>)[] => {
    const answers: (() => Promise<unknown>)[] = [];
    world.read = () =>
      new Promise((resolve) => {
        answers.push(() => {
          resolve(world.next);
          return new Promise(setImmediate);
        });
      });
    return answers;
  };

  it('a shutdown is not turned into a restart, nor is anything said of the configuration', async () => {
    const world = new World([program('a')]).start();
    const answers = slowly(world);
    world.next = { ok: false, message: 'bad' };
    const restart = world.supervisor.requestRestart();
    await new Promise(setImmediate);
    world.supervisor.requestShutdown();
    await answers[0]?.();
    expect(await restart).toBeNull();
    world.endAll();
    expect(await world.supervisor.ended).toBe('shutdown');
    expect(world.lines.filter((line) => line.includes('cannot restart'))).toEqual([]);
  });

  it('a shutdown waits for no reading', async () => {
    const world = new World([]).start();
    slowly(world);
    void world.supervisor.requestRestart();
    await new Promise(setImmediate);
    world.supervisor.requestShutdown();
    expect(await world.supervisor.ended).toBe('shutdown');
  });

  it('a restart waits for the reading of another one, and is one restart', async () => {
    const world = new World([]).start();
    const answers = slowly(world);
    let ending: string | null = null;
    void world.supervisor.ended.then((how) => (ending = how));
    const restarts = [world.supervisor.requestRestart(), world.supervisor.requestRestart()];
    await new Promise(setImmediate);
    expect([answers.length, world.supervisor.state]).toEqual([1, 'RUNNING']);
    await answers[0]?.();
    await new Promise(setImmediate);
    expect([answers.length, world.supervisor.state, ending]).toEqual([2, 'RESTARTING', null]);
    await answers[1]?.();
    expect(await Promise.all(restarts)).toEqual([null, null]);
    expect(await world.supervisor.ended).toBe('restart');
    expect(world.events.filter((event) => event === 'SUPERVISOR_STATE_CHANGE_STOPPING')).toHaveLength(1);
  });
});

describe('the end while logs take their time', () => {
  it('comes when what has ended has its output written', async () => {
    const world = new World([program('a', { startSecs: 0 })]).start();
    const stdout = world.outputs[0]?.stdout;
    stdout?.slow.add('finish');
    let ending: string | null = null;
    void world.supervisor.ended.then((how) => (ending = how));
    world.endAll();
    world.supervisor.requestShutdown();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([ending, world.system.kills]).toEqual([null, []]);
    expect(world.supervisor.removeGroup('a')).toBe('running');
    stdout?.answer('finish');
    expect(await world.supervisor.ended).toBe('shutdown');
    expect(world.events.filter((event) => event.startsWith('PROCESS_STATE'))).toEqual([
      'PROCESS_STATE_STARTING',
      'PROCESS_STATE_RUNNING',
      'PROCESS_STATE_STOPPING',
      'PROCESS_STATE_STOPPED',
    ]);
  });

  it('does not wait for logs that are still being opened, and starts nothing any more', async () => {
    const world = new World([program('a'), program('b')]);
    world.supervisor.addConfiguredGroups();
    world.outputs.forEach(({ stdout }) => stdout.slow.add('open'));
    world.supervisor.begin();
    expect(world.supervisor.removeGroup('a')).toBe('running');
    await world.supervisor.requestRestart();
    expect(await world.supervisor.ended).toBe('restart');
    world.supervisor.dispose();
    world.outputs.forEach(({ stdout }) => stdout.answer('open'));
    expect([world.system.spawned.length, world.clock.pending, world.errors.count]).toEqual([0, 0, 0]);
  });
});

describe('a reload with a configuration that cannot be used', () => {
  it('is refused, and everything keeps running', async () => {
    const world = new World([program('a')]).start();
    world.restartProblem = 'the port is taken';
    expect(await world.supervisor.requestRestart()).toBe('the port is taken');
    expect(world.supervisor.state).toBe('RUNNING');
    expect(world.system.kills).toEqual([]);
  });
});

describe('logs', () => {
  it('B13.3: reopens its own and those of all processes', () => {
    const world = new World([program('a')]).start();
    world.supervisor.reopenLogs();
    expect(world.lines.at(-1)).toBe('(reopened)');
    const [outputs] = world.outputs;
    expect([outputs?.stdout.calls.at(-1), outputs?.stderr?.calls.at(-1)]).toEqual(['reopen', 'reopen']);
  });
});
