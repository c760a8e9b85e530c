import { describe, expect, it } from 'vitest';
import { renderApiDocs } from './api-docs.ts';
import { faultCodes } from './faults.ts';
import { extensionNamespace } from './methods/extensions.ts';
import { supervisorMethods } from './methods/supervisor.ts';
import { systemMethods } from './methods/system.ts';
import { MethodRegistry, type RpcNamespace } from './registry.ts';

const namespaces: readonly RpcNamespace[] = [
  { name: 'supervisor', methods: supervisorMethods },
  { name: 'system', methods: systemMethods(() => new MethodRegistry([])) },
  extensionNamespace,
];
const methods = namespaces.flatMap((namespace) => namespace.methods);

/** Faults that the dispatcher itself answers with, and the status of success. */
const general = ['UNKNOWN_METHOD', 'INCORRECT_PARAMETERS', 'SHUTDOWN_STATE', 'SUCCESS'];

describe('docs/api.md', () => {
  it('is what the tables say (vitest -u writes it)', async () => {
    await expect(renderApiDocs(namespaces)).toMatchFileSnapshot('../../docs/api.md');
  });

  it('names every method and alias', () => {
    const text = renderApiDocs(namespaces);
    for (const name of new MethodRegistry(namespaces).names()) {
      expect(text).toContain(name);
    }
  });
});

describe('faults', () => {
  it('B18: every fault of the table is one that some method answers with, and the other way round', () => {
    const used = new Set<string>([...general, ...methods.flatMap(({ faults }) => faults)]);
    expect([...used].sort()).toEqual(Object.keys(faultCodes).sort());
  });
});
