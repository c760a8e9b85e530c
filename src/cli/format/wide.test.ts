import { describe, expect, it } from 'vitest';
import { formatBytes, wideCells, wideHeading } from './wide.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0B'],
    [999, '999B'],
    [1000, '1.0K'],
    [1536, '1.5K'],
    [10 * 1024, '10K'],
    [1023 * 1024, '1.0M'],
    [3.5 * 1024 ** 3, '3.5G'],
    [5000 * 1024 ** 4, '5000T'],
  ])('%d', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('wideCells', () => {
  const exit = { code: 1, signal: null, coreDumped: false, expected: false, atMs: 0 };

  it('stand under their headings', () => {
    const usage = { cpuPercent: 12.34, memoryBytes: 2048, restarts: 3, exit };
    const cells = wideCells(usage);
    expect(cells).toHaveLength(wideHeading.length);
    expect(cells.trimEnd()).toBe('  12.3%    2.0K         3  status 1');
    expect(
      wideCells({ ...usage, exit: { ...exit, code: null, signal: 'SIGSEGV', coreDumped: true } }),
    ).toContain('SIGSEGV (core)');
  });

  it('are dashes for what is not known', () => {
    expect(wideCells(undefined).trim().split(/ +/)).toEqual(['-', '-', '-', '-']);
  });
});
