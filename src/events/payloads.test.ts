import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  processCommunicationEvent,
  processGroupEvent,
  processLogEvent,
  processStateEvent,
  remoteCommunicationEvent,
  supervisorStateChangeEvent,
  tickEvent,
} from './payloads.ts';
import type { SupervisorEvent } from './types.ts';

const source = { processName: 'cat', groupName: 'pets' };
const change = { from: 'STARTING', pid: 42, tries: 3, expected: true } as const;
const plain = new TextEncoder().encode('línea\n');
const binary = Uint8Array.from([0x63, 0xe9, 0x0a, 0x27, 0x5c, 0x09, 0x00, 0x22]);
const quoted = Uint8Array.from([0x27, 0xff]);

/** Checklist line, the event, its payload as Python source that builds the original's event. */
const cases: readonly (readonly [line: string, event: SupervisorEvent, payload: string, original: string])[] =
  [
    [
      'B20.1',
      processStateEvent(source, { ...change, to: 'STARTING', from: 'BACKOFF' }),
      'processname:cat groupname:pets from_state:BACKOFF tries:3',
      'ProcessStateStartingEvent(p, 30)',
    ],
    [
      'B20.1',
      processStateEvent(source, { ...change, to: 'BACKOFF' }),
      'processname:cat groupname:pets from_state:STARTING tries:3',
      'ProcessStateBackoffEvent(p, 10)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'RUNNING' }),
      'processname:cat groupname:pets from_state:STARTING pid:42',
      'ProcessStateRunningEvent(p, 10)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'STOPPING', from: 'RUNNING' }),
      'processname:cat groupname:pets from_state:RUNNING pid:42',
      'ProcessStateStoppingEvent(p, 20)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'STOPPED', from: 'STOPPING' }),
      'processname:cat groupname:pets from_state:STOPPING pid:42',
      'ProcessStateStoppedEvent(p, 40)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'EXITED', from: 'RUNNING' }),
      'processname:cat groupname:pets from_state:RUNNING expected:1 pid:42',
      'ProcessStateExitedEvent(p, 20)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'EXITED', from: 'RUNNING', expected: false }),
      'processname:cat groupname:pets from_state:RUNNING expected:0 pid:42',
      'ProcessStateExitedEvent(p, 20, False)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'FATAL', from: 'BACKOFF' }),
      'processname:cat groupname:pets from_state:BACKOFF',
      'ProcessStateFatalEvent(p, 30)',
    ],
    [
      'B20.2',
      processStateEvent(source, { ...change, to: 'UNKNOWN', from: 'STOPPING' }),
      'processname:cat groupname:pets from_state:STOPPING',
      'ProcessStateUnknownEvent(p, 40)',
    ],
    [
      'B20.3',
      remoteCommunicationEvent('é', 'a\nb'),
      'type:é\na\nb',
      "RemoteCommunicationEvent('é', 'a\\nb')",
    ],
    [
      'B20.4',
      processLogEvent(source, 'stdout', 42, plain),
      'processname:cat groupname:pets pid:42 channel:stdout\nlínea\n',
      "ProcessLogStdoutEvent(p, 42, 'línea\\n'.encode())",
    ],
    [
      'B20.4',
      processLogEvent(source, 'stderr', 42, binary),
      `processname:cat groupname:pets pid:42 channel:stderr\nUndecodable: b'c\\xe9\\n\\'\\\\\\t\\x00"'`,
      `ProcessLogStderrEvent(p, 42, b'c\\xe9\\n\\'\\\\\\t\\x00"')`,
    ],
    [
      'B20.4',
      processCommunicationEvent(source, 'stdout', 42, quoted),
      `processname:cat groupname:pets pid:42\nUndecodable: b"'\\xff"`,
      `ProcessCommunicationStdoutEvent(p, 42, b"'\\xff")`,
    ],
    [
      'B20.4',
      processCommunicationEvent(source, 'stderr', 42, plain),
      'processname:cat groupname:pets pid:42\nlínea\n',
      "ProcessCommunicationStderrEvent(p, 42, 'línea\\n'.encode())",
    ],
    ['B20.5', supervisorStateChangeEvent('RUNNING'), '', 'SupervisorRunningEvent()'],
    ['B20.5', supervisorStateChangeEvent('STOPPING'), '', 'SupervisorStoppingEvent()'],
    ['B20.6', tickEvent(5, 1767225600), 'when:1767225600', 'Tick5Event(1767225600, None)'],
    ['B20.6', tickEvent(60, 1767225600), 'when:1767225600', 'Tick60Event(1767225600, None)'],
    ['B20.6', tickEvent(3600, 1767225600), 'when:1767225600', 'Tick3600Event(1767225600, None)'],
    ['B20.7', processGroupEvent('ADDED', 'pets'), 'groupname:pets\n', "ProcessGroupAddedEvent('pets')"],
    ['B20.7', processGroupEvent('REMOVED', 'pets'), 'groupname:pets\n', "ProcessGroupRemovedEvent('pets')"],
  ];

/** Builds each event with the original's classes and prints its name and payload. */
const printOriginal = `
import json, sys
from supervisor.events import *
class Named:
    pass
p = Named()
p.config = Named()
p.config.name = 'cat'
p.group = Named()
p.group.config = Named()
p.group.config.name = 'pets'
p.pid = 42
p.backoff = 3
events = [eval(source) for source in json.load(sys.stdin)]
print(json.dumps([[getEventNameByType(e.__class__), e.payload()] for e in events]))
`;
const original = spawnSync('/usr/bin/python3', ['-c', printOriginal], {
  input: JSON.stringify(cases.map(([, , , source]) => source)),
  encoding: 'utf8',
});
const hasOriginal = original.status === 0;

describe('event payloads', () => {
  it.each(cases)('%s: %o', (_line, event, payload) => {
    expect(event.payload).toBe(payload);
  });

  it.skipIf(!hasOriginal)(
    `B20.1-B20.7: name and payload as the original builds them${hasOriginal ? '' : ' (skipped: package supervisor is not installed)'}`,
    () => {
      expect(cases.map(([, event]) => [event.type, event.payload])).toEqual(JSON.parse(original.stdout));
    },
  );
});
