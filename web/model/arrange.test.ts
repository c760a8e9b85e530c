import { describe, expect, test } from 'vitest';
import { arrange, compareProcesses, keepSections, type SortKey } from './arrange.ts';
import { makeProcess } from './process.fixture.ts';

const processes = [
  makeProcess('web', { cpuPercent: 5, startedAtMs: 300, restarts: 2 }),
  makeProcess('shop:api_10', { cpuPercent: null, pid: null, state: 'FATAL', restarts: 9 }),
  makeProcess('shop:api_2', { cpuPercent: 50, startedAtMs: 100 }),
  makeProcess('mail', { cpuPercent: null, pid: null, state: 'STOPPED' }),
];

function sorted(key: SortKey, descending: boolean): readonly string[] {
  return processes.toSorted(compareProcesses({ key, descending })).map(({ name }) => name);
}

describe('compareProcesses', () => {
  test('names count numbers as numbers', () => {
    expect(sorted('name', false)).toEqual(['mail', 'shop:api_2', 'shop:api_10', 'web']);
  });

  test('the worst state comes first, equal ones by name', () => {
    expect(sorted('state', false)).toEqual(['shop:api_10', 'mail', 'shop:api_2', 'web']);
  });

  test('what has no value comes last in both directions', () => {
    expect(sorted('cpu', true)).toEqual(['shop:api_2', 'web', 'mail', 'shop:api_10']);
    expect(sorted('cpu', false)).toEqual(['web', 'shop:api_2', 'mail', 'shop:api_10']);
  });

  test('the longest uptime is the largest', () => {
    expect(sorted('uptime', true).slice(0, 2)).toEqual(['shop:api_2', 'web']);
    expect(sorted('uptime', false).slice(0, 2)).toEqual(['web', 'shop:api_2']);
  });
});

describe('arrange', () => {
  test('groups stand where their first row does; single programs share a section', () => {
    expect(arrange(processes, { key: 'name', descending: false, grouped: true })).toEqual([
      { group: null, names: ['mail', 'web'] },
      { group: 'shop', names: ['shop:api_2', 'shop:api_10'] },
    ]);
    expect(arrange(processes, { key: 'restarts', descending: true, grouped: true })[0]).toEqual({
      group: 'shop',
      names: ['shop:api_10', 'shop:api_2'],
    });
  });

  test('ungrouped is one section', () => {
    expect(arrange(processes, { key: 'name', descending: true, grouped: false })).toEqual([
      { group: null, names: ['web', 'shop:api_10', 'shop:api_2', 'mail'] },
    ]);
  });
});

test('sections that stay as they are stay the same object', () => {
  const before = [
    { group: null, names: ['web'] },
    { group: 'shop', names: ['shop:a', 'shop:b'] },
  ];
  expect(keepSections(before, structuredClone(before))).toBe(before);
  const after = keepSections(before, [
    { group: null, names: ['mail', 'web'] },
    { group: 'shop', names: ['shop:a', 'shop:b'] },
  ]);
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});
