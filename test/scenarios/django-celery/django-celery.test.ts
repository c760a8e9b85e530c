/**
 * `examples/django-celery` from start to shutdown, as somebody runs it who never heard of this project.
 *
 * The steps follow each other on one running site. They are run first with the original daemon and the
 * original control program, which shows that what they expect is what Supervisor does.
 */
import { rmSync, statSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { djangoSitePackages, reasonToSkip } from '../../helpers/debian.ts';
import { original, ours } from '../../helpers/flavours.ts';
import { readProcess, readProcessTable } from '../../helpers/process-table.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { waitFor } from '../../helpers/wait.ts';
import { chattyMaxBytes, chattyNumbers, chattySection } from './chatty.ts';
import { adminCredentials, Site } from './site.ts';
import type { Combination } from './site.ts';

const combinations: readonly Combination[] = [
  { daemon: original, ctl: original },
  { daemon: ours, ctl: original },
  { daemon: ours, ctl: ours },
  { daemon: original, ctl: ours },
];

/** `status` with all programs up; pid and uptime are replaced by {@link withoutNumbers}. */
const allRunning = `celery                           RUNNING   pid N, uptime T
gunicorn                         RUNNING   pid N, uptime T
helpers:beat                     RUNNING   pid N, uptime T
helpers:probe                    RUNNING   pid N, uptime T
redis                            RUNNING   pid N, uptime T
`;

function withoutNumbers(status: string): string {
  return status.replaceAll(/pid \d+, uptime \d+:\d\d:\d\d/g, 'pid N, uptime T');
}

function ok(stdout: string): { readonly stdout: string; readonly stderr: string; readonly code: number } {
  return { stdout, stderr: '', code: 0 };
}

for (const combination of combinations) {
  const { daemon, ctl } = combination;
  const reason = reasonToSkip(djangoSitePackages) ?? daemon.supervisordMissing ?? ctl.supervisorctlMissing;
  const title = `django-celery, ${daemon.name} supervisord, ${ctl.name} supervisorctl`;

  describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
    let sandbox: Sandbox;
    let site: Site;

    beforeAll(async () => {
      sandbox = new Sandbox();
      site = await Site.start(sandbox, combination);
    });

    afterAll(async () => {
      await sandbox.close();
    });

    it('starts every program and serves the page', async () => {
      for (const name of ['redis', 'celery', 'gunicorn', 'beat', 'probe']) {
        await site.logged(new RegExp(`success: ${name} entered RUNNING state`));
      }
      expect(await site.page()).toContain('It works');
    });

    it('B7.7: runs the programs as the user they name', async () => {
      const owners = ['redis', 'celery', 'gunicorn'].map(
        async (name) => statSync(`/proc/${await site.pidOf(name)}`).uid,
      );
      const expected = statSync(site.run('.')).uid;
      expect(await Promise.all(owners)).toEqual([expected, expected, expected]);
    });

    it('computes a task through Redis', async () => {
      expect(await site.add(2, 3)).toMatchObject({ sum: 5 });
    });

    it('B14.5: brings a killed Celery worker back, which computes the next task', async () => {
      const before = await site.pidOf('celery');
      const mark = site.mark();
      signalProcess(before, 'SIGKILL');
      await site.logged(/WARN exited: celery \(terminated by SIGKILL; not expected\)/, mark);
      await site.logged(/success: celery entered RUNNING state/, mark);
      const answer = await site.add(20, 22);
      const now = await site.pidOf('celery');
      expect(now).not.toBe(before);
      expect(answer.sum).toBe(42);
      expect(readProcess(answer.worker_pid)?.parentPid).toBe(now);
    });

    it('B14.5: brings a killed Gunicorn master back, which serves the page', async () => {
      const before = await site.pidOf('gunicorn');
      const mark = site.mark();
      signalProcess(before, 'SIGKILL');
      await site.logged(/WARN exited: gunicorn \(terminated by SIGKILL; not expected\)/, mark);
      await site.logged(/success: gunicorn entered RUNNING state/, mark);
      const now = await site.pidOf('gunicorn');
      expect(now).not.toBe(before);
      // Workers of the dead master notice within a second that they are orphans; then the new ones answer.
      await waitFor('the page of the new master', async () => {
        const served = /process (\d+)/.exec(await site.page());
        return readProcess(Number(served?.[1]))?.parentPid === now;
      });
    });

    it('B17.5: status shows all of them, in columns', async () => {
      const result = await site.ctl('status');
      expect({ ...result, stdout: withoutNumbers(result.stdout) }).toEqual(ok(allRunning));
    });

    it('B17.5: status of names and of a group; complaints come first', async () => {
      const result = await site.ctl('status', 'redis', 'helpers:*', 'nosuch');
      expect({ ...result, stdout: withoutNumbers(result.stdout) }).toEqual({
        stdout: `nosuch: ERROR (no such process)
redis                            RUNNING   pid N, uptime T
helpers:beat                     RUNNING   pid N, uptime T
helpers:probe                    RUNNING   pid N, uptime T
`,
        stderr: '',
        code: 4,
      });
    });

    it('B17.7: stop celery leaves it stopped, and status says so', async () => {
      expect(await site.ctl('stop', 'celery')).toEqual(ok('celery: stopped\n'));
      const { stdout, code } = await site.ctl('status', 'celery');
      expect(stdout).toMatch(/^celery {27}STOPPED {3}[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M\n$/);
      expect(code).toBe(3);
      expect(await site.ctl('stop', 'celery')).toEqual(ok('celery: ERROR (not running)\n'));
    });

    it('B17.7: start all starts what is not running', async () => {
      expect(await site.ctl('start', 'all')).toEqual(ok('celery: started\n'));
      expect(await site.ctl('start', 'celery')).toEqual(ok('celery: ERROR (already started)\n'));
    });

    it('B17.8: restart gunicorn stops and starts it', async () => {
      const before = await site.pidOf('gunicorn');
      expect(await site.ctl('restart', 'gunicorn')).toEqual(ok('gunicorn: stopped\ngunicorn: started\n'));
      expect(await site.pidOf('gunicorn')).not.toBe(before);
      expect(await site.page()).toContain('It works');
    });

    it('B17.11: tail shows the end of the log file', async () => {
      // Each page is a line in the access log; together they are more than tail shows.
      for (let count = 0; count < 25; count += 1) {
        await site.page();
      }
      await waitFor('a long log', () => statSync(site.run('log/gunicorn.log')).size > 1600);
      const whole = await site.ctl('tail', 'gunicorn');
      expect(whole).toMatchObject({ code: 0, stderr: '' });
      expect(whole.stdout).toHaveLength(1601);
      expect(sandbox.read('run/log/gunicorn.log')).toContain(whole.stdout.slice(0, -1));
      const part = await site.ctl('tail', '-100', 'gunicorn', 'stdout');
      expect(part.stdout).toHaveLength(101);
      expect(sandbox.read('run/log/gunicorn.log')).toContain(part.stdout.slice(0, -1));
      expect(await site.ctl('tail', 'gunicorn', 'stderr')).toEqual({
        stdout: 'gunicorn: ERROR (no log file)\n',
        stderr: '',
        code: 1,
      });
      expect(await site.ctl('tail', 'nosuch')).toEqual({
        stdout: 'nosuch: ERROR (no such process name)\n',
        stderr: '',
        code: 1,
      });
    });

    it('B17.11: tail -f shows a line as it is written', async () => {
      const follower = site.startCtl('tail', '-f', 'gunicorn');
      await follower.stdout.match(/^==> Press Ctrl-C to exit <==\n/);
      await site.get('/add/1/1?seen-by-tail');
      await follower.stdout.match(/GET \/add\/1\/1\?seen-by-tail/);
      follower.kill('SIGINT');
      expect(await follower.ended).toEqual({ code: 0, signal: null });
    });

    it('B17.14: reread and update add a program that was dropped into conf.d', async () => {
      expect(await site.ctl('reread')).toEqual(ok('No config updates to processes\n'));
      sandbox.write('site/conf.d/chatty.conf', chattySection(2));
      expect(await site.ctl('reread')).toEqual(ok('chatty: available\n'));
      expect(await site.ctl('update')).toEqual(ok('chatty: added process group\n'));
      await site.logged(/success: chatty entered RUNNING state/);
      expect(await site.ctl('update')).toEqual(ok(''));
    });

    it('B16.4: rotates its log at maxbytes and loses no line', async () => {
      await waitFor('a second backup of chatty.log', () => site.exists('log/chatty.log.2'));
      expect(await site.ctl('stop', 'chatty')).toEqual(ok('chatty: stopped\n'));
      const backups = [site.run('log/chatty.log.2'), site.run('log/chatty.log.1')];
      for (const file of backups) {
        expect(statSync(file).size).toBeGreaterThanOrEqual(chattyMaxBytes);
      }
      expect(statSync(site.run('log/chatty.log')).size).toBeLessThan(chattyMaxBytes);
      expect(site.exists('log/chatty.log.3')).toBe(false);
      const numbers = chattyNumbers([...backups, site.run('log/chatty.log')]);
      const first = numbers[0] ?? 0;
      expect(numbers).toEqual(numbers.map((_, index) => first + index));
      expect(await site.ctl('start', 'chatty')).toEqual(ok('chatty: started\n'));
    });

    it('B17.16: update restarts the program after its file was edited', async () => {
      const before = await site.pidOf('chatty');
      sandbox.write('site/conf.d/chatty.conf', chattySection(1));
      expect(await site.ctl('reread')).toEqual(ok('chatty: changed\n'));
      const mark = site.mark();
      expect(await site.ctl('update')).toEqual(ok('chatty: stopped\nchatty: updated process group\n'));
      await site.logged(/spawned: 'chatty'/, mark);
      expect(await site.pidOf('chatty')).not.toBe(before);
    });

    it('B17.16: update removes the program after its file was removed', async () => {
      rmSync(sandbox.path('site/conf.d/chatty.conf'));
      expect(await site.ctl('reread')).toEqual(ok('chatty: disappeared\n'));
      expect(await site.ctl('update')).toEqual(ok('chatty: stopped\nchatty: removed process group\n'));
      const result = await site.ctl('status');
      expect({ ...result, stdout: withoutNumbers(result.stdout) }).toEqual(ok(allRunning));
    });

    it('B7.8, B16.2: writes the log files that are named, and no other', () => {
      for (const name of ['supervisord', 'redis', 'celery', 'gunicorn', 'beat', 'probe']) {
        expect(statSync(site.run(`log/${name}.log`)).size, name).toBeGreaterThan(0);
      }
      expect(site.exists('log/gunicorn_error.log')).toBe(false);
      expect(sandbox.read('run/log/supervisord.log')).toContain(
        'WARN For [program:gunicorn], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored\n',
      );
      expect(sandbox.read('run/log/supervisord.log')).toContain(
        `INFO Included extra file "${sandbox.path('site/conf.d/celery.conf')}" during parsing\n`,
      );
    });

    it('B17.2, B19.5: refuses a wrong password', async () => {
      const refused = await site.ctl('-u', 'admin', '-p', 'wrong', 'stop', 'celery');
      expect(refused.stdout).toMatch(/^Server requires authentication\n/);
      expect(refused.code).toBe(1);
      const page = await site.admin('/', { username: 'admin', password: 'wrong' });
      expect(page.status).toBe(401);
      expect(page.headers['www-authenticate']).toBe('Basic realm="default"');
      expect((await site.admin('/', adminCredentials)).status).toBe(200);
    });

    it('B15.2, B17.17: shutdown stops everything in order and leaves nothing behind', async () => {
      const seen = sandbox.observe();
      expect(seen.length).toBeGreaterThan(6);
      const mark = site.mark();
      expect(await site.ctl('shutdown')).toEqual(ok('Shut down\n'));
      expect(await site.daemon.ended).toEqual({ code: 0, signal: null });
      const stopped = site.daemon.output.text.slice(mark).matchAll(/stopped: (\w+) /g);
      expect([...stopped].map((found) => found[1]).slice(-3)).toEqual(['gunicorn', 'celery', 'redis']);
      await waitFor('the last workers to end', () => sandbox.survivors().length === 0, 5000);
      expect(readProcessTable().filter((entry) => entry.command.includes(sandbox.directory))).toEqual([]);
      expect(site.exists('supervisord.pid')).toBe(false);
      expect(site.exists('supervisor.sock')).toBe(false);
    });
  });
}
