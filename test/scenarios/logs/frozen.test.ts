/** Logs on a file system that hangs: their programs wait, nobody else does, and no byte is lost when it goes on. */
import { existsSync, readFileSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { runCtl } from '../../helpers/ctl.ts';
import { ours } from '../../helpers/flavours.ts';
import { contentOfLog } from '../../helpers/log-files.ts';
import { type LoopDisk, reasonAgainstFreezing } from '../../helpers/loop-disk.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from '../lifecycle/supervised.ts';
import { diskTest } from './disk.ts';
import { numbered } from './numbered.ts';

/** What every program says before the freeze, and when it is told to go on: more than a pipe and a backlog hold. */
const linesBefore = 1000;
const lines = 200_000;

/** Says the first lines, waits for a line of its own input, and says the rest. */
function speaker(name: string, stream: 1 | 2, options: string): string {
  return `[program:${name}]
command=/bin/sh %(here)s/speak.sh ${stream}
autorestart=false
startsecs=0
${options}
`;
}

const speakScript = `exec >&$1
seq ${linesBefore}
read line
exec seq ${linesBefore + 1} ${lines}
`;

const speakers = ['plain', 'errors', 'rotated'];

function configuration(disk: LoopDisk): string {
  const logOn = (stream: 'stdout' | 'stderr', name: string): string =>
    `${stream}_logfile=${disk.path(`${name}.log`)}\n${stream}_logfile_maxbytes=`;
  return `${speaker('plain', 1, `${logOn('stdout', 'plain')}0`)}
${speaker('errors', 2, `${logOn('stderr', 'errors')}0`)}
${speaker('rotated', 1, `${logOn('stdout', 'rotated')}50KB\nstdout_logfile_backups=1000`)}
[program:late]
command=/usr/bin/seq ${lines}
autostart=false
autorestart=false
startsecs=0
stdout_logfile=${disk.path('late.log')}
stdout_logfile_maxbytes=0

[program:elsewhere]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/elsewhere.log

[program:other]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/other.log
`;
}

/** What a log and its backups on the disk hold, in order. */
function logged(disk: LoopDisk, name: string): string {
  return contentOfLog(disk.path(), `${name}.log`);
}

/** A daemon whose speakers have begun, on a disk that hangs since. */
async function startFrozen(sandbox: Sandbox, disk: LoopDisk): Promise<Supervised> {
  sandbox.write('speak.sh', speakScript);
  const supervised = await Supervised.start(sandbox, ours, configuration(disk));
  for (const name of speakers) {
    await waitFor(`the first lines of ${name}`, () => logged(disk, name) === numbered(linesBefore));
  }
  disk.freeze();
  return supervised;
}

/** Has the speakers say the rest, and waits until each stands in a `write` since nobody takes what it says. */
async function speak(supervised: Supervised): Promise<void> {
  for (const name of speakers) {
    await supervised.rpc('sendProcessStdin', name, '\n');
  }
  for (const name of speakers) {
    const { pid } = await supervised.info(name);
    await waitFor(`${name} to be held back`, () =>
      readFileSync(`/proc/${pid}/wchan`, 'utf8').includes('pipe_write'),
    );
  }
}

/** Calls are answered, other programs are logged, stopped and started. */
async function othersAreServed({ rpc, sandbox }: Served, word: string): Promise<void> {
  for (let call = 0; call < 20; call += 1) {
    expect(await rpc('getState')).toMatchObject({ statename: 'RUNNING' });
  }
  await rpc('sendProcessStdin', 'elsewhere', `${word}\n`);
  await waitFor('another log', () => sandbox.read('elsewhere.log').endsWith(`${word}\n`));
  expect(await rpc('stopProcess', 'other')).toBe(true);
  expect(await rpc('startProcess', 'other')).toBe(true);
}

interface Served {
  readonly sandbox: Sandbox;
  readonly rpc: Supervised['rpc'];
}

function served(supervised: Supervised): Served {
  return { sandbox: supervised.sandbox, rpc: (method, ...params) => supervised.rpc(method, ...params) };
}

async function everyByteIsThere(disk: LoopDisk, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await waitFor(`every byte of ${name}`, () => logged(disk, name).length >= numbered(lines).length);
    expect(logged(disk, name) === numbered(lines), `${name} has every line once and in order`).toBe(true);
  }
}

/** What a program said before it was ended, once and in order, and nothing else. */
function expectBeginning(text: string): void {
  expect(text.length).toBeGreaterThanOrEqual(numbered(linesBefore).length);
  expect(numbered(lines).startsWith(text), 'the beginning of what it says').toBe(true);
}

const reason = ours.supervisordMissing ?? reasonAgainstFreezing();

describe.skipIf(reason !== null)(`a file system that hangs${reason === null ? '' : ` (${reason})`}`, () => {
  diskTest('holds its own programs, and every byte is there in the end', async ({ sandbox, disk }) => {
    const supervised = await startFrozen(sandbox, disk);
    await speak(supervised);
    await othersAreServed(served(supervised), 'frozen');
    for (const name of speakers) {
      expect(await supervised.info(name)).toMatchObject({ statename: 'RUNNING' });
    }
    disk.thaw();
    await everyByteIsThere(disk, speakers);
    for (const name of speakers) {
      await supervised.logged(new RegExp(`exited: ${name} \\(exit status 0`));
    }
    await othersAreServed(served(supervised), 'thawed');
  });

  diskTest('keeps no program from being started', async ({ sandbox, disk }) => {
    const supervised = await startFrozen(sandbox, disk);
    expect(await supervised.rpc('startProcess', 'late')).toBe(true);
    await othersAreServed(served(supervised), 'frozen');
    disk.thaw();
    await everyByteIsThere(disk, ['late']);
    await supervised.logged(/exited: late \(exit status 0/);
  });

  diskTest('keeps nobody waiting who stops or clears what lies there', async ({ sandbox, disk }) => {
    const supervised = await startFrozen(sandbox, disk);
    await speak(supervised);
    await supervised.rpc('stopProcess', 'plain', false);
    // Whether it is answered before the thaw is its own affair.
    const cleared = supervised.rpc('clearProcessLogs', 'rotated').catch((error: unknown) => error);
    await othersAreServed(served(supervised), 'frozen');
    disk.thaw();
    await cleared;
    await waitFor('the stop', async () => (await supervised.info('plain')).statename === 'STOPPED');
    await everyByteIsThere(disk, ['errors']);
    expectBeginning(logged(disk, 'plain'));
  });

  diskTest('keeps no daemon from reading its configuration again', async ({ sandbox, disk }) => {
    const supervised = await startFrozen(sandbox, disk);
    await speak(supervised);
    const { pid } = await supervised.info('elsewhere');
    supervised.daemon.signal('SIGHUP');
    await waitFor('a new life', async () => {
      const info = await supervised.info('elsewhere');
      return info.statename === 'RUNNING' && info.pid !== pid;
    });
    await othersAreServed(served(supervised), 'frozen');
    disk.thaw();
    const again = numbered(linesBefore);
    await waitFor('the first lines of the new life', () => {
      const text = logged(disk, 'plain');
      return text.length > again.length && text.endsWith(again);
    });
    expectBeginning(logged(disk, 'plain').slice(0, -again.length));
    expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  diskTest('keeps no daemon from ending what it supervises', async ({ sandbox, disk }) => {
    const supervised = await startFrozen(sandbox, disk);
    await speak(supervised);
    sandbox.observe();
    supervised.daemon.signal('SIGTERM');
    // A thread that hangs in the kernel keeps the process in the table; nothing else of it may be left.
    await waitFor('the programs to end', () =>
      sandbox.survivors().every(({ pid }) => pid === supervised.daemon.pid),
    );
    await waitFor('its socket and pidfile to go', () =>
      [supervised.config.api.socketPath, supervised.config.pidfile].every((file) => !existsSync(file)),
    );
    disk.thaw();
    expect(await supervised.daemon.ended).toEqual({ code: 0, signal: null });
    expectBeginning(logged(disk, 'plain'));
  });

  diskTest('is told of in the status of its programs', async ({ sandbox, disk }) => {
    const supervised = await startFrozen(sandbox, disk);
    await speak(supervised);
    const status = async (): Promise<string> =>
      (await runCtl(sandbox, ours, ['status', 'plain'], supervised.config)).stdout;
    await waitFor('the status to tell', async () => /log blocked since \d\d:\d\d/.test(await status()));
    disk.thaw();
    await waitFor('the status to tell no more', async () => !(await status()).includes('blocked'));
  });
});
