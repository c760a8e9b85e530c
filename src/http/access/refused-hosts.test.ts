import { describe, expect, it } from 'vitest';
import { RefusedHosts } from './refused-hosts.ts';

describe('RefusedHosts', () => {
  it('tells of each name once a minute', () => {
    const hosts = new RefusedHosts();
    expect([hosts.tell('a.example', 0), hosts.tell('a.example', 59_999), hosts.tell('b.example', 1)]).toEqual(
      ['a.example', null, 'b.example'],
    );
    expect(hosts.tell('a.example', 60_000)).toBe('a.example');
  });

  it('keeps few names, and short ones', () => {
    const hosts = new RefusedHosts();
    const told = Array.from({ length: 1000 }, (_, index) => hosts.tell(`${index}.example`, 0));
    expect(told.filter((name) => name !== null)).toHaveLength(20);
    expect(hosts.tell('x'.repeat(10_000), 60_000)).toHaveLength(100);
  });
});
