import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NodeProcReader } from './proc-reader.ts';
import { parseStat } from './stat-line.ts';

describe('parseStat', () => {
  const rest = 'S 12 34 34 0 -1 4194560 100 200 0 0 5 6 7 8 20 0 1 0 999 1000000 50 18446744073709551615';

  it('reads parent, group, time with that of children, and memory', () => {
    expect(parseStat(`77 (cat) ${rest}`, 4096)).toEqual({
      parent: 12,
      processGroup: 34,
      cpuMs: 260,
      memoryBytes: 50 * 4096,
    });
  });

  it('is not misled by a name', () => {
    const expected = parseStat(`77 (cat) ${rest}`, 4096);
    for (const name of ['a b', ') S 1 1 (', '(x) R 9 9', '\n']) {
      expect(parseStat(`77 (${name}) ${rest}`, 4096)).toEqual(expected);
    }
  });

  it.each(['', '77', '77 (cat) S', '77 (cat) S 12 34'])('makes nothing of %j', (line) => {
    expect(parseStat(line, 4096)).toBeNull();
  });
});

describe('NodeProcReader', () => {
  it('knows this process', () => {
    const reader = new NodeProcReader();
    expect(reader.pids()).toContain(process.pid);
    const usage = reader.usage(process.pid);
    expect(usage).toMatchObject({ parent: process.ppid });
    const [, residentKb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    const ratio = (usage?.memoryBytes ?? 0) / (Number(residentKb) * 1024);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
    expect(usage?.cpuMs).toBeGreaterThan(0);
  });

  it('has nothing to say about one that is gone', () => {
    expect(new NodeProcReader().usage(2 ** 22 + 1)).toBeNull();
  });
});
