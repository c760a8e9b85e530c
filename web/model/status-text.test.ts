import { expect, test } from 'vitest';
import { makeProcess } from './process.fixture.ts';
import { exitText, statusText } from './status-text.ts';

const now = 1_000_000;

test.each([
  [makeProcess('a', { startedAtMs: now - 65_000 }), 'up 1m 05s'],
  [makeProcess('a', { state: 'STOPPED', startedAtMs: null, stoppedAtMs: null }), 'not started'],
  [makeProcess('a', { state: 'STOPPED', stoppedAtMs: now - 5000 }), 'stopped 5s ago'],
  [makeProcess('a', { state: 'EXITED', stoppedAtMs: now - 5000 }), 'ended 5s ago'],
  [makeProcess('a', { state: 'FATAL', spawnError: "can't find command" }), "can't find command"],
  [makeProcess('a', { state: 'BACKOFF', description: 'Exited too quickly' }), 'Exited too quickly'],
])('%#', (view, text) => {
  expect(statusText(view, now)).toBe(text);
});

test('exits by code and by signal', () => {
  const exit = { code: 3, signal: null, coreDumped: false, expected: false, atMs: 0 };
  expect(exitText(exit)).toBe('code 3');
  expect(exitText({ ...exit, code: null, signal: 'SEGV', coreDumped: true })).toBe('SIGSEGV, core dumped');
  expect(exitText({ ...exit, code: null, signal: 'SIGKILL' })).toBe('SIGKILL');
});
