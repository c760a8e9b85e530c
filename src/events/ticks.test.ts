import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { EventBus } from './bus.ts';
import { Ticks } from './ticks.ts';
import type { EventTypeName } from './types.ts';

/** A clock whose wall time can be set. */
class SettableClock extends FakeClock {
  offsetMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.offsetMs;
  }
}

/** The fake clock begins two thirds of a minute before a multiple of 60, which is no multiple of 3600. */
const beginSecs = 1_700_000_000;

class World {
  readonly clock = new SettableClock();
  readonly told: string[] = [];
  readonly bus = new EventBus((error) => {
    throw error;
  });
  readonly ticks = new Ticks(this.bus, this.clock);

  subscribe(type: EventTypeName): () => void {
    return this.bus.subscribe(type, (event) => this.told.push(`${event.type} ${event.payload}`));
  }
}

describe('Ticks', () => {
  it('B20.6: come at the multiples of their periods, the short ones first', () => {
    const world = new World();
    world.subscribe('TICK');
    world.clock.advance(4999);
    expect(world.told).toEqual([]);
    world.clock.advance(1);
    expect(world.told).toEqual([`TICK_5 when:${beginSecs + 5}`]);
    world.told.length = 0;
    world.clock.advance(35_000);
    expect(world.told.slice(-2)).toEqual([`TICK_5 when:${beginSecs + 40}`, `TICK_60 when:${beginSecs + 40}`]);
    expect(world.told).toHaveLength(8);
  });

  it('B20.6: TICK_3600 comes on the hour', () => {
    const world = new World();
    world.subscribe('TICK_3600');
    world.clock.advance(3_600_000);
    expect(world.told).toEqual([`TICK_3600 when:${Math.ceil(beginSecs / 3600) * 3600}`]);
  });

  it('no timer runs while nobody listens', () => {
    const world = new World();
    expect(world.clock.pending).toBe(0);
    world.subscribe('PROCESS_STATE');
    expect(world.clock.pending).toBe(0);
    const end = world.subscribe('TICK_60');
    expect(world.clock.pending).toBe(1);
    end();
    expect(world.clock.pending).toBe(0);
  });

  it('one that subscribes later is told of the next multiple only', () => {
    const world = new World();
    world.subscribe('TICK_60')();
    world.clock.advance(50_000);
    world.subscribe('TICK_60');
    expect(world.told).toEqual([]);
    world.clock.advance(50_000);
    expect(world.told).toEqual([`TICK_60 when:${beginSecs + 100}`]);
  });

  it('a wall clock that is set is noticed within a minute, and told of once', () => {
    const world = new World();
    world.subscribe('TICK_3600');
    world.clock.offsetMs = 10 * 3600 * 1000;
    world.clock.advance(60_000);
    expect(world.told).toHaveLength(1);
    world.clock.advance(60_000);
    expect(world.told).toHaveLength(1);
  });

  it('stops for good', () => {
    const world = new World();
    world.subscribe('TICK');
    world.ticks.close();
    world.subscribe('TICK_5');
    expect(world.clock.pending).toBe(0);
  });
});
