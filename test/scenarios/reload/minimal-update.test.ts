/** `update --dry-run` and `update --minimal` on a real daemon. */
import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { environmentOf, readProcess } from '../../helpers/process-table.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { deadlineMs, waitFor } from '../../helpers/wait.ts';
import { received, shellListener } from '../events/listeners.ts';
import { Reloading } from './reloading.ts';

const missing = ours.supervisordMissing;

const program = (name: string, options = '', command = '/bin/sleep 1000'): string =>
  `[program:${name}]\ncommand=${command}\nstartsecs=0\n${options}\n`;
const many = (name: string, count: number, options = ''): string =>
  program(name, `process_name=%(program_name)s%(process_num)d\nnumprocs=${String(count)}\n${options}`);

describe.skipIf(missing !== null).concurrent(missing === null ? 'updates' : `updates (${missing})`, () => {
  scenarioTest('a dry run tells what would happen and why, and changes nothing', async ({ sandbox }) => {
    const secret = 'environment=DB_PASSWORD="one",COLOR="red"';
    const reloading = await Reloading.start(sandbox, program('gone') + many('web', 2, secret));
    const before = await reloading.pids();
    reloading.configure(
      many('web', 3, secret.replace('one', 'two').replace('red', 'blue')) + program('fresh'),
    );
    const minimal = await reloading.ctl('update', '--minimal', '--dry-run');
    const { configFile } = reloading.supervised.config;
    const line =
      readFileSync(configFile, 'utf8')
        .split('\n')
        .findIndex((text) => text.startsWith('environment=')) + 1;
    expect(minimal).toEqual({
      code: 0,
      stderr: '',
      stdout: `gone: removed
  gone: stop
web: changed
  web:web0 web:web1: restart
    environment COLOR: "red" -> "blue"  ; ${configFile}:${String(line)}
    environment DB_PASSWORD: "********" -> "********"  ; ${configFile}:${String(line)}
  web:web2: start
fresh: added
  fresh: start
`,
    });
    reloading.configure(
      `[unix_http_server:more]\nfile=%(here)s/more.sock\n${program('gone')}${many('web', 2, secret)}`,
    );
    expect((await reloading.ctl('update', '--dry-run')).stdout).toBe(
      'No config updates to processes\nnot part of an update, needs a reload:\n    [unix_http_server:more]: added\n',
    );
    reloading.configure(many('web', 3, secret) + program('fresh'));
    const whole = await reloading.ctl('update', '--dry-run', 'web');
    expect(whole.stdout.split('\n').slice(0, 2)).toEqual([
      'web: changed, made anew',
      '  web:web0 web:web1: restart',
    ]);
    expect(await reloading.pids()).toEqual(before);
    // What is available is as it was: `add` knows nothing of the new group yet.
    expect((await reloading.ctl('add', 'fresh')).stdout).toBe('ERROR: no such process/group: fresh\n');
  });

  scenarioTest(
    'only what has to be is restarted, and the rest goes on with its new settings',
    async ({ sandbox }) => {
      const tell = `/bin/sh -c 'while read x; do echo "$x"; done'`;
      const reloading = await Reloading.start(
        sandbox,
        program('gone') +
          many('web', 3) +
          program('spawned', 'environment=A="1"') +
          program('talk', 'stdout_logfile=%(here)s/a.log\nstopsignal=TERM', tell) +
          program('same'),
      );
      const before = await reloading.processes();
      reloading.configure(
        many('web', 4, 'numprocs_start=1\nstopwaitsecs=3') +
          program('spawned', 'environment=A="2"') +
          program('talk', 'stdout_logfile=%(here)s/b.log\nstopsignal=KILL\npriority=7', tell) +
          program('same') +
          program('fresh'),
      );
      const update = await reloading.ctl('update', '--minimal');
      expect([update.code, update.stdout.split('\n').toSorted()]).toEqual([
        0,
        [
          '',
          'fresh: added process group',
          'gone: removed process group',
          'spawned: restarted',
          'talk: new settings applied',
          'talk: updated process group',
          'web:web0: removed process',
          'web:web1: new settings applied',
          'web:web2: new settings applied',
          'web:web3: added process',
          'web:web4: added process',
        ],
      ]);
      const after = await reloading.processes();
      expect([...after.keys()]).toEqual([
        'fresh:fresh',
        'same:same',
        'spawned:spawned',
        'talk:talk',
        'web:web1',
        'web:web2',
        'web:web3',
        'web:web4',
      ]);
      for (const name of ['same:same', 'talk:talk', 'web:web1', 'web:web2']) {
        expect([name, after.get(name)?.pid]).toEqual([name, before.get(name)?.pid]);
      }
      const spawned = after.get('spawned:spawned')?.pid ?? 0;
      expect(spawned).not.toBe(before.get('spawned:spawned')?.pid);
      expect(environmentOf(spawned)).toContain('A=2');
      const { supervised } = reloading;
      await supervised.rpc('sendProcessStdin', 'talk', 'hello\n');
      await waitFor(
        'the new log',
        () => existsSync(sandbox.path('b.log')) && sandbox.read('b.log') === 'hello\n',
      );
      expect(sandbox.read('a.log')).toBe('');
      await supervised.rpc('stopProcess', 'talk');
      expect((await supervised.log()).filter((line) => line.includes('stopped: talk'))).toEqual([
        'WARN stopped: talk (terminated by SIGKILL)',
      ]);
      // All of it is what the configuration says now, in every respect.
      expect((await reloading.ctl('update', '--dry-run', '--minimal')).stdout).toBe(
        'No config updates to processes\n',
      );
      expect((await reloading.ctl('reread')).stdout).toBe('No config updates to processes\n');
      expect((await reloading.ctl('avail')).stdout).toMatch(/talk +in use +auto +7:7\n/);
      expect((await reloading.ctl('config', 'talk')).stdout).toMatch(/stopsignal=KILL/);
    },
  );

  scenarioTest('what was applied outlives a crash, a restart and a reload', async ({ sandbox }) => {
    const reloading = await Reloading.start(sandbox, program('p', 'autorestart=false'));
    const { supervised } = reloading;
    reloading.configure(program('p', 'autorestart=true\nstdout_logfile=%(here)s/p.log'));
    await reloading.ctl('update', '--minimal');
    const autorestart = async (): Promise<unknown> => {
      const [info] = (await supervised.rpc('getAllConfigInfo')) as unknown as readonly [
        { autorestart: unknown; stdout_logfile: string },
      ];
      return [info.autorestart, info.stdout_logfile];
    };
    const expected = [true, sandbox.path('p.log')];
    expect(await autorestart()).toEqual(expected);
    const { pid } = await supervised.info('p');
    process.kill(pid, 'SIGKILL');
    const crashed = await waitFor('a successor', async () => {
      const info = await supervised.info('p');
      return info.pid !== pid && info.pid !== 0 && info;
    });
    expect(crashed.stdout_logfile).toBe(sandbox.path('p.log'));
    await supervised.rpc('stopProcess', 'p');
    await supervised.rpc('startProcess', 'p');
    expect((await supervised.info('p')).stdout_logfile).toBe(sandbox.path('p.log'));
    expect(await autorestart()).toEqual(expected);
    const mark = supervised.mark();
    supervised.daemon.signal('SIGHUP');
    await supervised.logged(/success: p entered RUNNING/, mark);
    expect(await autorestart()).toEqual(expected);
  });

  scenarioTest('pools and sockets grow and shrink under what runs', async ({ sandbox }) => {
    const pool = (count: number, options: string): string => `[eventlistener:ear]
command=${shellListener(sandbox, 'ear.txt', 'ok')}
process_name=ear%(process_num)d
numprocs=${String(count)}
startsecs=0
${options}
`;
    const fcgi = (count: number, options = ''): string => `[fcgi-program:served]
command=/bin/sleep 1000
process_name=served%(process_num)d
numprocs=${String(count)}
startsecs=0
socket=unix://%(here)s/served.sock
${options}
`;
    const reloading = await Reloading.start(sandbox, pool(1, 'events=TICK_3600') + fcgi(1));
    const { supervised } = reloading;
    await supervised.running('ear0', 'served0');
    const before = await reloading.pids();
    const mark = supervised.mark();
    reloading.configure(pool(2, 'events=REMOTE_COMMUNICATION\nbuffer_size=3') + fcgi(2, 'stopwaitsecs=3'));
    expect((await reloading.ctl('update', '--minimal')).code).toBe(0);
    await supervised.logged(/success: ear1 entered RUNNING/, mark);
    await supervised.logged(/success: served1 entered RUNNING/, mark);
    const grown = await reloading.pids();
    expect(grown).toMatchObject(before);
    const socketOf = (name: string): string => readlinkSync(`/proc/${String(grown[name])}/fd/0`);
    expect(socketOf('served:served1')).toBe(socketOf('served:served0'));
    await supervised.rpc('sendRemoteCommEvent', 't', 'now subscribed');
    await received(sandbox, 'ear.txt', 'now subscribed');
    const shrinking = supervised.mark();
    reloading.configure(
      pool(1, 'events=REMOTE_COMMUNICATION\nbuffer_size=3\nnumprocs_start=1') + fcgi(1, 'numprocs_start=1'),
    );
    expect((await reloading.ctl('update', '--minimal')).code).toBe(0);
    await supervised.logged(/stopped: served0/, shrinking);
    const { 'ear:ear1': ear, 'served:served1': served } = grown;
    expect(await reloading.pids()).toEqual({ 'ear:ear1': ear, 'served:served1': served });
    await supervised.rpc('sendRemoteCommEvent', 't', 'to the other');
    await received(sandbox, 'ear.txt', 'to the other');
    // Another socket is another group.
    reloading.configure(
      pool(1, 'events=REMOTE_COMMUNICATION\nbuffer_size=3\nnumprocs_start=1') + fcgi(1, 'socket_mode=0770'),
    );
    expect((await reloading.ctl('update', '--minimal')).stdout).toBe('served: updated process group\n');
    expect((await reloading.pids())['ear:ear1']).toBe(ear);
    expect(statSync(sandbox.path('served.sock')).mode & 0o777).toBe(0o770);
  });

  scenarioTest('is refused as a whole when something would fail', async ({ sandbox }) => {
    const reloading = await Reloading.start(sandbox, program('a') + program('b') + program('c'));
    const before = await reloading.pids();
    const tries: readonly [text: string, answer: string][] = [
      [
        program('a', '', '/no/such/command') + program('b', 'directory=/no/such/directory') + program('d'),
        "ERROR: nothing was changed:\n  a: can't find command '/no/such/command'\n  b: can't change to directory '/no/such/directory'\n",
      ],
      [
        program('a', 'stdout_logfile=/proc/cannot') + program('b', 'priority=1'),
        'ERROR: nothing was changed:\n  a: cannot open /proc/cannot: ENOENT\n',
      ],
    ];
    for (const [text, answer] of tries) {
      reloading.configure(text);
      expect(await reloading.ctl('update', '--minimal')).toEqual({ code: 1, stdout: answer, stderr: '' });
    }
    reloading.configure('[program:a]\nnumprocs=x');
    const bad = await reloading.ctl('update', '--minimal');
    expect([bad.code, bad.stdout.split('\n')[0]]).toEqual([
      1,
      expect.stringMatching(/^ERROR: CANT_REREAD: .*'x' in section 'program:a'/),
    ]);
    const plan = await reloading.ctl('update', '--dry-run');
    expect(plan).toEqual(bad);
    reloading.configure(program('a'));
    const unknown = await reloading.ctl('update', '--minimal', 'b', 'nosuch');
    expect(unknown).toEqual({ code: 1, stdout: 'ERROR: no such group: nosuch\n', stderr: '' });
    expect(await reloading.pids()).toEqual(before);
  });

  scenarioTest('other calls are answered while something takes its time to stop', async ({ sandbox }) => {
    const stubborn = `/bin/sh -c 'trap "" TERM; echo ready; while :; do sleep 1; done'`;
    const reloading = await Reloading.start(
      sandbox,
      program('slow', 'stopwaitsecs=30\nkillasgroup=true', stubborn) + program('other'),
    );
    const { supervised } = reloading;
    await waitFor(
      'the trap',
      async () => (await supervised.rpc('readProcessStdoutLog', 'slow', 0, 0)) === 'ready\n',
    );
    const { pid } = await supervised.info('slow');
    reloading.configure(program('slow', 'environment=A="1"') + program('other'));
    const mark = supervised.mark();
    const update = reloading.ctl('update', '--minimal');
    await waitFor('the stop', async () => (await supervised.info('slow')).statename === 'STOPPING');
    expect((await reloading.ctl('update', '--minimal')).stdout).toBe(
      'ERROR: nothing was changed:\n  another update is under way\n',
    );
    expect(await supervised.rpc('stopProcess', 'other')).toBe(true);
    expect(readProcess(pid)).not.toBe(null);
    process.kill(-pid, 'SIGKILL');
    expect(await update).toEqual({ code: 0, stdout: 'slow: restarted\n', stderr: '' });
    await supervised.logged(/success: slow entered RUNNING/, mark);
    expect((await supervised.info('other')).statename).toBe('STOPPED');
  });

  scenarioTest(
    'a thousand programs and one change: the other 999 are not touched',
    async ({ sandbox }) => {
      const count = 1000;
      const sections = (changed: string): string =>
        Array.from({ length: count }, (_, index) =>
          program(
            `p${String(index)}`,
            `stdout_logfile=NONE\nstderr_logfile=NONE\n${index === 500 ? changed : ''}`,
          ),
        ).join('');
      const reloading = await Reloading.start(sandbox, sections(''));
      const running = async (): Promise<Readonly<Record<string, number>>> => {
        const pids = await reloading.pids();
        return Object.values(pids).every((pid) => pid !== 0) ? pids : {};
      };
      // The last by name. Asking for all of them again and again would be more work for the daemon than starting them.
      await reloading.supervised.daemon.output.match(/success: p999 entered RUNNING/, 0, 4 * deadlineMs);
      const before = await running();
      expect(Object.keys(before)).toHaveLength(count);
      reloading.configure(sections('environment=A="1"'));
      expect((await reloading.ctl('update', '--minimal')).stdout).toBe('p500: restarted\n');
      const after = await running();
      const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
      expect(changed).toEqual(['p500:p500']);
      // And so does the original's way.
      reloading.configure(sections('priority=5'));
      expect((await reloading.ctl('update')).stdout).toBe('p500: stopped\np500: updated process group\n');
      const last = await running();
      expect(Object.keys(after).filter((name) => after[name] !== last[name])).toEqual(['p500:p500']);
    },
    120_000,
  );
});
