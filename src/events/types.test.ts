import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { eventTypes, isEventOfType, isEventType, type EventTypeName } from './types.ts';

const names = Object.keys(eventTypes).filter(isEventType);

/** The original's tree, from its own classes: name, and the names of all types it is one of. */
const printOriginalTree = `
import json
from supervisor.events import EventTypes
rows = {k: v for k, v in EventTypes.__dict__.items() if not k.startswith('_')}
print(json.dumps({k: sorted(n for n, c in rows.items() if issubclass(v, c)) for k, v in rows.items()}))
`;
const original = spawnSync('/usr/bin/python3', ['-c', printOriginalTree], { encoding: 'utf8' });
const hasOriginal = original.status === 0;

describe('event types', () => {
  it.skipIf(!hasOriginal)(
    `B20.8: the same names and the same tree as the original${hasOriginal ? '' : ' (skipped: package supervisor is not installed)'}`,
    () => {
      const ours = Object.fromEntries(
        names.map((name) => [name, names.filter((ancestor) => isEventOfType(name, ancestor)).toSorted()]),
      );
      expect(ours).toEqual(JSON.parse(original.stdout));
    },
  );

  it('B20.8: exactly the types that have others below them are abstract', () => {
    const parents = new Set(names.map((name): EventTypeName | null => eventTypes[name].parent));
    for (const name of names) {
      expect([name, eventTypes[name].abstract]).toEqual([name, parents.has(name)]);
    }
  });

  it('knows only upper-case names of the table', () => {
    expect(isEventType('TICK_5')).toBe(true);
    expect(isEventType('tick_5')).toBe(false);
    expect(isEventType('constructor')).toBe(false);
  });
});
