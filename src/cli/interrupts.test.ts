import { describe, expect, it } from 'vitest';
import { Interrupts } from './interrupts.ts';

describe('Interrupts', () => {
  it('ends the innermost work, and leaves what is around it alone', async () => {
    const interrupts = new Interrupts();
    const events: string[] = [];
    const outer = await interrupts.during(async (outerSignal) => {
      const inner = await interrupts.during(async (signal) => {
        signal.addEventListener('abort', () => events.push('inner aborted'));
        interrupts.interrupt();
        await new Promise(() => undefined);
      });
      events.push(inner ?? 'done');
      expect(outerSignal.aborted).toBe(false);
      return 'finished';
    });
    expect([...events, outer]).toEqual(['inner aborted', 'interrupted', 'finished']);
  });

  it('listens to the signal only while something can be ended', async () => {
    const before = process.listenerCount('SIGINT');
    const interrupts = new Interrupts();
    await interrupts.during(() => {
      expect(process.listenerCount('SIGINT')).toBe(before + 1);
      return Promise.resolve();
    });
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
