import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { FakeProc } from './fake-proc.fixture.ts';
import { SampleHistory } from './sample-history.ts';
import { type Measurement, ProcessStatistics } from './statistics.ts';

function makeWorld() {
  const clock = new FakeClock();
  const proc = new FakeProc();
  const running = new Map([['web', 10]]);
  proc.set(10, { cpuMs: 500, memoryBytes: 1000 });
  proc.set(11, { parent: 10, cpuMs: 500, memoryBytes: 2000 });
  const statistics = new ProcessStatistics({ clock, proc, running: () => running });
  return { clock, proc, running, statistics };
}

/** Lets everything that can happen without time passing happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('asked once', () => {
  it('knows the memory of the tree at once, and processor time after a second look', async () => {
    const { clock, proc, statistics } = makeWorld();
    await statistics.refresh();
    expect(statistics.latest('web', 10)?.slice(1)).toEqual([null, 3000]);
    clock.advance(2000);
    proc.set(11, { parent: 10, cpuMs: 1500, memoryBytes: 4000 });
    await statistics.refresh();
    expect(statistics.latest('web', 10)?.slice(1)).toEqual([50, 5000]);
  });

  it('measures over the time asked for', async () => {
    const { clock, proc, statistics } = makeWorld();
    const refreshed = statistics.refresh(500);
    await settle();
    proc.set(10, { cpuMs: 1500 });
    clock.advance(500);
    await refreshed;
    expect(statistics.latest('web', 10)?.[1]).toBe(200);
    expect(clock.pending).toBe(0);
  });

  it('ends the wait when nobody waits any more', async () => {
    const { clock, statistics } = makeWorld();
    const controller = new AbortController();
    const refreshed = statistics.refresh(500, controller.signal);
    await settle();
    controller.abort(new Error('gone'));
    await expect(refreshed).rejects.toThrow('gone');
    expect(clock.pending).toBe(0);
  });

  it('answers with what is fresh, and reads once for all who ask at the same time', async () => {
    const { clock, proc, statistics } = makeWorld();
    await Promise.all([statistics.refresh(), statistics.refresh()]);
    clock.advance(500);
    await statistics.refresh();
    expect(proc.reads).toBe(1);
  });

  it('says nothing of another run of the same name, nor of long ago', async () => {
    const { clock, running, proc, statistics } = makeWorld();
    await statistics.refresh();
    expect(statistics.latest('web', 99)).toBeNull();
    running.set('web', 20);
    proc.set(20, { cpuMs: 9000 });
    clock.advance(2000);
    await statistics.refresh();
    expect(statistics.latest('web', 20)?.[1]).toBeNull();
    clock.advance(60_000);
    expect(statistics.latest('web', 20)).toBeNull();
  });

  it('time that goes back, because a member was collected by somebody else, is no negative percentage', async () => {
    const { clock, proc, statistics } = makeWorld();
    await statistics.refresh();
    proc.processes.delete(11);
    clock.advance(2000);
    await statistics.refresh();
    expect(statistics.latest('web', 10)?.slice(1)).toEqual([0, 1000]);
  });
});

describe('subscribed to', () => {
  it('measures every two seconds while anybody subscribes, and not before or after', async () => {
    const { clock, proc, statistics } = makeWorld();
    clock.advance(10_000);
    expect(proc.reads).toBe(0);
    const heard: Measurement[] = [];
    const ends = [1, 2].map(() => statistics.subscribe((measurement) => heard.push(measurement)));
    await settle();
    clock.advance(2000);
    await settle();
    expect(proc.reads).toBe(2);
    expect(heard).toHaveLength(4);
    expect([...(heard.at(-1)?.values ?? [])].map(([name]) => name)).toEqual(['web']);
    for (const end of ends) {
      end();
    }
    expect(clock.pending).toBe(0);
    expect(statistics.samples('web')).toHaveLength(2);
  });

  it('rests when the only one leaves while a measurement is under way', async () => {
    const { clock, statistics } = makeWorld();
    statistics.subscribe(() => undefined)();
    await settle();
    expect(clock.pending).toBe(0);
  });
});

describe('SampleHistory', () => {
  it('keeps the last minutes whole, the last hour thinned, and no more', () => {
    const history = new SampleHistory();
    for (let atMs = 0; atMs <= 3 * 3_600_000; atMs += 2000) {
      history.add([atMs, 1, 1]);
    }
    const times = history.samples.map(([atMs]) => atMs);
    const endMs = 3 * 3_600_000;
    expect(times.at(-1)).toBe(endMs);
    expect(times[0]).toBeGreaterThan(endMs - 3_600_000);
    expect(times.filter((atMs) => atMs > endMs - 240_000)).toHaveLength(120);
    expect(times.length).toBeLessThan(400);
    expect(times.length).toBeGreaterThan(300);
  });
});
