/** `update` with options, against canned answers; without, it is compared with the original in `test/contract`. */
import { describe, expect, it } from 'vitest';

import { CannedFault } from '../../client/canned-daemon.fixture.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { cannedLine, up, type CannedRun } from '../canned-run.fixture.ts';

type Reply = Parameters<typeof up>[0];

function run(line: string, replies: NonNullable<Reply>): Promise<CannedRun> {
  const answers = up();
  const named = Object.entries({ planReload: [], ...replies }).map(
    ([name, reply]) => [`supervisord_ts.${name}`, reply] as const,
  );
  return cannedLine(line, {
    answers: { ...answers, methods: { ...answers.methods, ...Object.fromEntries(named) } },
  });
}

const option = (applies: string): Readonly<Record<string, string | number>> => ({
  option: 'o',
  applies,
  from: 'a "b"',
  file: '/etc/s.conf',
  line: 3,
});

const member = (name: string, membership: string, action: string, ...applies: readonly string[]) => ({
  name,
  membership,
  action,
  options: applies.map(option),
});

describe('update --dry-run', () => {
  it('tells of each process what would happen to it and why', async () => {
    const plan = [
      {
        name: 'g',
        change: 'changed',
        how: 'adjust',
        options: [{ option: 'priority', applies: 'live', from: '1', to: '2' }],
        processes: [
          member('gone', 'removed', 'stop'),
          member('idle', 'removed', 'keep'),
          member('a', 'stays', 'restart', 'restart'),
          member('b', 'stays', 'restart', 'restart'),
          member('c', 'stays', 'keep', 'live'),
          member('d', 'stays', 'keep', 'restart', 'live'),
          member('e', 'stays', 'keep'),
          member('f', 'added', 'start'),
          member('h', 'added', 'keep'),
        ],
      },
      {
        name: 'w',
        change: 'changed',
        how: 'replace',
        options: [],
        processes: [member('w', 'stays', 'stop', 'live'), member('x', 'stays', 'keep')],
      },
    ];
    const result = await run('update --dry-run g w g', { planUpdate: plan });
    const why = 'o: "a \\"b\\"" -> (none)  ; /etc/s.conf:3';
    expect(result.stdout.split('\n')).toEqual([
      'g: changed',
      '    priority: "1" -> "2"',
      '  g:gone: stop',
      '  g:idle: remove, not running',
      '  g:a g:b: restart',
      `    ${why}`,
      '  g:c: new settings, not restarted',
      `    ${why}`,
      '  g:d: new settings, not running',
      `    ${why}`,
      `    ${why}`,
      '  g:f: start',
      '  g:h: add, not started (autostart=false)',
      'w: changed, made anew',
      '  w: stop (autostart=false)',
      `    ${why}`,
      '  w:x: not started (autostart=false)',
      '',
    ]);
    expect(result.exitStatus).toBe(0);
    expect(result.calls).toEqual([
      { method: 'supervisord_ts.planUpdate', params: ['groups', ['g', 'w']] },
      { method: 'supervisord_ts.planReload', params: [] },
    ]);
  });

  it('says that there is nothing to do', async () => {
    const result = await run('update --minimal --dry-run all', { planUpdate: [] });
    expect([result.stdout, result.exitStatus]).toEqual(['No config updates to processes\n', 0]);
    expect(result.calls[0]?.params).toEqual(['minimal', []]);
  });
});

describe('update --dry-run', () => {
  it('tells what needs a reload', async () => {
    const changes = [
      { section: 'supervisord', option: 'loglevel', from: 'info', to: 'debug', file: '/etc/s.conf', line: 3 },
      { section: 'unix_http_server:more', to: '[unix_http_server:more]' },
      { section: 'unix_http_server:less', from: '[unix_http_server:less]' },
    ];
    const result = await run('update --dry-run', { planUpdate: [], planReload: changes });
    expect(result.stdout.split('\n')).toEqual([
      'No config updates to processes',
      'not part of an update, needs a reload:',
      '    [supervisord] loglevel: "info" -> "debug"  ; /etc/s.conf:3',
      '    [unix_http_server:more]: added',
      '    [unix_http_server:less]: removed',
      '',
    ]);
  });
});

describe('update --minimal', () => {
  it('tells what was done, and fails for what could not be', async () => {
    const outcomes = [
      { group: 'g', done: 'updated' },
      { group: 'g', process: 'a', done: 'restarted', problem: 'it could not be signalled' },
      { group: 'b', process: 'b', done: 'applied' },
    ];
    const result = await run('update g --minimal', { update: outcomes });
    expect([result.stdout, result.exitStatus]).toEqual([
      'g: updated process group\ng:a: ERROR (not restarted: it could not be signalled)\nb: new settings applied\n',
      1,
    ]);
    expect(result.calls).toEqual([{ method: 'supervisord_ts.update', params: ['minimal', ['g']] }]);
  });

  it.each([
    ['SHUTDOWN_STATE', 'SHUTDOWN_STATE', 'ERROR: already shutting down\n', 1],
    ['CANT_REREAD', 'CANT_REREAD: bad', 'ERROR: CANT_REREAD: bad\n', 1],
    ['BAD_NAME', 'BAD_NAME: x\ny', 'ERROR: no such group: x, y\n', 1],
    ['FAILED', 'FAILED: a: b\nc: d', 'ERROR: nothing was changed:\n  a: b\n  c: d\n', 1],
    ['UNKNOWN_METHOD', 'UNKNOWN_METHOD', 'ERROR: this supervisord knows no update with options\n', 3],
  ] as const)('refused with %s', async (fault, text, stdout, exitStatus) => {
    const result = await run('update --minimal', { update: new CannedFault(faultCodes[fault], text) });
    expect([result.stdout, result.exitStatus]).toEqual([stdout, exitStatus]);
  });

  it('an unknown option is not mistaken for a group', async () => {
    const result = await run('update --minimum', {});
    expect(result.stdout).toMatch(/^Error: update knows no option --minimum\nupdate\t/);
    expect([result.exitStatus, result.calls]).toEqual([2, []]);
  });
});
