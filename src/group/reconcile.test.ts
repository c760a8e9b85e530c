import { describe, expect, it } from 'vitest';
import { runningStates } from '../process/states.ts';

import { settingsOf } from '../config/world.fixture.ts';
import type { ProcessState } from '../process/states.ts';
import { planUpdate, type UpdateMode } from './reconcile.ts';

/** What would happen, in short: `group change how: process action option,option ...`. */
function plan(
  mode: UpdateMode,
  before: string,
  after: string,
  states: Readonly<Record<string, ProcessState>> = {},
): readonly string[] {
  const active = settingsOf(before).groups.map((settings) => ({
    settings,
    processes: new Map(
      settings.processes.map(({ name }) => {
        const state = states[name] ?? 'RUNNING';
        return [name, { state, isActive: runningStates.has(state) }];
      }),
    ),
  }));
  return planUpdate(active, settingsOf(after).groups, mode).groups.map(
    ({ name, change, how, options, processes }) => {
      const why = options.map(({ option }) => option).join();
      const what = processes.map((process) =>
        [process.name, process.action, ...process.options.map(({ option }) => option)].join(' '),
      );
      return `${name} ${change} ${how}${why && ` (${why})`}: ${what.join('; ')}`;
    },
  );
}

const program = (name: string, options = '', command = 'cat'): string =>
  `[program:${name}]\ncommand=${command}\n${options}\n`;
const many = (count: number, options = ''): string =>
  program('m', `process_name=m%(process_num)d\nnumprocs=${String(count)}\n${options}`);

describe('an update of whole groups, as the original does it', () => {
  it('names what is removed, changed and added, in this order', () => {
    const before = program('a') + program('b') + program('c');
    const after = program('b') + program('c', '', 'dog') + program('d');
    expect(plan('groups', before, after)).toEqual([
      'a removed replace: a stop',
      'c changed replace: c restart command',
      'd added replace: d start',
    ]);
  });

  it('restarts every process of a group for a change of one, or of their number', () => {
    expect(plan('groups', many(2), many(3))).toEqual(['m changed replace: m0 restart; m1 restart; m2 start']);
    expect(plan('groups', many(2), many(1))).toEqual(['m changed replace: m1 stop; m0 restart']);
  });

  it('starts what was stopped by hand, and does not start what does not start by itself', () => {
    const changed = program('p', 'priority=3');
    expect(plan('groups', program('p'), changed, { p: 'STOPPED' })[0]).toContain('p start priority');
    const manual = program('p', 'autostart=false');
    expect(plan('groups', program('p'), manual)[0]).toContain('p stop autostart');
    expect(plan('groups', program('p'), manual, { p: 'EXITED' })[0]).toContain('p keep autostart');
  });

  it('B18.9: sees no difference when a log becomes automatic', () => {
    expect(plan('groups', program('p', 'stdout_logfile=/tmp/x'), program('p'))).toEqual([]);
  });
});

describe('a minimal update', () => {
  it('restarts only what is spawned with something else', () => {
    const group = '[group:g]\nprograms=a,b\n';
    const before = program('a') + program('b') + group;
    const after = program('a', 'directory=/tmp') + program('b', 'stopwaitsecs=3') + group;
    expect(plan('minimal', before, after)).toEqual([
      'g changed adjust: a restart directory; b keep stopwaitsecs',
    ]);
  });

  it('adds and removes only the members that differ', () => {
    expect(plan('minimal', many(2), many(3))).toEqual(['m changed adjust: m0 keep; m1 keep; m2 start']);
    expect(plan('minimal', many(3), many(2))).toEqual(['m changed adjust: m2 stop; m0 keep; m1 keep']);
    expect(plan('minimal', many(2), many(2, 'numprocs_start=1'))).toEqual([
      'm changed adjust: m0 stop; m1 keep; m2 start',
    ]);
  });

  it('restarts members whose environment says how many there are', () => {
    const count = 'environment=N="%(numprocs)d"';
    expect(plan('minimal', many(1, count), many(2, count))).toEqual([
      'm changed adjust: m0 restart environment; m1 start',
    ]);
  });

  it('moves programs between groups without a restart of the others', () => {
    const before = `${program('a')}${program('b')}[group:g]\nprograms=a\n`;
    const after = `${program('a')}${program('b')}[group:g]\nprograms=a,b\n`;
    expect(plan('minimal', before, after)).toEqual([
      'b removed replace: b stop',
      'g changed adjust: a keep; b start',
    ]);
  });

  it.each([
    ['STOPPED', 'keep'],
    ['EXITED', 'keep'],
    ['STARTING', 'restart'],
    ['BACKOFF', 'restart'],
    ['FATAL', 'start'],
    ['STOPPING', 'keep'],
  ] as const)('of a process that is %s: %s', (state, action) => {
    expect(plan('minimal', program('p'), program('p', '', 'dog'), { p: state })).toEqual([
      `p changed adjust: p ${action} command`,
    ]);
    expect(plan('minimal', program('p'), program('p', 'startretries=9'), { p: state })).toEqual([
      'p changed adjust: p keep startretries',
    ]);
  });

  it('sees a log that becomes automatic, which an update of the original does not', () => {
    expect(plan('minimal', program('p', 'stdout_logfile=/tmp/x'), program('p'))).toEqual([
      'p changed adjust: p keep stdout_logfile',
    ]);
  });

  it('makes a group anew when its kind or its socket differs', () => {
    const fcgi = (socket: string): string => `[fcgi-program:p]\ncommand=cat\nsocket=unix:///${socket}\n`;
    expect(plan('minimal', program('p'), fcgi('a'))[0]).toContain('p changed replace (kind,socket,');
    expect(plan('minimal', fcgi('a'), fcgi('b'))).toEqual(['p changed replace (socket): p restart']);
  });

  it('B21.3: a variable of the daemon is one of every program', () => {
    const before = program('a') + program('b', 'environment=V="own"');
    expect(plan('minimal', before, `environment=V="1"\n${before}`)).toEqual([
      'a changed adjust: a restart environment',
    ]);
  });

  it('without a difference there is nothing to do', () => {
    const text = many(3) + program('a');
    expect(plan('minimal', text, text)).toEqual([]);
  });
});
