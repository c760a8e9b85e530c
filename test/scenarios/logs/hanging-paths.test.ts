/** Logs on whose paths nobody answers: to find out what is there, to admit it, to make it and to open it again. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { reasonAgainstHanging } from '../../helpers/hanging-mount.ts';
import { type LoopDisk, reasonAgainstFreezing } from '../../helpers/loop-disk.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { Supervised } from '../lifecycle/supervised.ts';
import { diskTest } from './disk.ts';
import { graveTest } from './grave.ts';

function cat(name: string, options = ''): string {
  return `[program:${name}]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile=%(here)s/${name}.log\n${options}\n\n`;
}

const elsewhere = cat('elsewhere') + cat('other');

/** Calls are answered, other programs are logged, stopped and started. */
async function othersAreServed(supervised: Supervised, word: string): Promise<void> {
  for (let call = 0; call < 20; call += 1) {
    expect(await supervised.rpc('getState')).toMatchObject({ statename: 'RUNNING' });
  }
  await supervised.rpc('sendProcessStdin', 'elsewhere', `${word}\n`);
  await waitFor('another log', () => supervised.sandbox.read('elsewhere.log').endsWith(`${word}\n`));
  expect(await supervised.rpc('stopProcess', 'other')).toBe(true);
  expect(await supervised.rpc('startProcess', 'other')).toBe(true);
}

/** Adds a group that the configuration has not had before. */
async function add(supervised: Supervised, name: string, programs: string, options = ''): Promise<void> {
  writeConfig(supervised.sandbox, programs, options);
  await supervised.rpc('reloadConfig');
  expect(await supervised.rpc('addProcessGroup', name)).toBe(true);
}

/** It runs, though its log is not open yet. */
async function runs(supervised: Supervised, name: string): Promise<void> {
  await waitFor(`${name} to run`, async () => (await supervised.info(name)).statename === 'RUNNING');
}

async function says(supervised: Supervised, name: string, read: () => string): Promise<void> {
  await supervised.rpc('sendProcessStdin', name, 'word\n');
  await waitFor(`what ${name} says`, () => read().endsWith('word\n'));
}

const reason = ours.supervisordMissing ?? reasonAgainstHanging();
const title = `a path on which nobody answers${reason === null ? '' : ` (${reason})`}`;

describe.skipIf(reason !== null)(title, () => {
  graveTest('keeps nobody waiting while its program is started and cleared', async ({ sandbox, grave }) => {
    const late = cat('late', 'autostart=false').replace('late.log', 'dead/late.log');
    const supervised = await Supervised.start(sandbox, ours, elsewhere + late);
    grave.bury();
    const cleared = supervised.rpc('clearProcessLogs', 'late').catch((error: unknown) => error);
    expect(await supervised.rpc('startProcess', 'late')).toBe(true);
    await othersAreServed(supervised, 'buried');
    expect(await supervised.rpc('stopProcess', 'late')).toBe(true);
    expect(await supervised.rpc('startProcess', 'late')).toBe(true);
    await othersAreServed(supervised, 'again');
    grave.open();
    await cleared;
    await says(supervised, 'late', () => sandbox.read('dead/late.log'));
  });

  graveTest('keeps nobody waiting when its program is added', async ({ sandbox, grave }) => {
    const supervised = await Supervised.start(sandbox, ours, elsewhere);
    sandbox.write('dead/log', '');
    execFileSync('ln', ['-s', 'dead/log', sandbox.path('linked.log')]);
    grave.bury();
    await add(supervised, 'linked', elsewhere + cat('linked'));
    await othersAreServed(supervised, 'buried');
    await runs(supervised, 'linked');
    grave.open();
    await says(supervised, 'linked', () => sandbox.read('dead/log'));
  });

  graveTest(
    'keeps nobody waiting while a configuration is read that names it',
    async ({ sandbox, grave }) => {
      const buried = (name: string): string => cat(name).replace(`${name}.log`, `dead/${name}.log`);
      const supervised = await Supervised.start(sandbox, ours, elsewhere);
      const { pid } = await supervised.info('elsewhere');
      grave.bury();
      writeConfig(sandbox, elsewhere + buried('one'));
      const reread = supervised.rpc('reloadConfig');
      await othersAreServed(supervised, 'reread');
      expect(await reread).toEqual([[['one'], [], []]]);
      writeConfig(sandbox, elsewhere + buried('one') + buried('two'));
      const update = callRpc(supervised.config.api, 'supervisord_ts.update', ['groups', []]);
      await othersAreServed(supervised, 'updated');
      expect(await update).toMatchObject([{ group: 'one' }, { group: 'two' }]);
      await runs(supervised, 'one');
      await runs(supervised, 'two');
      writeConfig(
        sandbox,
        `${elsewhere + buried('one')}[program:wrong]\ncommand=/bin/cat\nstdout_logfile=/no/log\n`,
      );
      await expect(supervised.rpc('reloadConfig')).rejects.toThrow(
        'The directory named as part of the path /no/log does not exist',
      );
      writeConfig(sandbox, elsewhere + buried('one'));
      supervised.daemon.signal('SIGHUP');
      await waitFor('a new life', async () => {
        const info = await supervised.info('elsewhere');
        return info.statename === 'RUNNING' && info.pid !== pid;
      });
      await othersAreServed(supervised, 'anew');
      await runs(supervised, 'one');
      grave.open();
      await says(supervised, 'one', () => sandbox.read('dead/one.log'));
    },
  );

  graveTest('is no place for another activity log', async ({ sandbox, grave }) => {
    const supervised = await Supervised.start(sandbox, ours, elsewhere);
    const { pid } = await supervised.info('elsewhere');
    grave.bury();
    sandbox.write(
      'supervisord.conf',
      readFileSync(supervised.config.configFile, 'utf8').replace(
        '%(here)s/supervisord.log',
        '%(here)s/dead/supervisord.log',
      ),
    );
    const restart = supervised.rpc('restart');
    await othersAreServed(supervised, 'asked');
    await expect(restart).rejects.toThrow(
      `cannot open the activity log ${sandbox.path('dead/supervisord.log')}: ETIMEDOUT`,
    );
    expect((await supervised.info('elsewhere')).pid).toBe(pid);
  });

  graveTest('keeps nobody waiting when it is a FIFO that is opened again', async ({ sandbox, grave }) => {
    execFileSync('mkfifo', [sandbox.path('dead/fifo')]);
    const reader = openSync(sandbox.path('dead/fifo'), constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(1000);
    let text = '';
    const read = (): string => {
      try {
        text += buffer.toString('utf8', 0, readSync(reader, buffer));
      } catch {
        // Nothing has come yet.
      }
      return text;
    };
    const piped = cat('piped').replace('piped.log', 'dead/fifo');
    const supervised = await Supervised.start(sandbox, ours, elsewhere + piped);
    await says(supervised, 'piped', read);
    grave.bury();
    const mark = supervised.mark();
    supervised.daemon.signal('SIGUSR2');
    await supervised.logged(/reopen/, mark);
    await othersAreServed(supervised, 'buried');
    text = '';
    await says(supervised, 'piped', read);
    grave.open();
    text = '';
    await says(supervised, 'piped', read);
    closeSync(reader);
  });
});

/** The AUTO logs of a program, by their names. */
function autoLogsOf(disk: LoopDisk, program: string): readonly string[] {
  return readdirSync(disk.path()).filter((name) => name.startsWith(`${program}-stdout---supervisor-`));
}

const auto = cat('auto').replace('%(here)s/auto.log', 'AUTO');

async function startOnDisk(sandbox: Sandbox, disk: LoopDisk, programs: string): Promise<Supervised> {
  return Supervised.start(sandbox, ours, programs, `childlogdir=${disk.path()}`);
}

const frozenReason = ours.supervisordMissing ?? reasonAgainstFreezing();
const frozenTitle = `a childlogdir that hangs${frozenReason === null ? '' : ` (${frozenReason})`}`;

describe.skipIf(frozenReason !== null)(frozenTitle, () => {
  diskTest('keeps nobody waiting when a program is added', async ({ sandbox, disk }) => {
    const supervised = await startOnDisk(sandbox, disk, elsewhere);
    disk.freeze();
    await add(supervised, 'auto', elsewhere + auto, `childlogdir=${disk.path()}`);
    await othersAreServed(supervised, 'frozen');
    await runs(supervised, 'auto');
    const { stdout_logfile: log } = await supervised.info('auto');
    expect([path.dirname(log), existsSync(log)]).toEqual([disk.path(), false]);
    disk.thaw();
    await says(supervised, 'auto', () => (existsSync(log) ? readFileSync(log, 'utf8') : ''));
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(autoLogsOf(disk, 'auto')).toEqual([path.basename(log)]);
  });

  diskTest('keeps no daemon from reading its configuration again', async ({ sandbox, disk }) => {
    const supervised = await startOnDisk(sandbox, disk, elsewhere + auto);
    const before = await supervised.info('auto');
    const { pid } = await supervised.info('elsewhere');
    disk.freeze();
    supervised.daemon.signal('SIGHUP');
    await waitFor('a new life', async () => {
      const info = await supervised.info('elsewhere');
      return info.statename === 'RUNNING' && info.pid !== pid;
    });
    await othersAreServed(supervised, 'frozen');
    disk.thaw();
    const after = await supervised.info('auto');
    await says(supervised, 'auto', () =>
      existsSync(after.stdout_logfile) ? readFileSync(after.stdout_logfile, 'utf8') : '',
    );
    expect(after.stdout_logfile).not.toBe(before.stdout_logfile);
    await waitFor('the former log to go', () => autoLogsOf(disk, 'auto').length === 1);
    expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
