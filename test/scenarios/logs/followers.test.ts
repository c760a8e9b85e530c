/** Many clients of `/logtail` at once, some of which do not read. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

import { expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { deadlineMs, waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';
import { numbered } from './numbered.ts';

const lastNumber = 4_000_000;
const output = numbered(lastNumber);
const digest = createHash('sha256').update(output).digest('hex');
const megabyte = 1024 * 1024;

/** Follows a log in HTTP 1.0, where the body is the log as it is. */
class Client {
  readonly socket: Socket;
  readonly begun: Promise<void>;
  readonly #hash = createHash('sha256');
  #head = '';
  #bytes = 0;

  constructor(socketPath: string) {
    this.socket = connect(socketPath);
    this.socket.write('GET /logtail/numbers HTTP/1.0\r\n\r\n');
    this.begun = new Promise((resolve, reject) => {
      this.socket.on('error', reject);
      this.socket.on('data', (chunk) => {
        if (this.#head.endsWith('\r\n\r\n')) {
          this.#hash.update(chunk);
          this.#bytes += chunk.length;
          return;
        }
        // Nothing was written yet, so that it is the header and nothing else.
        this.#head += chunk.toString('latin1');
        resolve();
      });
    });
  }

  /** What arrived, once that is as much as was written. */
  async all(): Promise<string> {
    await waitFor('everything to arrive', () => this.#bytes >= output.length, 2 * deadlineMs);
    return this.#hash.digest('hex');
  }
}

/** The largest memory that a process has had. */
function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

onEachDaemon(
  'followers of one log',
  () => {
    scenarioTest(
      'B19.1: get every byte while it rotates, one that reads later too, and one that never reads costs little',
      async ({ sandbox }) => {
        const supervised = await Supervised.start(
          sandbox,
          ours,
          `[program:numbers]
command=/bin/sh -c 'read line; exec seq ${lastNumber}'
autorestart=false
startsecs=0
stdout_logfile=%(here)s/numbers.log
stdout_logfile_maxbytes=1MB
stdout_logfile_backups=50
`,
        );
        const { socketPath } = supervised.config.api;
        const clients = Array.from({ length: 21 }, () => new Client(socketPath));
        await Promise.all(clients.map(({ begun }) => begun));
        const [deaf, late, ...attentive] = clients;
        deaf?.socket.pause();
        late?.socket.pause();
        const before = peakBytes(supervised.daemon.pid);
        await supervised.rpc('sendProcessStdin', 'numbers', 'go\n');
        await supervised.logged(/exited: numbers/);
        expect(new Set(await Promise.all(attentive.map((client) => client.all())))).toEqual(
          new Set([digest]),
        );
        late?.socket.resume();
        expect(await late?.all()).toBe(digest);
        expect(peakBytes(supervised.daemon.pid) - before).toBeLessThan(90 * megabyte);
        clients.forEach(({ socket }) => socket.destroy());
      },
    );
  },
  [ours],
);
