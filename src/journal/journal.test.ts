import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { Journal } from './journal.ts';

describe('Journal', () => {
  it('numbers its entries and tells those who look on', () => {
    const journal = new Journal(new FakeClock());
    const heard: number[] = [];
    const end = journal.subscribe(({ id }) => heard.push(id));
    journal.add({ kind: 'daemon', text: 'a' });
    journal.add({ kind: 'daemon', text: 'b' });
    end();
    journal.add({ kind: 'daemon', text: 'c' });
    expect(heard).toEqual([journal.lastId - 2, journal.lastId - 1]);
    expect(journal.latest(2).map(({ text }) => text)).toEqual(['b', 'c']);
  });

  it('knows what came after an entry, or that it does not know', () => {
    const journal = new Journal(new FakeClock());
    const start = journal.lastId;
    expect(journal.since(start)).toEqual([]);
    journal.add({ kind: 'daemon', text: 'a' });
    expect(journal.since(start)?.map(({ text }) => text)).toEqual(['a']);
    for (const unknown of [start - 1, journal.lastId + 1, Number.NaN, 1.5]) {
      expect(journal.since(unknown)).toBeNull();
    }
    journal.beginLife();
    expect(journal.since(start)).toBeNull();
    expect(journal.since(journal.lastId)).toEqual([]);
  });

  it('is bounded, and so is what a client may put into it', () => {
    const journal = new Journal(new FakeClock());
    const start = journal.lastId;
    for (let turn = 0; turn < 10_000; turn += 1) {
      journal.add({ kind: 'daemon', text: 'x'.repeat(1000) });
    }
    expect(journal.since(start)).toBeNull();
    const kept = journal.latest(1_000_000);
    expect(kept).toHaveLength(2000);
    expect(kept[0]?.text.length).toBeLessThan(310);
    expect(journal.since(journal.lastId - 1999)).toHaveLength(1999);
  });
});
