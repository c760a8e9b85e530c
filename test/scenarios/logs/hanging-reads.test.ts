/** Reading logs where nobody answers: whoever asks for one waits, and nobody else does. */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

import { describe, expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { reasonAgainstHanging } from '../../helpers/hanging-mount.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from '../lifecycle/supervised.ts';
import { graveTest } from './grave.ts';

const configuration = `[program:buried]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/dead/log

[program:elsewhere]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/elsewhere.log
`;

/** Every way to read the log. */
const requests = [
  '/logtail/buried',
  '/tail.html?processname=buried',
  '/api/v1/processes/buried/logs/stdout',
  '/api/v1/processes/buried/logs/stdout?lines=5',
  '/api/v1/processes/buried/logs/stdout/download',
  '/api/v1/events?logs=buried/stdout',
].map((target) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);

function rpcRequest(method: string): string {
  const param = (value: string): string => `<param><value>${value}</value></param>`;
  const params = ['buried', '<int>0</int>', '<int>0</int>'].map(param).join('');
  const body = `<methodCall><methodName>supervisor.${method}</methodName><params>${params}</params></methodCall>`;
  return `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const asked = [...requests, ...['readProcessStdoutLog', 'tailProcessStdoutLog'].map(rpcRequest)];

class Client {
  readonly #socket: Socket;
  received = '';

  constructor(socketPath: string, request: string) {
    this.#socket = connect(socketPath);
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString();
    });
    this.#socket.write(request);
  }

  leave(): void {
    this.#socket.destroy();
  }
}

function descriptorsOf({ daemon }: Supervised): number {
  return readdirSync(`/proc/${daemon.pid}/fd`).length;
}

/** Calls are answered, and other logs are written and read. */
async function othersAreServed(supervised: Supervised, word: string): Promise<void> {
  for (let call = 0; call < 20; call += 1) {
    expect(await supervised.rpc('getState')).toMatchObject({ statename: 'RUNNING' });
  }
  await supervised.rpc('sendProcessStdin', 'elsewhere', `${word}\n`);
  await waitFor('another log', async () => {
    const text = await supervised.rpc('readProcessStdoutLog', 'elsewhere', 0, 0);
    return typeof text === 'string' && text.endsWith(`${word}\n`);
  });
  expect(await supervised.rpc('readLog', 0, 0)).toContain('supervisord started');
}

async function startBuried(supervised: Supervised): Promise<void> {
  await supervised.rpc('sendProcessStdin', 'buried', 'before\n');
  await waitFor('its first line', async () => {
    return (await supervised.rpc('readProcessStdoutLog', 'buried', 0, 0)) === 'before\n';
  });
}

const reason = ours.supervisordMissing ?? reasonAgainstHanging();

describe.skipIf(reason !== null)(
  `logs that are read where nobody answers${reason === null ? '' : ` (${reason})`}`,
  () => {
    graveTest('keep nobody else waiting, and leave nothing of who has left', async ({ sandbox, grave }) => {
      const supervised = await Supervised.start(sandbox, ours, configuration);
      await startBuried(supervised);
      const { socketPath } = supervised.config.api;
      grave.bury();
      const before = descriptorsOf(supervised);
      for (const round of ['first', 'second', 'third']) {
        const clients = asked.map((request) => new Client(socketPath, request));
        await waitFor('all to have come', () => descriptorsOf(supervised) >= before + clients.length);
        await othersAreServed(supervised, round);
        const bodies = clients.map(({ received }) => received.split('\r\n\r\n')[1] ?? '');
        expect(bodies.filter((body) => body !== '' && !body.includes('retry: '))).toEqual([]);
        clients.forEach((client) => client.leave());
        await waitFor('them to be gone', () => descriptorsOf(supervised) < before + clients.length);
      }
      const last = new Client(socketPath, rpcRequest('readProcessStdoutLog'));
      await othersAreServed(supervised, 'last');
      grave.open();
      await waitFor('an answer', () => last.received.includes('</methodResponse>'));
      expect(await supervised.rpc('readProcessStdoutLog', 'buried', 0, 0)).toBe('before\n');
      last.leave();
      await waitFor('nothing to be left', () => descriptorsOf(supervised) <= before);
      expect(supervised.daemon.output.text).not.toMatch(/ERRO|CRIT Handling/);
    });

    graveTest('keep no daemon from ending', async ({ sandbox, grave }) => {
      const supervised = await Supervised.start(sandbox, ours, configuration);
      await startBuried(supervised);
      grave.bury();
      const clients = asked.map((request) => new Client(supervised.config.api.socketPath, request));
      await othersAreServed(supervised, 'word');
      sandbox.observe();
      supervised.daemon.signal('SIGTERM');
      // A thread that hangs in the kernel keeps the process in the table; nothing else of it may be left.
      await waitFor('the programs to end', () =>
        sandbox.survivors().every(({ pid }) => pid === supervised.daemon.pid),
      );
      grave.open();
      expect(await supervised.daemon.ended).toEqual({ code: 0, signal: null });
      clients.forEach((client) => client.leave());
    });
  },
);
