import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { GroupSettings } from '../config/settings.ts';
import { settingsOf } from '../config/world.fixture.ts';
import { FakeHost, type FakeOutputs } from '../process/host.fixture.ts';
import type { Process } from '../process/process.ts';
import { applyPlan, type UpdateOutcome } from './apply-plan.ts';
import { Groups } from './groups.ts';
import { planUpdate } from './reconcile.ts';

/** Of the first child that the scripted system makes. */
const firstPid = 1001;

const groupsOf = (text: string): readonly GroupSettings[] => settingsOf(text).groups;

class World {
  readonly host = new FakeHost();
  readonly turns: (() => void)[] = [];
  /** Each told change of a group: its name, and how many processes it has. */
  readonly changes: string[] = [];
  readonly groups = new Groups({
    makeProcess: (settings, { name }) => this.host.process(settings, name),
    groupAdded: ({ name }) => void this.host.lines.push(`added ${name}`),
    groupChanged: ({ name, processes }) => void this.changes.push(`${name} ${String(processes.size)}`),
    groupRemoved: (name) => void this.host.lines.push(`removed ${name}`),
    mayStart: () => this.host.restartAllowed,
    nextTurn: (work) => void this.turns.push(work),
  });

  constructor(text: string) {
    this.host.system.addExecutable('/bin/dog');
    groupsOf(text).forEach((group) => this.groups.add(group));
    this.groups.autostart();
    this.host.clock.advance(1000);
  }

  process(name: string): Process {
    const process = this.groups.processes().find(({ settings }) => settings.name === name);
    if (process === undefined) {
      throw new Error(`no process ${name}`);
    }
    return process;
  }

  update(text: string): Promise<readonly UpdateOutcome[]> {
    const plan = planUpdate([...this.groups.byName.values()], groupsOf(text), 'minimal');
    return applyPlan(plan, {
      groups: this.groups,
      add: (settings) => this.groups.add(settings),
      mayStart: () => this.host.restartAllowed,
      log: this.host.log,
    });
  }

  /** Lets the event loop turn until nothing is left to do. */
  settle(): void {
    for (let turn = this.turns.shift(); turn !== undefined; turn = this.turns.shift()) {
      turn();
    }
  }

  /** Ends every child that was asked to. */
  endStopping(): void {
    for (const process of this.groups.processes().filter(({ isStopping }) => isStopping)) {
      this.host.end(process, 0);
    }
  }

  /** Children that have not ended. */
  livingPids(): readonly number[] {
    const count = this.host.system.spawned.length;
    return Array.from({ length: count }, (_, index) => firstPid + index).filter(
      (pid) => !this.host.ended.has(pid),
    );
  }

  states(): readonly string[] {
    return this.groups.processes().map(({ settings, state }) => `${settings.name} ${state}`);
  }
}

const short = (outcomes: readonly UpdateOutcome[]): readonly string[] =>
  outcomes.map(({ group, process, done, problem }) =>
    [group, process, done, problem].filter((part) => part !== null).join(' '),
  );

const program = (name: string, options = '', command = '/bin/cat'): string =>
  `[program:${name}]\ncommand=${command}\n${options}\n`;
const many = (count: number, options = ''): string =>
  program('m', `process_name=m%(process_num)d\nnumprocs=${String(count)}\n${options}`);

describe('a minimal update', () => {
  it('hands new settings to a process that goes on, and its deadlines follow', async () => {
    const world = new World(program('p', 'startsecs=10'));
    const process = world.process('p');
    const { pid } = process;
    expect(process.state).toBe('STARTING');
    const done = world.update(program('p', 'startsecs=3\nstopsignal=USR1\npriority=5'));
    expect(short(await done)).toEqual(['p updated', 'p p applied']);
    world.host.clock.advance(2000);
    expect([process.state, process.pid]).toEqual(['RUNNING', pid]);
    process.stop();
    expect(world.host.system.kills).toEqual([{ pid, signal: 10 }]);
    expect((process.outputs as FakeOutputs).configured.map(({ priority }) => priority)).toEqual([5]);
    expect(world.host.lines).toContain(
      'info updated: p goes on with new settings (priority, startsecs, stopsignal)',
    );
  });

  it('applies new settings at the next start, whoever makes it', async () => {
    const world = new World(program('p', 'autorestart=false'));
    await world.update(program('p', 'autorestart=true\nexitcodes=3'));
    const { pid } = world.process('p');
    world.host.end(world.process('p'), 3);
    expect(world.process('p').state).toBe('STARTING');
    expect(world.process('p').pid).not.toBe(pid);
  });

  it('starts a process again, with what it is spawned with now, in the turn in which it has ended', async () => {
    const world = new World(many(2));
    const other = world.process('m1').pid;
    const done = world.update(many(2, 'environment=A="%(process_num)s"'));
    expect(world.states()).toEqual(['m0 STOPPING', 'm1 STOPPING']);
    world.host.end(world.process('m0'), 0);
    expect(world.states()).toEqual(['m0 STARTING', 'm1 STOPPING']);
    expect(world.process('m1').pid).toBe(other);
    const settings = world.groups.byName.get('m')?.settings;
    expect(settings?.processes.map(({ environment }) => environment)).toEqual([{ A: '0' }, {}]);
    world.endStopping();
    expect(short(await done)).toEqual(['m m0 restarted', 'm m1 restarted']);
    const requests = world.host.system.spawned
      .slice(-2)
      .map(({ env }) => env.filter((entry) => entry.startsWith('A=')));
    expect(requests).toEqual([['A=0'], ['A=1']]);
  });

  it('adds and removes members, and touches no other', async () => {
    const world = new World(many(3));
    const kept = world.process('m1');
    const { pid } = kept;
    const done = world.update(many(3, 'numprocs_start=1'));
    expect(world.states()).toEqual(['m1 RUNNING', 'm2 RUNNING', 'm0 STOPPING']);
    world.endStopping();
    expect(short(await done)).toEqual(['m m0 removed', 'm m3 added']);
    expect(world.states()).toEqual(['m1 RUNNING', 'm2 RUNNING', 'm3 STARTING']);
    expect([world.process('m1'), kept.pid]).toEqual([kept, pid]);
  });

  it('tells of all that happens to a group in one turn once', async () => {
    const world = new World(many(100));
    world.settle();
    const done = world.update(many(50, 'environment=A="1"'));
    world.settle();
    expect(world.changes.splice(0)).toEqual(['m 100']);
    world.endStopping();
    await done;
    world.settle();
    expect(world.changes.splice(0)).toEqual(['m 50']);
    await world.update(many(60, 'environment=A="1"'));
    world.settle();
    expect(world.changes).toEqual(['m 60', 'm 60']);
  });

  it('adds only when what is removed has gone, since both may want the same port', async () => {
    const world = new World(program('old') + program('other'));
    const done = world.update(program('fresh') + program('other'));
    expect(world.states()).toEqual(['old STOPPING', 'other RUNNING']);
    world.endStopping();
    expect(short(await done)).toEqual(['old removed', 'fresh added']);
    expect(world.states()).toEqual(['other RUNNING', 'fresh STARTING']);
  });

  it('leaves alone what was stopped by hand', async () => {
    const world = new World(program('p'));
    world.process('p').stop();
    world.endStopping();
    expect(short(await world.update(program('p', '', '/bin/dog')))).toEqual(['p p applied']);
    expect(world.process('p').state).toBe('STOPPED');
    world.process('p').start();
    expect(world.host.system.spawned.at(-1)?.file).toBe('/bin/dog');
  });

  it('tries again what was given up', async () => {
    const world = new World(program('p', 'startretries=0', '/bin/missing'));
    expect(world.process('p').state).toBe('FATAL');
    expect(short(await world.update(program('p', 'startretries=0')))).toEqual(['p p started']);
    expect(world.process('p').state).toBe('STARTING');
  });

  it('waits for the end of a process that somebody else stops', async () => {
    const world = new World(program('p'));
    world.process('p').stop();
    await world.update(program('p', '', '/bin/dog'));
    expect(world.process('p').settings.command).toBe('/bin/cat');
    world.endStopping();
    expect([world.process('p').settings.command, world.process('p').state]).toEqual(['/bin/dog', 'STOPPED']);
  });

  it('says what cannot be stopped, and does the rest', async () => {
    const world = new World(program('a') + program('b'));
    world.host.system.nextKillErrno = 'EPERM';
    const done = world.update(program('a', '', '/bin/dog') + program('b', '', '/bin/dog'));
    world.endStopping();
    const [a, b] = await done;
    expect(a?.problem).toMatch(/EPERM/);
    expect(b).toMatchObject({ process: 'b', done: 'restarted', problem: null });
    expect(world.groups.byName.get('a')?.settings.processes[0]?.command).toBe('/bin/cat');
  });

  it('does nothing more once the daemon goes down', async () => {
    const world = new World(program('a') + many(1));
    const done = world.update(program('a', '', '/bin/dog') + many(2) + program('c'));
    world.host.restartAllowed = false;
    world.endStopping();
    const outcomes = await done;
    expect(outcomes.map(({ problem }) => problem)).toEqual(Array(3).fill('the daemon is going down'));
    expect(world.states()).toEqual(['a STOPPED', 'm0 RUNNING']);
  });

  it('survives that the group is removed meanwhile', async () => {
    const world = new World(many(2));
    const done = world.update(many(1) + program('c'));
    world.groups.processes().forEach((process) => process.stop());
    world.endStopping();
    world.groups.remove('m');
    expect(short(await done)).toEqual(['m m1 removed', 'c added']);
    expect(world.states()).toEqual(['c STARTING']);
  });
});

const arbitraryProgram = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  numprocs: fc.integer({ min: 0, max: 3 }),
  start: fc.integer({ min: 0, max: 2 }),
  command: fc.constantFrom('/bin/cat', '/bin/dog'),
  priority: fc.integer({ min: 1, max: 3 }),
  autostart: fc.boolean(),
  isListener: fc.boolean(),
});
const arbitraryText = fc
  .uniqueArray(arbitraryProgram, { selector: ({ name }) => name })
  .map((programs) =>
    programs
      .map(({ name, numprocs, start, command, priority, autostart, isListener }) =>
        [
          isListener ? `[eventlistener:${name}]\nevents=TICK_5` : `[program:${name}]`,
          `command=${command}\nprocess_name=${name}%(process_num)d\nnumprocs=${String(numprocs)}`,
          `numprocs_start=${String(start)}\npriority=${String(priority)}\nautostart=${String(autostart)}\n`,
        ].join('\n'),
      )
      .join(''),
  );

it('leads from any configuration to any other, and keeps the child of every process that need not restart', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryText, arbitraryText, async (before, after) => {
      const world = new World(before);
      const wanted = groupsOf(after);
      const plan = planUpdate([...world.groups.byName.values()], wanted, 'minimal');
      const kept = plan.groups.flatMap(({ name: group, how, processes }) =>
        how === 'replace'
          ? []
          : processes.filter(({ action }) => action === 'keep').map(({ name }) => ({ group, name })),
      );
      const pids = new Map(
        kept.flatMap(({ name }) =>
          world.groups
            .processes()
            .filter(({ settings }) => settings.name === name)
            .map((process) => [process, process.pid]),
        ),
      );
      const done = world.update(after);
      world.endStopping();
      const outcomes = await done;
      world.settle();
      expect(outcomes.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(new Map(world.groups.inOrder().map(({ name, settings }) => [name, settings]))).toEqual(
        new Map(wanted.map((group) => [group.name, group])),
      );
      for (const [process, pid] of pids) {
        expect(world.groups.processes().includes(process) ? process.pid : pid).toBe(pid);
      }
    }),
    { numRuns: 150 },
  );
});

const arbitraryMeddling = fc.array(
  fc.record({
    what: fc.constantFrom('start', 'stop', 'end', 'crash', 'remove', 'add', 'update'),
    which: fc.nat({ max: 8 }),
  }),
  { maxLength: 12 },
);

it('whatever others do meanwhile, it comes to an end, and no child is left without a supervisor', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryText, arbitraryText, arbitraryMeddling, async (before, after, meddling) => {
      const world = new World(before);
      const wanted = groupsOf(after);
      const updates = [world.update(after)];
      for (const { what, which } of meddling) {
        const processes = world.groups.processes();
        const process = processes[which % Math.max(processes.length, 1)];
        const names = [...world.groups.byName.keys()];
        const settings = wanted[which % Math.max(wanted.length, 1)];
        if (what === 'remove') {
          world.groups.remove(names[which % Math.max(names.length, 1)] ?? '');
        } else if (what === 'add' && settings !== undefined) {
          world.groups.add(settings);
        } else if (what === 'update') {
          updates.push(world.update(before));
        } else if (process !== undefined) {
          meddle(world, process, what);
        }
        // What the update does in between.
        await Promise.resolve();
      }
      for (let round = 0; round < 20; round += 1) {
        world.endStopping();
        world.settle();
        await new Promise(setImmediate);
      }
      await Promise.all(updates);
      const supervised = new Set(world.groups.processes().map(({ pid }) => pid));
      expect(world.livingPids().filter((pid) => !supervised.has(pid))).toEqual([]);
      for (const { name, settings, processes } of world.groups.byName.values()) {
        expect([name, settings.processes]).toEqual([
          name,
          [...processes.values()].map((process) => process.settings),
        ]);
      }
    }),
    { numRuns: 300 },
  );
});

function meddle(world: World, process: Process, what: string): void {
  if (what === 'start') {
    process.start();
  } else if (what === 'stop') {
    process.stop();
  } else if (process.pid !== 0 && (what === 'crash' || process.isStopping)) {
    world.host.end(process, 1);
  }
}
