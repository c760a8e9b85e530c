import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../system/fake-clock.ts';
import { Penalties } from './penalties.ts';

const address = '192.0.2.1';

describe('Penalties', () => {
  it('grow with each different wrong password, and wait for each other', () => {
    const penalties = new Penalties(new FakeClock());
    const delays = Array.from({ length: 7 }, (_, turn) => penalties.wrong(address, `wrong ${turn}`).delayMs);
    expect(delays).toEqual([100, 300, 700, 1500, 3100, 5100, 7100]);
    expect(penalties.wrong('192.0.2.2', 'wrong').delayMs).toBe(100);
  });

  it('do not grow by the same password again and again', () => {
    const clock = new FakeClock();
    const penalties = new Penalties(clock);
    for (let turn = 0; turn < 10; turn += 1) {
      expect(penalties.wrong(address, 'old').delayMs).toBe(100);
      penalties.served(address);
      clock.advance(100);
    }
  });

  it('are forgotten after five minutes', () => {
    const clock = new FakeClock();
    const penalties = new Penalties(clock);
    for (let turn = 0; turn < 6; turn += 1) {
      penalties.wrong(address, `wrong ${turn}`);
      penalties.served(address);
    }
    clock.advance(5 * 60_000);
    expect(penalties.wrong(address, 'wrong').delayMs).toBe(100);
  });

  it('end with silence when too many wait', () => {
    const penalties = new Penalties(new FakeClock());
    for (let turn = 0; turn < 64; turn += 1) {
      expect(penalties.wrong(address, `wrong ${turn}`).delayMs).not.toBeNull();
    }
    expect(penalties.wrong(address, 'one more').delayMs).toBeNull();
    penalties.served(address);
    expect(penalties.wrong(address, 'again').delayMs).not.toBeNull();
  });

  it('are told once a minute, with how many there were', () => {
    const clock = new FakeClock();
    const penalties = new Penalties(clock);
    const tells = Array.from({ length: 4 }, () => penalties.wrong(address, 'wrong').tell);
    clock.advance(60_000);
    expect([...tells, penalties.wrong(address, 'wrong').tell]).toEqual([1, null, null, null, 4]);
  });

  it('keep a bounded number of addresses', () => {
    const penalties = new Penalties(new FakeClock());
    penalties.wrong('first', 'wrong');
    for (let index = 0; index < 5000; index += 1) {
      penalties.wrong(`10.0.${index >> 8}.${index & 255}`, 'wrong');
    }
    expect(penalties.wrong('first', 'wrong').tell).toBe(1);
  });

  it('end when nobody waits any more', async () => {
    const clock = new FakeClock();
    const penalties = new Penalties(clock);
    const abort = new AbortController();
    const waiting = penalties.serve(address, 100, abort.signal);
    abort.abort(new Error('nobody waits'));
    await expect(waiting).rejects.toThrow('nobody waits');
    expect(clock.pending).toBe(0);
  });
});
