import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { ContainedErrors } from './contained-errors.ts';

describe('ContainedErrors', () => {
  it('logs each with what was being done and its stack, and sums up at the end', () => {
    const errors = new ContainedErrors(new FakeClock());
    const lines: string[] = [];
    const end = errors.attach((line) => void lines.push(line));
    errors.report('a listener', new Error('boom'));
    errors.report('a log', 'not even an error');
    end();
    expect(errors.count).toBe(2);
    expect(lines[0]).toMatch(/^unexpected error in a listener: Error: boom\n {4}at .*contained-errors\.test/);
    expect(lines.slice(1)).toEqual([
      'unexpected error in a log: not even an error',
      '2 unexpected errors were contained since the start',
    ]);
  });

  it('counts on when the log itself is what fails', () => {
    const errors = new ContainedErrors(new FakeClock());
    errors.attach(() => {
      throw new Error('no log');
    });
    errors.report('a log', new Error('boom'));
    expect(errors.count).toBe(1);
  });

  it('says nothing at the end when there was none', () => {
    const lines: string[] = [];
    new ContainedErrors(new FakeClock()).attach((line) => void lines.push(line))();
    expect(lines).toEqual([]);
  });

  it('keeps what comes between two lives for the log of the next', () => {
    const errors = new ContainedErrors(new FakeClock());
    errors.attach(() => undefined)();
    errors.report('between', 'x');
    const lines: string[] = [];
    errors.attach((line) => void lines.push(line));
    expect(lines).toEqual(['unexpected error in between: x']);
  });

  it('does not fill the log with one that comes again and again', () => {
    const clock = new FakeClock();
    const errors = new ContainedErrors(clock);
    const lines: string[] = [];
    errors.attach((line) => void lines.push(line));
    for (let i = 0; i < 1000; i += 1) {
      errors.report('a loop', i);
    }
    expect(lines).toHaveLength(20);
    clock.advance(60_000);
    expect(lines.slice(20)).toEqual(['980 more unexpected errors were contained']);
    expect(errors.count).toBe(1000);
  });
});
