/** Nobody reads what the daemon prints: it goes on, does not wait, and finds nothing wrong with itself. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { httpGet } from '../../helpers/http.ts';
import { OutputCollector } from '../../helpers/output-collector.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Prints more than a pipe holds, in the ways that a module has. */
const plugin = `export const make = () => ({
  methods: {
    print: {
      summary: 'Prints.',
      result: { type: 'boolean', summary: 'True.' },
      handle() {
        for (let line = 0; line < 3000; line += 1) {
          console.error('error', line, 'x'.repeat(60));
          process.stderr.write('written ' + line + '\\n');
        }
        process.emitWarning('warned');
        return true;
      },
    },
  },
});
`;

/** Starts a daemon whose standard error is a FIFO; returns the end to read it from. */
async function startWith(sandbox: Sandbox) {
  sandbox.write('print.mjs', plugin);
  const config = writeConfig(
    sandbox,
    '[rpcinterface:own]\nsupervisor.rpcinterface_factory=./print.mjs:make\n',
  );
  const fifo = sandbox.path('stderr');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, O_RDONLY | O_NONBLOCK);
  const stderr = openSync(fifo, O_WRONLY);
  const daemon = spawn(ours.supervisord, ['-n', '-c', config.configFile], {
    cwd: sandbox.directory,
    env: sandbox.env,
    detached: true,
    stdio: ['ignore', 'pipe', stderr],
  });
  closeSync(stderr);
  sandbox.adopt(daemon.pid ?? 0);
  if (daemon.stdout === null) {
    throw new Error('there is no stdout');
  }
  await new OutputCollector('stdout of supervisord', daemon.stdout).match(/supervisord started with pid/);
  return { api: config.api, reader };
}

/** Everything that the FIFO holds now. */
function contentOf(reader: number): string {
  const buffer = Buffer.alloc(1024 * 1024);
  let length = 0;
  try {
    for (let count = -1; count !== 0; length += count) {
      count = readSync(reader, buffer, length, buffer.length - length, null);
    }
  } catch {
    // It is open, and empty by now.
  }
  return buffer.toString('utf8', 0, length);
}

describe.skipIf(ours.supervisordMissing !== null)('the daemon with a standard error that', () => {
  scenarioTest('has gone loses what it prints there, and nothing else', async ({ sandbox }) => {
    const { api, reader } = await startWith(sandbox);
    closeSync(reader);
    expect(await callRpc(api, 'own.print')).toBe(true);
    expect(await callRpc(api, 'own.print')).toBe(true);
    const { body } = await httpGet(api, '/api/v1/state');
    expect(JSON.parse(body)).toMatchObject({ containedErrors: 0 });
    expect(sandbox.read('supervisord.log')).not.toContain('unexpected error');
  });

  scenarioTest('is full goes on, and whole lines come when it is read again', async ({ sandbox }) => {
    const { api, reader } = await startWith(sandbox);
    expect(await callRpc(api, 'own.print')).toBe(true);
    expect(await callRpc(api, 'own.print')).toBe(true);
    let text = '';
    while (!text.includes('Warning: warned')) {
      text += contentOf(reader);
      await callRpc(api, 'supervisor.getState');
    }
    closeSync(reader);
    const lines = text.split('\n').slice(0, 6000);
    expect(lines).toHaveLength(6000);
    expect(lines.filter((line) => !/^(?:error \d+ x{60}|written \d+)$/.test(line))).toEqual([]);
    const { body } = await httpGet(api, '/api/v1/state');
    expect(JSON.parse(body)).toMatchObject({ containedErrors: 0 });
  });
});
