import { describe, expect, it } from 'vitest';
import type { GroupSettings } from '../config/settings.ts';
import { EventBus } from '../events/bus.ts';
import { remoteCommunicationEvent } from '../events/payloads.ts';
import { EventSerials } from '../events/serials.ts';
import { FakeHost } from '../process/host.fixture.ts';
import { processSettings } from '../process/settings.fixture.ts';
import { ProcessGroup } from './group.ts';
import { ListenerPools } from './listener-pools.ts';

function poolSettings(): GroupSettings {
  return {
    kind: 'eventlistener',
    name: 'pool',
    priority: -1,
    processes: [processSettings({ name: 'ear', kind: 'eventlistener', startSecs: 0, autorestart: 'always' })],
    bufferSize: 10,
    events: ['REMOTE_COMMUNICATION'],
    lengthInBytes: false,
    resultHandler: { name: 'supervisor.dispatchers:default_handler', directory: '/' },
  };
}

class World {
  readonly host = new FakeHost();
  readonly bus = new EventBus((error) => {
    throw error;
  });
  readonly pools = new ListenerPools('super', {
    bus: this.bus,
    serials: new EventSerials(),
    log: this.host.log,
    defer: queueMicrotask,
  });
  readonly group = new ProcessGroup(poolSettings(), (settings, { name }) =>
    this.host.process(settings, name),
  );

  constructor() {
    this.pools.put(this.group);
  }

  async says(text: string): Promise<void> {
    this.pools.heard('pool', 'ear', Buffer.from(text));
    await Promise.resolve();
  }

  async publish(text: string): Promise<void> {
    this.bus.publish(remoteCommunicationEvent('t', text));
    await Promise.resolve();
  }

  /** What the child of each start was sent. */
  written(): readonly (readonly string[])[] {
    return this.host.stdins.map(({ written }) =>
      written.map((text) => text.slice(text.indexOf('\ntype:') + 8)),
    );
  }

  get ear() {
    const process = this.group.processes.get('ear');
    if (process === undefined) {
      throw new Error('no listener');
    }
    return process;
  }
}

describe('ListenerPools', () => {
  it('B20.12: an event goes to the stdin of the listener, and to that of its next start when it dies', async () => {
    const world = new World();
    world.ear.start();
    await world.publish('one');
    await world.says('READY\n');
    expect(world.written()).toEqual([['one']]);
    world.host.clock.advance(1000);
    world.host.end(world.ear, 1);
    expect(world.ear.state).toBe('RUNNING');
    await world.says('READY\n');
    expect(world.written()).toEqual([['one'], ['one']]);
  });

  it('B20.11: a start makes a listener known anew, whatever it said before', async () => {
    const world = new World();
    world.ear.start();
    await world.says('garbage');
    world.host.clock.advance(1000);
    world.host.end(world.ear, 1);
    await world.publish('one');
    await world.says('READY\n');
    expect(world.written()).toEqual([[], ['one']]);
  });

  it('before the end of the daemon, waits for listeners at work, a second at most', async () => {
    const world = new World();
    world.ear.start();
    await world.says('READY\n');
    await world.publish('one');
    let settled = 0;
    const wait = async (): Promise<void> => {
      await world.pools.settled('pool', world.host.clock);
      settled += 1;
    };
    const first = wait();
    await world.says('RESULT 2\nOKREADY\n');
    await first;
    expect(settled).toBe(1);
    expect(world.host.clock.pending).toBe(0);
    await world.publish('two');
    const second = wait();
    world.host.clock.advance(999);
    await Promise.resolve();
    expect(settled).toBe(1);
    world.host.clock.advance(1);
    await second;
    expect(settled).toBe(2);
    expect(world.pools.settled('other', world.host.clock)).toBeNull();
  });

  it('a group that is removed hears no more, and nothing of it is left', () => {
    const world = new World();
    world.pools.close();
    expect(world.bus.hasSubscribers('REMOTE_COMMUNICATION')).toBe(false);
    world.ear.start();
    expect(world.ear.state).toBe('RUNNING');
  });
});
