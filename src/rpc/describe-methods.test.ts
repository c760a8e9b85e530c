import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fakeRpcHost } from './control.fixture.ts';
import { methodSchemas, renderMethodTypes } from './describe-methods.ts';
import { dispatch } from './dispatch.ts';
import { extensionNamespace } from './methods/extensions.ts';
import { supervisorMethods } from './methods/supervisor.ts';
import { systemMethods } from './methods/system.ts';
import { MethodRegistry, type RpcNamespace } from './registry.ts';

const namespaces: readonly RpcNamespace[] = [
  { name: 'supervisor', methods: supervisorMethods },
  extensionNamespace,
  { name: 'system', methods: systemMethods(() => new MethodRegistry([])) },
];
const schemas = methodSchemas(namespaces);
const ajv = new Ajv2020({ strictTuples: false, allowUnionTypes: true });

describe('what is made from the method table', () => {
  it('types of TypeScript (vitest -u writes them)', async () => {
    await expect(renderMethodTypes(namespaces)).toMatchFileSnapshot('../client/rpc-methods.ts');
  });

  it('a JSON schema of every method (vitest -u writes it)', async () => {
    await expect(`${JSON.stringify(schemas, null, 2)}\n`).toMatchFileSnapshot('../../docs/rpc-schema.json');
  });

  it('says more of each array and struct than that it is one', () => {
    for (const { methods } of namespaces) {
      for (const { name, result } of methods) {
        const isSimple = result.type !== 'array' && result.type !== 'struct';
        expect(isSimple || result.schema !== undefined, name).toBe(true);
      }
    }
  });
});

describe('the schemas', () => {
  function host() {
    const made = fakeRpcHost();
    made.control.addFakeGroup('web', [{ name: 'web' }]);
    made.control.addFakeGroup('g', [{ name: 'a' }, { name: 'b', uid: 33 }]);
    const web = made.control.process('web');
    web.onStart = (one) => one.become('RUNNING', { pid: 7 });
    web.onStop = (one) => one.become('STOPPED', { pid: 0 });
    return made;
  }

  it.each([
    ['supervisor.getAPIVersion'],
    ['supervisor.getState'],
    ['supervisor.getPID'],
    ['supervisor.reloadConfig'],
    ['supervisor.getProcessInfo', 'web'],
    ['supervisor.getAllProcessInfo'],
    ['supervisor.getAllConfigInfo'],
    ['supervisor.startProcess', 'web'],
    ['supervisor.startProcess', 'g:*', false],
    ['supervisor.stopProcess', 'g:*', false],
    ['supervisor.stopAllProcesses', false],
    ['supervisor.clearAllProcessLogs'],
    ['supervisor.signalProcess', 'g:*', 'HUP'],
    ['supervisor.tailProcessLog', 'web', 0, 10],
    ['supervisord_ts.planUpdate', 'groups', []],
    ['supervisord_ts.planReload'],
    ['supervisord_ts.update', 'minimal', ['web']],
    ['system.listMethods'],
    ['system.methodHelp', 'supervisor.getState'],
    ['system.methodSignature', 'supervisor.getState'],
    ['system.multicall', [{ methodName: 'supervisor.getState', params: [] }]],
  ])('fit what is sent and answered: %s %j', async (method, ...params) => {
    const schema = schemas[method];
    expect(ajv.validate(schema?.params ?? {}, params), ajv.errorsText()).toBe(true);
    const { registry: _registry, ...made } = host();
    const registry = new MethodRegistry([
      ...namespaces.slice(0, 2),
      { name: 'system', methods: systemMethods(() => registry) },
    ]);
    const answer = await dispatch({ ...made, registry }, { method, params }, new AbortController().signal);
    expect(answer).toMatchObject({ ok: true });
    const value = answer.ok ? answer.value : null;
    expect(ajv.validate(schema?.result ?? {}, value), ajv.errorsText()).toBe(true);
  });

  it('refuse what does not fit', () => {
    const { params, result } = schemas['supervisor.startProcess'] ?? { params: {}, result: {} };
    for (const wrong of [[], [5], ['web', 'yes'], ['web', true, 1]]) {
      expect(ajv.validate(params, wrong), JSON.stringify(wrong)).toBe(false);
    }
    expect(ajv.validate(result, 'yes')).toBe(false);
    expect(ajv.validate(result, [{ name: 'a' }])).toBe(false);
  });
});
