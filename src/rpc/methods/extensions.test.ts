import { beforeEach, describe, expect, it } from 'vitest';

import { FakeControl, fakeRpcHost } from '../control.fixture.ts';
import { dispatch } from '../dispatch.ts';
import { makeRegistry } from '../registry.ts';
import type { XmlRpcValue } from '../xml/value.ts';
import { extensionNamespace } from './extensions.ts';
import { supervisorMethods } from './supervisor.ts';

let control: FakeControl;

beforeEach(() => {
  control = new FakeControl();
});

/** The value, or the text of the fault. */
async function call(method: string, ...params: readonly XmlRpcValue[]): Promise<XmlRpcValue> {
  const registry = makeRegistry([extensionNamespace, { name: 'supervisor', methods: supervisorMethods }]);
  const host = { ...fakeRpcHost(control), registry };
  const answer = await dispatch(host, { method, params }, new AbortController().signal);
  return answer.ok ? answer.value : `fault ${String(answer.faultCode)} ${answer.faultString}`;
}

describe('supervisord_ts', () => {
  it('B18.22: is no part of the list of methods, and described all the same', async () => {
    const names = (await call('system.listMethods')) as readonly string[];
    expect(names.filter((name) => name.startsWith('supervisord_ts'))).toEqual([]);
    expect(await call('system.methodSignature', 'supervisord_ts.update')).toEqual([
      'array',
      'string',
      'array',
    ]);
  });

  it('planUpdate: structs without what has no value', async () => {
    const change = { option: 'umask', variable: null, from: null, to: '022', applies: 'restart' } as const;
    const where = { file: '/etc/s.conf', line: 3 };
    control.planning = {
      ok: true,
      plan: {
        mode: 'minimal',
        groups: [
          {
            name: 'web',
            change: 'changed',
            how: 'adjust',
            options: [],
            processes: [
              { name: 'w1', membership: 'stays', action: 'restart', options: [{ ...change, ...where }] },
            ],
          },
        ],
      },
    };
    const option = { option: 'umask', to: '022', applies: 'restart', ...where };
    expect(await call('supervisord_ts.planUpdate', 'minimal', ['web'])).toEqual([
      {
        name: 'web',
        change: 'changed',
        how: 'adjust',
        options: [],
        processes: [{ name: 'w1', membership: 'stays', action: 'restart', options: [option] }],
      },
    ]);
    expect(control.updates).toEqual([{ mode: 'minimal', groups: ['web'] }]);
  });

  it('update: what was done, and what could not be', async () => {
    const done = { group: 'web', process: null, done: 'updated', problem: null } as const;
    const failed = { group: 'web', process: 'w1', done: 'restarted', problem: 'why' } as const;
    control.updating = { ok: true, outcomes: [done, failed] };
    expect(await call('supervisord_ts.update', 'groups', [])).toEqual([
      { group: 'web', done: 'updated' },
      failed,
    ]);
    expect(control.updates).toEqual([{ mode: 'groups', groups: null }]);
  });

  it('planReload: what no update takes up', async () => {
    const came = { section: 'inet_http_server', option: null, from: null, to: '[inet_http_server]' } as const;
    control.reloadPlanning = { ok: true, changes: [{ ...came, file: null, line: null }] };
    expect(await call('supervisord_ts.planReload')).toEqual([
      { section: 'inet_http_server', to: '[inet_http_server]' },
    ]);
    control.reloadPlanning = { ok: false, reason: 'configuration', message: 'why' };
    expect(await call('supervisord_ts.planReload')).toBe('fault 92 CANT_REREAD: why');
  });

  it.each([
    ['configuration', 'fault 92 CANT_REREAD: why'],
    ['unknown-group', 'fault 10 BAD_NAME: why'],
    ['refused', 'fault 30 FAILED: why'],
  ] as const)('a refusal for reason of %s', async (reason, fault) => {
    control.planning = { ok: false, reason, message: 'why' };
    control.updating = control.planning;
    expect(await call('supervisord_ts.planUpdate', 'groups', [])).toBe(fault);
    expect(await call('supervisord_ts.update', 'groups', [])).toBe(fault);
  });

  it.each([
    ['all', []],
    ['constructor', []],
    ['minimal', [5]],
    ['minimal', 'web'],
  ])('refuses the arguments %j, %j', async (...params) => {
    expect(await call('supervisord_ts.update', ...params)).toBe('fault 2 INCORRECT_PARAMETERS');
    expect(control.updates).toEqual([]);
  });

  it('is refused while the daemon goes down', async () => {
    control.state = 'SHUTDOWN';
    expect(await call('supervisord_ts.planUpdate', 'groups', [])).toBe('fault 6 SHUTDOWN_STATE');
  });
});
