import { describe, expect, it } from 'vitest';
import { sumTrees } from './process-trees.ts';
import type { ProcessUsage } from './stat-line.ts';

function usage(parent: number, processGroup: number, cpuMs: number): ProcessUsage {
  return { parent, processGroup, cpuMs, memoryBytes: cpuMs * 1000 };
}

function cpu(processes: Readonly<Record<number, ProcessUsage>>, roots: readonly number[]): object {
  const map = new Map(Object.entries(processes).map(([pid, value]) => [Number(pid), value]));
  return Object.fromEntries([...sumTrees(map, new Set(roots))].map(([pid, sum]) => [pid, sum.cpuMs]));
}

describe('sumTrees', () => {
  it('counts a process with all its descendants, and nobody else', () => {
    const processes = {
      1: usage(0, 1, 1000),
      5: usage(1, 5, 100),
      10: usage(5, 10, 1),
      11: usage(10, 10, 2),
      12: usage(11, 12, 4),
      20: usage(5, 20, 8),
    };
    expect(cpu(processes, [10, 20])).toEqual({ 10: 7, 20: 8 });
  });

  it('counts what lost its parent but is still in the process group', () => {
    expect(cpu({ 10: usage(5, 10, 1), 11: usage(1, 10, 2), 12: usage(11, 12, 4) }, [10])).toEqual({ 10: 7 });
  });

  it('leaves out a process that is gone, and survives a circle of parents', () => {
    expect(cpu({ 11: usage(12, 11, 1), 12: usage(11, 12, 1) }, [10])).toEqual({});
  });

  it('counts a supervised process below another one for itself', () => {
    expect(cpu({ 10: usage(5, 10, 1), 11: usage(10, 11, 2) }, [10, 11])).toEqual({ 10: 1, 11: 2 });
  });
});
