import { describe, expect, it } from 'vitest';
import { Machine } from './machine.fixture.ts';
import { deadlineOf } from './record.ts';

const full = "too many open files to spawn 'cat'";
const crowded = "Too many processes in process table to spawn 'cat'";
const waits =
  "warn cat is tried again until it can be started: the machine's trouble does not count towards startretries";

/** Asked to start, on a machine that has no room for it. */
function troubled(overrides: ConstructorParameters<typeof Machine>[0] = {}): Machine {
  return new Machine({ startRetries: 1, ...overrides }).send({ type: 'start' }).outOfRoom(full);
}

describe('a machine that has no room for another process', () => {
  it('is tried again after 1, 2, 4, 8, 16 and then every 30 seconds, for ever, and never FATAL', () => {
    const machine = troubled();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 200; attempt += 1) {
      expect(machine.record).toMatchObject({ phase: { state: 'BACKOFF' }, failures: 0, spawnError: full });
      const delay = (deadlineOf(machine.record, machine.settings) ?? 0) - machine.nowMs;
      delays.push(delay / 1000);
      machine.advance(delay - 1);
      expect(machine.state).toBe('BACKOFF');
      machine.advance(1);
      expect(machine.state).toBe('STARTING');
      machine.outOfRoom(full);
    }
    expect(delays.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(delays.at(-1)).toBe(30);
    expect(machine.takeStates()).not.toContain('FATAL');
  });

  it('is told once, and once more when there is room again', () => {
    const machine = troubled();
    for (const delayMs of [1000, 2000, 4000]) {
      machine.advance(delayMs).outOfRoom(full);
    }
    expect(machine.takeLog()).toEqual([`info spawnerr: ${full}`, waits]);
    machine.advance(8000).spawned();
    expect(machine.takeLog()).toEqual([
      "info spawned: 'cat' with pid 101",
      `info cat could be started after 4 failed attempts: ${full}`,
    ]);
    expect(machine.record).toMatchObject({ phase: { state: 'STARTING' }, trouble: null, spawnError: null });
  });

  it('is told again when it is another trouble', () => {
    const machine = troubled();
    machine.advance(1000).outOfRoom(crowded).advance(2000).outOfRoom(crowded);
    expect(machine.takeLog()).toEqual([`info spawnerr: ${full}`, waits, `info spawnerr: ${crowded}`]);
  });

  it('neither counts failures nor forgets them', () => {
    const machine = new Machine({ startRetries: 1 }).start().exit(1);
    expect(machine.record.failures).toBe(1);
    machine.advance(1000).outOfRoom(full).advance(1000).outOfRoom(full).advance(2000);
    expect(machine.record.failures).toBe(1);
    machine.spawnFailed("can't find command 'x'");
    expect(machine.state).toBe('FATAL');
    expect(machine.record.trouble).toBeNull();
  });

  it('begins anew after the command itself has failed', () => {
    const machine = troubled();
    machine.advance(1000).spawnFailed().advance(1000).outOfRoom(full);
    expect(machine.record).toMatchObject({ failures: 1, trouble: { attempts: 1, message: full } });
  });

  it('an attempt is no restart', () => {
    const machine = new Machine({ autorestart: 'always' }).start().advance(1000).exit(0);
    machine.outOfRoom(full).advance(1000).outOfRoom(full).advance(2000).spawned();
    expect(machine.record.restarts).toBe(1);
  });

  it('a stop ends the wait', () => {
    const machine = troubled().stop();
    expect(machine.record).toMatchObject({ phase: { state: 'STOPPED' }, trouble: null });
    expect(machine.advance(100_000).state).toBe('STOPPED');
  });

  it('a stop before the outcome is known wins', () => {
    const machine = new Machine().send({ type: 'start' }).stop().outOfRoom(full);
    expect(machine.record).toMatchObject({ phase: { state: 'STOPPED' }, trouble: null, spawnError: full });
    expect(machine.takeLog()).toEqual([`info spawnerr: ${full}`]);
  });

  it('nothing is tried again while the daemon shuts down', () => {
    const machine = new Machine().send({ type: 'start' });
    machine.mayRestart = false;
    machine.outOfRoom(full);
    expect(deadlineOf(machine.record, machine.settings)).toBeNull();
    expect(machine.stop('shutdown').record).toMatchObject({ phase: { state: 'FATAL' }, trouble: null });
  });
});
