/** Making calls with Python's own XML-RPC client, which most scripts use. */
import path from 'node:path';

import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import type { Call } from './calls.ts';

export type PythonAnswer =
  | { readonly value: unknown }
  | { readonly fault: readonly [code: number, text: string] }
  | { readonly http: number };

/** The answers of the daemon at a unix socket, in the order of the calls. */
export async function askPython(
  sandbox: Sandbox,
  socket: string,
  calls: readonly Call[],
): Promise<readonly PythonAnswer[]> {
  const client = path.join(import.meta.dirname, 'client.py');
  const job = { socket, calls: calls.map(([method, params = []]) => [method, params]) };
  const { code, stdout, stderr } = await runProgram(
    '/usr/bin/env',
    ['python3', client],
    { env: sandbox.env, cwd: sandbox.directory, input: JSON.stringify(job) },
    60_000,
  );
  if (code !== 0) {
    throw new Error(`the Python client ended with ${code}: ${stderr}`);
  }
  return JSON.parse(stdout) as readonly PythonAnswer[];
}
