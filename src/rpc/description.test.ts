import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { describeProcess, formatMoment, formatUptime } from './description.ts';

const noon = 1_795_435_200;
const base = {
  name: 'cat',
  pid: 42,
  spawnError: null,
  startSecs: noon - 61,
  stopSecs: noon,
  nowSecs: noon,
  logBlockedSinceSecs: null,
} as const;

/** `21:05`, as this machine's zone has it. */
function clockTime(secs: number): string {
  return new Date(secs * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

describe('description of a process', () => {
  it.each([
    ['RUNNING', {}, 'pid 42, uptime 0:01:01'],
    ['RUNNING', { startSecs: noon + 5 }, 'pid 42, uptime 0:00:00'],
    ['FATAL', { spawnError: "can't find command 'x'" }, "can't find command 'x'"],
    ['FATAL', {}, 'unknown error (try "tail cat")'],
    ['BACKOFF', { spawnError: 'Exited too quickly' }, 'Exited too quickly'],
    ['STOPPED', { startSecs: 0, stopSecs: 0 }, 'Not started'],
    ['STOPPED', {}, formatMoment(noon)],
    ['EXITED', {}, formatMoment(noon)],
    ['STARTING', {}, ''],
    ['STOPPING', {}, ''],
    ['UNKNOWN', {}, ''],
    [
      'RUNNING',
      { logBlockedSinceSecs: noon },
      `pid 42, uptime 0:01:01, log blocked since ${clockTime(noon)}`,
    ],
    ['STARTING', { logBlockedSinceSecs: noon }, `log blocked since ${clockTime(noon)}`],
    ['EXITED', { logBlockedSinceSecs: noon }, formatMoment(noon)],
  ] as const)('B17.6: %s %o', (state, changes, expected) => {
    expect(describeProcess({ ...base, state, ...changes })).toBe(expected);
  });

  const secs = [0, 59, 60, 3599, 3600, 86_399, 86_400, 172_799, 172_800, 86_400 * 400 + 3661, -5];
  const moments = [0, noon, noon + 12 * 3600, 1_767_225_599, 1_770_336_123, 1_709_211_600];

  const python = spawnSync(
    'python3',
    [
      '-c',
      `
import datetime, json, sys, time
secs, moments = json.load(sys.stdin)
print(json.dumps([[str(datetime.timedelta(seconds=max(0, s))) for s in secs],
  [datetime.datetime(*time.localtime(m)[:6]).strftime('%b %d %I:%M %p') for m in moments]]))`,
    ],
    { input: JSON.stringify([secs, moments]), encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  const hasPython = python.status === 0;

  it.skipIf(!hasPython)(
    `B17.6: times as Python formats them${hasPython ? '' : ' (skipped: there is no python3)'}`,
    () => {
      expect([secs.map(formatUptime), moments.map(formatMoment)]).toEqual(JSON.parse(python.stdout));
    },
  );

  it('B17.6: days are counted', () => {
    expect(formatUptime(86_400)).toBe('1 day, 0:00:00');
    expect(formatUptime(2 * 86_400 + 3723)).toBe('2 days, 1:02:03');
  });
});
