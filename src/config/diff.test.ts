import { describe, expect, it } from 'vitest';

import { diffGroups } from './diff.ts';
import { settingsOf } from './world.fixture.ts';

const program = (options: string): string => `[program:p]\ncommand=cat\n${options}\n`;
const fcgi = (options: string): string => `[fcgi-program:f]\ncommand=x\nsocket=unix:///f\n${options}\n`;
const listener = (options: string): string =>
  `[eventlistener:l]\ncommand=x\nevents=TICK_5,TICK_60\n${options}\n`;

function diff(before: string, after: string): Record<string, string[]> {
  const result = diffGroups(settingsOf(before).groups, settingsOf(after).groups);
  return Object.fromEntries(
    Object.entries(result).map(([kind, groups]: [string, readonly { name: string }[]]) => [
      kind,
      groups.map(({ name }) => name),
    ]),
  );
}

const isChange = (before: string, after: string): boolean => diff(before, after)['changed']?.length === 1;

describe('B21.2, B18.9: what an update would change', () => {
  it('added, changed and removed groups', () => {
    const before = '[program:a]\ncommand=a\n[program:b]\ncommand=b\n[program:c]\ncommand=c\n';
    const after = '[program:b]\ncommand=b\n[program:c]\ncommand=C\n[program:d]\ncommand=d\n';
    expect(diff(before, after)).toEqual({ added: ['d'], changed: ['c'], removed: ['a'] });
    expect(diff(before, before)).toEqual({ added: [], changed: [], removed: [] });
  });

  it.each([
    'priority=5',
    'numprocs=2\nprocess_name=p%(process_num)d',
    'environment=A="1"',
    'stdout_logfile_maxbytes=1',
    'stderr_syslog=true',
    'exitcodes=1',
    'user=0',
    'serverurl=http://h:1',
  ])('%j is a change', (options) => {
    expect(isChange(program(''), program(options))).toBe(true);
  });

  it('the environment of the daemon is part of every program', () => {
    expect(isChange(program(''), `environment=A="1"\n${program('')}`)).toBe(true);
  });

  it('an automatic log is no change, from one to a file is', () => {
    const file = program('stdout_logfile=/tmp/a');
    expect(isChange(program(''), file)).toBe(true);
    expect(isChange(file, program(''))).toBe(false);
    expect(isChange(program('stdout_logfile=NONE'), program(''))).toBe(false);
    expect(isChange(file, program('stdout_logfile=/tmp/b'))).toBe(true);
    expect(isChange(file, program('stdout_logfile=NONE'))).toBe(true);
  });

  it('of a FastCGI socket only the address counts', () => {
    expect(isChange(fcgi(''), fcgi('socket_mode=0777\nsocket_backlog=5'))).toBe(false);
    expect(isChange(fcgi(''), fcgi('socket=unix:///g'))).toBe(true);
  });

  it('settings of a pool count, the order of its events does not', () => {
    expect(isChange(listener(''), listener('buffer_size=5'))).toBe(true);
    expect(isChange(listener(''), listener('events=TICK_5'))).toBe(true);
    expect(isChange(listener(''), listener('result_handler=a:b'))).toBe(true);
    expect(isChange(listener(''), listener('events=tick_60,tick_5'))).toBe(false);
  });

  it('a group of another kind is another group', () => {
    const asProgram = '[program:f]\ncommand=x\n';
    expect(isChange(asProgram, fcgi(''))).toBe(true);
    expect(isChange(fcgi(''), asProgram)).toBe(true);
  });
});
