import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { LineLimiter } from './line-limiter.ts';

function limiter(clock: FakeClock, lines: string[]): LineLimiter {
  return new LineLimiter(
    { atMost: 2, periodMs: 1000 },
    { clock, write: (line) => void lines.push(line), summary: (count) => `${count} more` },
  );
}

describe('LineLimiter', () => {
  it('writes the first of a period and sums up the others at its end', () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const limited = limiter(clock, lines);
    for (const line of ['a', 'b', 'c', 'd']) {
      limited.write(line);
    }
    expect(lines).toEqual(['a', 'b']);
    clock.advance(999);
    expect(lines).toEqual(['a', 'b']);
    clock.advance(1);
    expect(lines).toEqual(['a', 'b', '2 more']);
    limited.write('e');
    expect(lines.slice(3)).toEqual(['e']);
  });

  it('needs no timer while nothing is held back, and begins anew after a quiet period', () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const limited = limiter(clock, lines);
    for (let period = 0; period < 3; period += 1) {
      limited.write('a');
      limited.write('b');
      expect(clock.pending).toBe(0);
      clock.advance(1000);
    }
    expect(lines).toHaveLength(6);
  });

  it('says what is held back when it is asked to, once', () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const limited = limiter(clock, lines);
    ['a', 'b', 'c'].forEach((line) => limited.write(line));
    limited.flush();
    limited.flush();
    clock.advance(2000);
    expect(lines).toEqual(['a', 'b', '1 more']);
    expect(clock.pending).toBe(0);
  });
});
