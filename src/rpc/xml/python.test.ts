/**
 * The codec against Python's own, which most clients of the original are written with.
 */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xmlRpcValue } from './arbitrary-value.ts';
import { decodeMethodCall, decodeMethodResponse } from './decode.ts';
import { encodeFault, encodeMethodCall, encodeMethodResponse } from './encode.ts';
import type { XmlRpcValue } from './value.ts';

const hasPython = spawnSync('python3', ['-c', 'import xmlrpc.client']).status === 0;

/** Reads a JSON list of documents, answers each as Python reads and writes it again. */
const echoProgram = `
import json, sys, xmlrpc.client as x
out = []
for document in json.load(sys.stdin):
    try:
        params, method = x.loads(document, use_builtin_types=False)
        out.append(x.dumps(params, method, methodresponse=method is None, allow_none=True))
    except x.Fault as fault:
        out.append(x.dumps(fault))
json.dump(out, sys.stdout)
`;

function throughPython(documents: readonly string[]): string[] {
  const result = spawnSync('python3', ['-c', echoProgram], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    throw new Error(result.stderr);
  }
  return JSON.parse(result.stdout) as string[];
}

/** Python has no 64-bit integers in XML-RPC, but doubles: both of us write and read those alike. */
const samples: readonly XmlRpcValue[] = fc.sample(xmlRpcValue, { numRuns: 300, seed: 20260131 });

describe.skipIf(!hasPython)('XML-RPC codec against xmlrpc.client (skipped without python3)', () => {
  it('B18.3: Python reads our requests and we read the same values from its own', () => {
    const calls = samples.map((value) => ({ method: 'a.b', params: [value] }));
    const answers = throughPython(calls.map(encodeMethodCall));
    expect(answers.map((answer) => decodeMethodCall(answer))).toEqual(
      calls.map((message) => ({ ok: true, message })),
    );
  });

  it('B18.3: responses likewise, and byte for byte where Python has one way to write them', () => {
    const answers = throughPython(samples.map(encodeMethodResponse));
    expect(answers.map((answer) => decodeMethodResponse(answer))).toEqual(
      samples.map((value) => ({ ok: true, message: { ok: true, value } })),
    );
    const plain: XmlRpcValue[] = [[], {}, [[1, 'a<&>'], true], { name: 'é', pid: 0 }, 1.5, 1e21, 2 ** 40];
    const documents = plain.map(encodeMethodResponse);
    expect(throughPython(documents)).toEqual(documents);
  });

  it('B18.3: faults are the same to the byte', () => {
    const documents = [encodeFault(10, 'BAD_NAME: <x>'), encodeFault(6, 'SHUTDOWN_STATE')];
    expect(throughPython(documents)).toEqual(documents);
  });

  it('Python accepts text with characters that XML cannot carry', () => {
    const [answer = ''] = throughPython([encodeMethodResponse('\u001b[1m\u0000\ud800')]);
    expect(decodeMethodResponse(answer)).toEqual({
      ok: true,
      message: { ok: true, value: '\ufffd[1m\ufffd\ufffd' },
    });
  });
});
