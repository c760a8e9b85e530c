/** Destinations that take nothing hold back who writes to them, and nobody else. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';

import { expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';

/** A FIFO with a reader that takes what is there when it is asked to. */
class SleepyReader {
  readonly #fd: number;
  text = '';

  constructor(fifo: string) {
    execFileSync('mkfifo', [fifo]);
    this.#fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** Everything that can be had now. */
  read(): string {
    const buffer = Buffer.alloc(256 * 1024);
    try {
      for (let count = readSync(this.#fd, buffer); count > 0; count = readSync(this.#fd, buffer)) {
        this.text += buffer.toString('latin1', 0, count);
      }
    } catch {
      // Nothing more for now.
    }
    return this.text;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Far more than a pipe and a backlog hold. */
const lines = 100_000;

function loud(name: string, log: string): string {
  return `[program:${name}]
command=/usr/bin/seq -f "${name} %%.0f" ${lines}
autorestart=false
startsecs=0
stdout_logfile=${log}
stdout_logfile_maxbytes=0
`;
}

const bystander = `[program:bystander]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/bystander.log
`;

/** The bystander is talked to, and what it says is logged. */
async function bystanderIsServed(sandbox: Sandbox, socketPath: string): Promise<void> {
  await callRpc({ socketPath }, 'supervisor.sendProcessStdin', ['bystander', 'hello\n']);
  await waitFor('the bystander', () => sandbox.read('bystander.log') === 'hello\n');
}

function everyLineOf(name: string): readonly string[] {
  return Array.from({ length: lines }, (_, index) => `${name} ${index + 1}`);
}

onEachDaemon(
  'output is held back',
  () => {
    scenarioTest("B16.5: two programs on the daemon's stdout, which nobody reads", async ({ sandbox }) => {
      const { configFile, api } = writeConfig(
        sandbox,
        loud('one', '/dev/stdout') + loud('two', '/dev/fd/1') + bystander,
      );
      const reader = new SleepyReader(sandbox.path('stdout'));
      const command = `exec ${ours.supervisord} -n -s -c ${configFile} >${sandbox.path('stdout')}`;
      const daemon = startProgram('/bin/sh', ['-c', command], { env: sandbox.env, cwd: sandbox.directory });
      sandbox.adopt(daemon.pid);
      const states = async (): Promise<unknown> =>
        Promise.all(['one', 'two'].map(async (name) => callRpc(api, 'supervisor.getProcessInfo', [name])));
      const bothAre = (statename: string) => [{ statename }, { statename }];
      await waitFor('the daemon', () => callRpc(api, 'supervisor.getPID').then(() => true));
      await bystanderIsServed(sandbox, api.socketPath);
      expect(await states()).toMatchObject(bothAre('RUNNING'));
      await waitFor('every byte', () => reader.read().split('\n').length === 2 * lines + 1);
      await waitFor('both to end', async () => {
        expect(await states()).toMatchObject(bothAre('EXITED'));
        return true;
      });
      const received = reader.text.split('\n');
      for (const name of ['one', 'two']) {
        expect(received.filter((line) => line.startsWith(name))).toEqual(everyLineOf(name));
      }
      reader.close();
    });

    scenarioTest('B16.5: a FIFO that nobody reads, and /dev/full', async ({ sandbox }) => {
      const reader = new SleepyReader(sandbox.path('fifo'));
      const supervised = await Supervised.start(
        sandbox,
        ours,
        loud('piped', '%(here)s/fifo') + loud('full', '/dev/full') + bystander,
      );
      await supervised.logged(/ERRO cannot write to '\/dev\/full': ENOSPC; output is held back/);
      await bystanderIsServed(sandbox, supervised.config.api.socketPath);
      for (const name of ['piped', 'full']) {
        expect(await supervised.info(name)).toMatchObject({ statename: 'RUNNING' });
      }
      await waitFor('every byte', () => reader.read().split('\n').length === lines + 1);
      expect(reader.text.trimEnd().split('\n')).toEqual(everyLineOf('piped'));
      await supervised.rpc('stopProcess', 'full');
      expect(supervised.daemon.output.text.match(/\/dev\/full/g)).toHaveLength(1);
      reader.close();
    });
  },
  [ours],
);
