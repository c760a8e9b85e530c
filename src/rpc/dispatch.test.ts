import { describe, expect, it } from 'vitest';
import { FakeControl, fakeRpcHost } from './control.fixture.ts';
import { answerCall, dispatch } from './dispatch.ts';
import { defineMethod } from './method.ts';
import { makeRegistry } from './registry.ts';
import type { MethodResponse, XmlRpcValue } from './xml/value.ts';

function fault(faultCode: number, faultString: string): MethodResponse {
  return { ok: false, faultCode, faultString };
}

function makeCall(host = fakeRpcHost()) {
  const never = new AbortController().signal;
  return (method: string, ...params: readonly XmlRpcValue[]) => dispatch(host, { method, params }, never);
}

describe('dispatch', () => {
  it.each([
    'getState',
    'supervisor',
    'supervisor.',
    'supervisor.nope',
    'supervisor.getState.x',
    'supervisor._update',
    'nope.getState',
    'system.__class__',
    'supervisor.constructor',
    '__proto__.getState',
    '',
  ])('B18.2: %j is UNKNOWN_METHOD', async (method) => {
    expect(await makeCall()(method)).toEqual(fault(1, 'UNKNOWN_METHOD'));
  });

  it.each([
    ['supervisor.getState', [1]],
    ['supervisor.getProcessInfo', []],
    ['supervisor.startProcess', ['cat', true, 1]],
    ['supervisor.readLog', [0]],
    ['supervisor.getProcessInfo', [5]],
    ['supervisor.readLog', ['a', 5]],
    ['supervisor.readLog', [0, null]],
    ['system.multicall', [{}]],
    ['system.multicall', ['abc']],
    ['supervisor.addProcessGroup', [Number.POSITIVE_INFINITY]],
    ['supervisor.removeProcessGroup', [Number.NaN]],
    ['supervisor.startProcessGroup', [Number.NEGATIVE_INFINITY]],
    ['supervisor.signalProcessGroup', [Number.POSITIVE_INFINITY, 'HUP']],
    ['supervisor.startProcess', [Number.POSITIVE_INFINITY]],
    ['supervisor.readLog', [Number.NaN, 0]],
  ] as const)('B18.2: %s with %j is INCORRECT_PARAMETERS', async (method, params) => {
    expect(await makeCall()(method, ...params)).toEqual(fault(2, 'INCORRECT_PARAMETERS'));
  });

  it('refuses a name of thousands of characters before anything is done or remembered', async () => {
    const host = fakeRpcHost();
    const before = host.journal.lastId;
    const name = 'n'.repeat(2000);
    for (const method of ['startProcess', 'stopProcessGroup', 'getProcessInfo', 'clearProcessLogs']) {
      expect(await makeCall(host)(`supervisor.${method}`, name)).toEqual(
        fault(10, `BAD_NAME: ${'n'.repeat(1024)}...`),
      );
    }
    expect(await makeCall(host)(`supervisor.${name}`)).toEqual(fault(1, 'UNKNOWN_METHOD'));
    expect(host.journal.lastId).toBe(before);
  });

  it('gives the results of a multicall no more room than there is', async () => {
    const control = new FakeControl();
    control.addFakeGroup('cat', [{ name: 'cat' }]);
    const calls = Array.from({ length: 5 }, () => ({
      methodName: 'supervisor.getProcessInfo',
      params: ['cat'],
    }));
    let left = 3;
    const answer = await answerCall(
      fakeRpcHost(control),
      { method: 'system.multicall', params: [calls] },
      {
        signal: new AbortController().signal,
        caller: { interface: 'xml-rpc', user: null },
        room: { take: () => (left -= 1) >= 0 },
      },
    );
    const results = answer.ok ? (answer.value as readonly Record<string, unknown>[]) : [];
    expect(results.map((result) => result['faultCode'] ?? result['name'])).toEqual([
      'cat',
      'cat',
      'cat',
      30,
      30,
    ]);
  });

  it.each(['SHUTDOWN', 'RESTARTING'] as const)(
    'B18.5: in %s nearly everything is SHUTDOWN_STATE',
    async (state) => {
      const host = fakeRpcHost();
      host.control.state = state;
      const call = makeCall(host);
      for (const name of host.registry.names()) {
        const count = host.registry.find(name)?.parameters.length ?? 0;
        const answer = await call(name, ...Array.from({ length: count }, () => []));
        const works = name.startsWith('system.') || name === 'supervisor.sendRemoteCommEvent';
        expect([name, 'faultCode' in answer && answer.faultCode === 6]).toEqual([name, !works]);
      }
    },
  );

  it('B18.5: a wrong number of arguments is found first, an argument of a wrong type not', async () => {
    const host = fakeRpcHost();
    host.control.state = 'SHUTDOWN';
    const call = makeCall(host);
    expect(await call('supervisor.getProcessInfo')).toEqual(fault(2, 'INCORRECT_PARAMETERS'));
    expect(await call('supervisor.getProcessInfo', 5)).toEqual(fault(6, 'SHUTDOWN_STATE'));
  });

  it('B11.3: without the supervisor interface its methods are unknown', async () => {
    const call = makeCall({ ...fakeRpcHost(), registry: makeRegistry([]) });
    expect(await call('supervisor.getState')).toEqual(fault(1, 'UNKNOWN_METHOD'));
    expect(await call('system.listMethods')).toEqual({
      ok: true,
      value: ['system.listMethods', 'system.methodHelp', 'system.methodSignature', 'system.multicall'],
    });
  });

  it('rejects when a handler fails in an unknown way', async () => {
    const broken = defineMethod({
      name: 'broken',
      summary: 'Fails.',
      parameters: [],
      result: { type: 'int', summary: 'Nothing.' },
      handle: () => {
        throw new TypeError('broken');
      },
    });
    const host = { ...fakeRpcHost(), registry: makeRegistry([{ name: 'test', methods: [broken] }]) };
    await expect(makeCall(host)('test.broken')).rejects.toThrow('broken');
    expect(await makeCall(host)('system.multicall', [{ methodName: 'test.broken' }])).toEqual({
      ok: true,
      value: [{ faultCode: 30, faultString: 'FAILED: TypeError: broken' }],
    });
  });

  it('writes calls and their outcome to the log', async () => {
    const host = fakeRpcHost();
    await makeCall(host)('supervisor.getState');
    await makeCall(host)('supervisor.getProcessInfo', 'x');
    expect(host.lines).toEqual([
      'trace XML-RPC method called: supervisor.getState()',
      'trace XML-RPC method supervisor.getState() returned successfully',
      'trace XML-RPC method called: supervisor.getProcessInfo()',
      'trace XML-RPC method supervisor.getProcessInfo() returned fault: [10] BAD_NAME: x',
    ]);
  });
});

describe('system.multicall', () => {
  it('B18.22: bare results in order, faults as structs, no recursion', async () => {
    const control = new FakeControl();
    control.addFakeGroup('cat', [{ name: 'cat' }]);
    const answer = await makeCall(fakeRpcHost(control))('system.multicall', [
      { methodName: 'supervisor.getAPIVersion' },
      { methodName: 'supervisor.getState', params: [1] },
      { params: [] },
      { methodName: 'system.multicall' },
      { methodName: 'x' },
      { methodName: 'supervisor.getState', params: 5 },
      { methodName: 'supervisor.stopProcess', params: ['cat'] },
      5,
    ]);
    expect(answer).toEqual({
      ok: true,
      value: [
        '3.0',
        { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' },
        { faultCode: 2, faultString: 'INCORRECT_PARAMETERS: No methodName' },
        { faultCode: 2, faultString: 'INCORRECT_PARAMETERS: Recursive system.multicall forbidden' },
        { faultCode: 1, faultString: 'UNKNOWN_METHOD' },
        { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' },
        { faultCode: 70, faultString: 'NOT_RUNNING: cat' },
        { faultCode: 2, faultString: 'INCORRECT_PARAMETERS: No methodName' },
      ],
    });
  });

  it('many calls that take long let others have their turn, and end with their client', async () => {
    const host = fakeRpcHost();
    const slow = defineMethod({
      name: 'slow',
      summary: 'Takes long.',
      parameters: [],
      result: { type: 'boolean', summary: 'True.' },
      handle: () => {
        host.clock.advance(15);
        return true;
      },
    });
    const registry = makeRegistry([{ name: 'test', methods: [slow] }]);
    const abort = new AbortController();
    const calls = Array.from({ length: 1000 }, () => ({ methodName: 'test.slow' }));
    const answer = dispatch(
      { ...host, registry },
      { method: 'system.multicall', params: [calls] },
      abort.signal,
    );
    setImmediate(() => abort.abort(new Error('gone')));
    await expect(answer).rejects.toThrow('gone');
    expect(host.clock.monotonicMs()).toBeLessThan(1000);
  });

  it('B18.22: each call begins when the one before has its answer', async () => {
    const control = new FakeControl();
    control.addFakeGroup('a', [{ name: 'a' }]);
    control.addFakeGroup('b', [{ name: 'b' }]);
    const answer = makeCall(fakeRpcHost(control))('system.multicall', [
      { methodName: 'supervisor.startProcess', params: ['a'] },
      { methodName: 'supervisor.startProcess', params: ['b', false] },
    ]);
    await Promise.resolve();
    expect(control.process('b').calls).toEqual([]);
    control.process('a').become('RUNNING');
    expect(await answer).toEqual({ ok: true, value: [true, true] });
    expect(control.process('b').calls).toEqual(['start']);
  });
});
