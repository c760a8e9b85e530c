import { describe, expect, test } from 'vitest';
import type { StateName, TimelineEntry } from '../stream/wire.ts';
import { markOf, summariseSince } from './away.ts';

let nextId = 0;

function change(atMs: number, process: string, from: StateName, to: StateName, text = ''): TimelineEntry {
  nextId += 1;
  return { id: nextId, atMs, kind: 'state', process, text, from, to };
}

const entries = [
  change(10, 'old', 'RUNNING', 'EXITED', 'exited: old (exit status 1; not expected)'),
  change(20, 'web', 'RUNNING', 'EXITED', 'exited: web (exit status 1; not expected)'),
  change(21, 'web', 'EXITED', 'STARTING'),
  change(22, 'web', 'STARTING', 'RUNNING'),
  change(23, 'job', 'RUNNING', 'EXITED', 'exited: job (exit status 0; expected)'),
  change(24, 'api', 'BACKOFF', 'FATAL'),
  change(25, 'api', 'STARTING', 'BACKOFF'),
];

describe('summariseSince', () => {
  test('counts what is newer, and names the programs in trouble first', () => {
    expect(summariseSince(entries, 15)).toEqual({
      text: '3 crashes, 1 start, 1 stop',
      names: ['api', 'web', 'job'],
    });
  });

  test('is null when nothing happened', () => {
    expect(summariseSince(entries, 30)).toBeNull();
    expect(summariseSince([change(40, 'web', 'STOPPED', 'STARTING')], 30)).toBeNull();
  });
});

test('actions and the daemon keep their kind', () => {
  const entry: TimelineEntry = { id: 1, atMs: 0, kind: 'action', process: 'web', text: 'stop web' };
  expect(markOf(entry)).toBe('action');
  expect(markOf({ ...entry, kind: 'daemon', process: null })).toBe('daemon');
});
