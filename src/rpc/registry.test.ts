import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { helpText } from './method.ts';
import { fakeRpcHost } from './control.fixture.ts';

const { registry } = fakeRpcHost();

/** The names and signatures of the original, and what its parser of help texts makes of ours. */
const askOriginal = `
import json, sys
from supervisor.rpcinterface import SupervisorNamespaceRPCInterface
from supervisor.xmlrpc import SystemNamespaceRPCInterface, gettags
system = SystemNamespaceRPCInterface([('supervisor', SupervisorNamespaceRPCInterface(None))])
signatures = {name: system.methodSignature(name) for name in system.listMethods()}
def signature(text):
    tags = gettags(text)
    return [t[2] for t in tags if t[1] == 'return'] + [t[2] for t in tags if t[1] == 'param']
ours = {name: signature(text) for name, text in json.load(sys.stdin).items()}
print(json.dumps([signatures, ours]))
`;
const helpTexts = Object.fromEntries(
  registry.names().map((name) => {
    const method = registry.find(name);
    return [name, method === null ? '' : helpText(method)];
  }),
);
const original = spawnSync('/usr/bin/python3', ['-c', askOriginal], {
  input: JSON.stringify(helpTexts),
  encoding: 'utf8',
});
const hasOriginal = original.status === 0;

describe('the method table', () => {
  it.skipIf(!hasOriginal)(
    `B18.22: names and signatures are the original's, also as read from the help${hasOriginal ? '' : ' (skipped: package supervisor is not installed)'}`,
    () => {
      const ours = Object.fromEntries(
        registry.names().map((name) => {
          const method = registry.find(name);
          return [name, [method?.result.type, ...(method?.parameters.map(({ type }) => type) ?? [])]];
        }),
      );
      expect([ours, ours]).toEqual(JSON.parse(original.stdout));
    },
  );

  it('B18: has 41 names', () => {
    expect(registry.names()).toHaveLength(41);
    expect(registry.names()).toEqual([...registry.names()].sort());
  });
});
