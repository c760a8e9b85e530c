import { describe, expect, it } from 'vitest';
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import { FakeHost } from '../process/host.fixture.ts';
import { processSettings } from '../process/settings.fixture.ts';
import { Groups } from './groups.ts';
import { type OrderedStopHost, stopInOrder } from './ordered-stop.ts';

function group(
  name: string,
  priority: number,
  processes: readonly Partial<ProcessSettings>[] = [{}],
): GroupSettings {
  return {
    kind: 'group',
    name,
    priority,
    processes: processes.map((process, index) => processSettings({ name: `${name}${index}`, ...process })),
  };
}

class World {
  readonly host = new FakeHost();
  readonly turns: (() => void)[] = [];
  readonly groupEvents: string[] = [];
  readonly groups = new Groups({
    makeProcess: (settings, { name }) => this.host.process(settings, name),
    groupAdded: ({ name }) => this.groupEvents.push(`added ${name}`),
    groupChanged: ({ name }) => this.groupEvents.push(`changed ${name}`),
    groupRemoved: (name) => this.groupEvents.push(`removed ${name}`),
    mayStart: () => this.host.restartAllowed,
    nextTurn: (work) => this.turns.push(work),
  });

  /** Lets the event loop turn until nothing is left to do. */
  settle(): void {
    for (let work = this.turns.shift(); work !== undefined; work = this.turns.shift()) {
      work();
    }
  }

  started(): string[] {
    return this.host.changes
      .filter((change) => change.endsWith('>STARTING'))
      .map((change) => change.split(' ')[0] ?? '');
  }
}

function stopHost({ clock, log }: FakeHost): OrderedStopHost {
  return { clock, log, beforeStop: () => null };
}

describe('stopping', () => {
  it('many thousand processes of one group, each of whose changes is looked at', async () => {
    const { host, groups } = new World();
    const processes = Array.from({ length: 3000 }, (_unused, index) => ({ name: `p${index}` }));
    groups.add(group('many', 1, processes));
    for (const process of groups.processes()) {
      process.start();
    }
    const stopped = stopInOrder(groups, stopHost(host));
    expect(host.system.kills).toHaveLength(processes.length);
    for (const process of groups.processes()) {
      host.system.end(process.pid, { kind: 'exited', code: 0 });
    }
    for (let rest: 'done' | 'more' = 'more'; rest === 'more';) {
      rest = host.children.reap(host);
    }
    await stopped;
    expect(host.errors).toEqual([]);
  });
});

describe('starting', () => {
  it('B15.1: by priority of the group, then its name, then priority of the process', () => {
    const { groups, started } = bound(new World());
    groups.add(group('late', 900));
    groups.add(group('b', 5));
    groups.add(
      group('a', 5, [
        { name: 'first', priority: 1 },
        { name: 'second', priority: 2 },
      ]),
    );
    groups.autostart();
    expect(started()).toEqual(['first', 'second', 'b0', 'late0']);
  });

  it('leaves out what has autostart=false', () => {
    const { groups, started } = bound(new World());
    groups.add(group('a', 1, [{ autostart: false }, {}]));
    groups.autostart();
    expect(started()).toEqual(['a1']);
  });

  it('starts a thousand a few at a time, and none of a group that was removed or stopped meanwhile', () => {
    const world = new World();
    const { groups } = world;
    groups.add(
      group(
        'many',
        1,
        Array.from({ length: 1000 }, () => ({})),
      ),
    );
    groups.add(group('gone', 2));
    groups.autostart();
    expect(world.started()).toHaveLength(10);
    expect(groups.remove('gone')).toBe('removed');
    world.settle();
    expect(world.started()).toHaveLength(1000);
  });

  it('starts nothing more once the daemon shuts down', () => {
    const world = new World();
    world.groups.add(
      group(
        'many',
        1,
        Array.from({ length: 100 }, () => ({})),
      ),
    );
    world.groups.autostart();
    world.host.restartAllowed = false;
    world.settle();
    expect(world.started()).toHaveLength(10);
  });
});

describe('adding and removing', () => {
  it('B18.10: refuses what is there, what runs and what is unknown', () => {
    const world = new World();
    const { groups } = world;
    expect(groups.add(group('a', 1))).toBe(true);
    expect(groups.add(group('a', 2))).toBe(false);
    groups.autostart();
    expect(groups.remove('a')).toBe('running');
    expect(groups.remove('b')).toBe('unknown');
    const process = groups.byName.get('a')?.processes.get('a0');
    process?.stop();
    world.host.end(process as NonNullable<typeof process>, 0);
    expect(groups.remove('a')).toBe('removed');
    expect(groups.byName.size).toBe(0);
    expect(world.groupEvents).toEqual(['added a', 'removed a']);
  });

  it('does not remove a process that no signal reached and that still lives', () => {
    const world = new World();
    world.groups.add(group('a', 1));
    world.groups.autostart();
    world.host.system.nextKillErrno = 'EPERM';
    world.groups.byName.get('a')?.processes.get('a0')?.stop();
    expect(world.groups.remove('a')).toBe('running');
  });
});

describe('stopping everything', () => {
  it('B15.2: group by group, highest priority first, each wholly stopped before the next', async () => {
    const world = new World();
    const { groups, host } = world;
    groups.add(group('first', 1));
    groups.add(group('second', 2, [{ priority: 1 }, { priority: 2 }]));
    groups.autostart();
    host.changes.length = 0;
    host.restartAllowed = false;
    const stopped = stopInOrder(groups, stopHost(host));
    expect(host.changes).toEqual(['second1 STARTING>STOPPING', 'second0 STARTING>STOPPING']);
    const [a, b] = [...(groups.byName.get('second')?.processes.values() ?? [])];
    host.end(a as NonNullable<typeof a>, 0);
    expect(host.changes.at(-1)).toBe('second0 STOPPING>STOPPED');
    host.end(b as NonNullable<typeof b>, 0);
    await Promise.resolve();
    await Promise.resolve();
    expect(host.changes.at(-1)).toBe('first0 STARTING>STOPPING');
    const last = groups.byName.get('first')?.processes.get('first0');
    host.end(last as NonNullable<typeof last>, 0);
    await stopped;
    expect(host.clock.pending).toBe(0);
  });

  it('B14.13: names what is awaited, at once and every three seconds', async () => {
    const { groups, host } = new World();
    groups.add(group('a', 1, [{ stopWaitSecs: 7 }, { stopWaitSecs: 7 }]));
    groups.autostart();
    host.lines.length = 0;
    const stopped = stopInOrder(groups, stopHost(host));
    host.clock.advance(6999);
    const waiting = host.lines.filter((line) => line.startsWith('info waiting'));
    expect(waiting).toEqual(Array.from({ length: 3 }, () => 'info waiting for a0, a1 to die'));
    host.clock.advance(1);
    expect(host.system.kills.filter((kill) => kill.signal === 9)).toHaveLength(2);
    for (const process of groups.processes()) {
      host.system.end(process.pid, { kind: 'signaled', signal: 9, coreDumped: false });
    }
    host.reap();
    await stopped;
    expect(host.clock.pending).toBe(0);
  });

  it('B14.9: gives up what waits for another attempt', async () => {
    const { groups, host } = new World();
    groups.add(group('a', 1));
    groups.autostart();
    host.end(groups.processes()[0] as NonNullable<ReturnType<typeof groups.processes>[0]>, 1);
    host.restartAllowed = false;
    await stopInOrder(groups, stopHost(host));
    expect(host.changes.at(-1)).toBe('a0 BACKOFF>FATAL');
  });

  it('does not wait for ever for a process that no signal reaches', async () => {
    const { groups, host } = new World();
    groups.add(group('a', 1));
    groups.autostart();
    host.system.nextKillErrno = 'EPERM';
    await stopInOrder(groups, stopHost(host));
    expect(groups.processes()[0]?.state).toBe('UNKNOWN');
  });
});

function bound(world: World): { groups: Groups; started: () => string[] } {
  return { groups: world.groups, started: () => world.started() };
}
