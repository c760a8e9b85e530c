/** What happens to the daemon during a soak, again and again. */
import { renameSync } from 'node:fs';
import { connect } from 'node:net';

import type { HttpTarget } from '../test/helpers/http.ts';
import type { Sandbox } from '../test/helpers/sandbox.ts';
import { callRpc, type RpcValue } from '../test/helpers/xml-rpc.ts';
import { configuration } from './programs.ts';

export interface Subject {
  readonly sandbox: Sandbox;
  readonly pid: number;
  readonly api: HttpTarget & { readonly socketPath: string };
}

export interface Disturbance {
  readonly name: string;
  readonly everyMs: number;
  readonly run: (subject: Subject) => Promise<void>;
}

export interface Info {
  readonly group: string;
  readonly name: string;
  readonly pid: number;
  readonly statename: string;
}

function rpc({ api }: Subject, method: string, ...params: readonly RpcValue[]): Promise<RpcValue> {
  return callRpc(api, `supervisor.${method}`, params);
}

export async function allInfo(subject: Subject): Promise<readonly Info[]> {
  return (await rpc(subject, 'getAllProcessInfo')) as unknown as readonly Info[];
}

/** A refusal is an answer too: what was asked for may have happened by itself, or the daemon be between two lives. */
export function isPassing(error: unknown): boolean {
  return /fault \d+|ENOENT|ECONNREFUSED|ECONNRESET|EPIPE|socket hang up/.test(String(error));
}

async function maybe(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isPassing(error)) {
      throw error;
    }
  }
}

function someOf<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() * items.length)];
}

/** Connects, says something or nothing, and is gone without waiting. */
function vanish(socketPath: string, said: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.write(said);
      setTimeout(() => socket.destroy(), afterMs);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

const vanishing: readonly string[] = [
  '',
  'GET / HTTP/1.1\r\n',
  'POST /RPC2 HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n<methodCall>',
  'GET /logtail/flooding HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /mainlogtail HTTP/1.1\r\nHost: x\r\n\r\n',
  'not HTTP at all\r\n\r\n',
  'POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello',
];

let version = 0;

/** What `supervisorctl update` does. */
async function update(subject: Subject): Promise<void> {
  version += 1;
  subject.sandbox.write('supervisord.conf', configuration(version));
  const [[added, changed, removed]] = (await rpc(subject, 'reloadConfig')) as unknown as [
    [readonly string[], readonly string[], readonly string[]],
  ];
  for (const group of [...changed, ...removed]) {
    await maybe(rpc(subject, 'stopProcessGroup', group));
    await maybe(rpc(subject, 'removeProcessGroup', group));
  }
  for (const group of [...added, ...changed]) {
    await maybe(rpc(subject, 'addProcessGroup', group));
  }
}

export const disturbances: readonly Disturbance[] = [
  {
    name: 'vanish',
    everyMs: 300,
    run: async ({ api }) => {
      await Promise.all(vanishing.map((said, index) => vanish(api.socketPath, said, index * 20)));
    },
  },
  {
    name: 'restart one',
    everyMs: 700,
    run: async (subject) => {
      const one = someOf(await allInfo(subject));
      if (one !== undefined) {
        const name = `${one.group}:${one.name}`;
        await maybe(rpc(subject, 'stopProcess', name));
        await maybe(rpc(subject, 'startProcess', name));
      }
    },
  },
  {
    name: 'kill one',
    everyMs: 900,
    run: async (subject) => {
      const one = someOf((await allInfo(subject)).filter(({ group, pid }) => group === 'steady' && pid > 1));
      if (one !== undefined) {
        await maybe(rpc(subject, 'signalProcess', `${one.group}:${one.name}`, 'KILL'));
      }
    },
  },
  {
    name: 'talk',
    everyMs: 400,
    run: async (subject) => {
      for (let number = 0; number < 20; number += 1) {
        const name = `steady:${String(number).padStart(2, '0')}`;
        await maybe(rpc(subject, 'sendProcessStdin', name, `${'talk '.repeat(200)}\n`));
        await maybe(rpc(subject, 'tailProcessStdoutLog', name, 0, 1000));
      }
    },
  },
  { name: 'update', everyMs: 4000, run: update },
  {
    name: 'reopen logs',
    everyMs: 3000,
    run: ({ sandbox, pid }) => {
      renameSync(sandbox.path('flooding.log'), sandbox.path('flooding.moved'));
      process.kill(pid, 'SIGUSR2');
      return Promise.resolve();
    },
  },
  {
    name: 'reload',
    everyMs: 25_000,
    run: async (subject) => {
      await rpc(subject, 'restart');
    },
  },
];
