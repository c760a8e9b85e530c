import { expect, test } from 'vitest';
import type { TimelineEntry } from '../stream/wire.ts';
import { actionText, entryText, whoText } from './happening.ts';

test.each([
  ['startProcess', 'start'],
  ['stopAllProcesses', 'stop all'],
  ['startProcessGroup', 'start'],
  ['sendProcessStdin', 'send stdin'],
  ['clearProcessLogs', 'clear logs'],
  ['supervisord_ts.update', 'update'],
  ['reloadConfig', 'reload config'],
  ['shutdown', 'shutdown'],
])('%s is %s', (method, text) => {
  expect(actionText(method)).toBe(text);
});

test('an entry does not repeat the name beside it', () => {
  const entry: TimelineEntry = {
    id: 1,
    atMs: 0,
    kind: 'state',
    process: 'web',
    to: 'EXITED',
    text: 'web EXITED: exit status 3',
  };
  expect(entryText(entry)).toBe('exit status 3');
  expect(entryText({ ...entry, to: 'RUNNING', text: 'web RUNNING' })).toBe('');
  expect(entryText({ ...entry, kind: 'action', to: null, text: 'stopProcess web' })).toBe('stop');
  expect(entryText({ ...entry, kind: 'daemon', process: null, to: null, text: 'started' })).toBe('started');
});

test('who did it', () => {
  expect(whoText({ interface: 'xml-rpc', user: 'ann' })).toBe('by ann through xml-rpc');
  expect(whoText({ interface: 'page', user: null })).toBe('through page');
  expect(whoText({})).toBe('');
});
