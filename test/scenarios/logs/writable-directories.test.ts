/** Who can write the directory of a log gets no further by it: the daemon neither writes nor reads what is not theirs. */
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { httpGet } from '../../helpers/http.ts';
import { OutputCollector } from '../../helpers/output-collector.ts';
import { startProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { waitFor } from '../../helpers/wait.ts';
import {
  asRoot,
  asStranger,
  contentOf,
  makeForeignDirectory,
  makeSharedDirectory,
  Puppet,
  strangerId,
  strangerReason,
} from './writable-directories.ts';

const title = `a log directory that a program can write${strangerReason === null ? '' : ` (${strangerReason})`}`;
const refusal = /cannot open '[^']*': (user|others|whoever) /;
const precious = 'precious\n';

describe.skipIf(strangerReason !== null).concurrent(title, () => {
  scenarioTest('a link in place of the log is not followed, which is said once', async ({ sandbox }) => {
    const log = `${makeForeignDirectory(sandbox, 'app')}/app.log`;
    mkdirSync(sandbox.path('cron.d'));
    const target = sandbox.path('cron.d', 'x');
    const app = await Puppet.start(sandbox, `stdout_logfile=${log}`);
    await app.order(`rm ${log}; ln -s ${target} ${log}`);
    await app.talkUntil('the daemon to look', () => app.said(refusal) > 0 || existsSync(target));
    app.supervised.daemon.signal('SIGUSR2');
    await app.supervised.logged(/supervisord logreopen/);
    await app.order('echo more');
    expect([contentOf(target), app.said(/cannot open '/)]).toEqual([null, 1]);

    await app.supervised.rpc('stopProcess', 'app');
    await expect(app.supervised.rpc('startProcess', 'app')).rejects.toThrow('SPAWN_ERROR');
    expect(contentOf(target)).toBeNull();
    const { spawnerr } = await app.supervised.info('app');
    expect(spawnerr).toContain(`user ${strangerId} has put a link in its path`);
    rmSync(log);
    await app.supervised.rpc('startProcess', 'app');
    await app.order('echo honest');
    await waitFor('the log to go on', () => contentOf(log)?.endsWith('honest\n'));
  });

  scenarioTest('a link of root that was found elsewhere leads nowhere either', async ({ sandbox }) => {
    const log = `${makeForeignDirectory(sandbox, 'app')}/app.log`;
    const target = sandbox.write('app.conf', precious);
    asRoot(`ln -s ${target} ${sandbox.path('app', 'app.conf')}`);
    const app = await Puppet.start(sandbox, `stdout_logfile=${log}`);
    await app.order(`rm ${log}; mv ${sandbox.path('app', 'app.conf')} ${log}`);
    await app.talkUntil('the daemon to look', () => app.said(refusal) > 0 || contentOf(target) !== precious);
    expect(contentOf(target)).toBe(precious);
  });

  scenarioTest('a file of root that has a second name there is not written', async ({ sandbox }) => {
    const log = `${makeForeignDirectory(sandbox, 'app')}/app.log`;
    // The kernel may let nobody link what they cannot write.
    const target = sandbox.write('precious', precious, 0o666);
    const app = await Puppet.start(sandbox, `stdout_logfile=${log}`);
    await app.order(`rm ${log}; ln ${target} ${log}`);
    await app.talkUntil('the daemon to look', () => app.said(refusal) > 0 || contentOf(target) !== precious);
    expect(contentOf(target)).toBe(precious);
  });

  scenarioTest('a directory in place of which a link has come is not followed', async ({ sandbox }) => {
    const logs = makeForeignDirectory(sandbox, 'app/logs');
    makeForeignDirectory(sandbox, 'app');
    mkdirSync(sandbox.path('cron.d'));
    const app = await Puppet.start(sandbox, `stdout_logfile=${logs}/app.log`);
    await app.order(`mv ${logs} ${logs}.old; ln -s ${sandbox.path('cron.d')} ${logs}`);
    app.supervised.daemon.signal('SIGUSR2');
    await waitFor('the logs to be opened', () => app.said(refusal) > 0 || existsSync(`${logs}/app.log`));
    expect(readdirSync(sandbox.path('cron.d'))).toEqual([]);
    await app.order('echo still here');
    await waitFor('the rest', () => contentOf(`${logs}.old/app.log`)?.endsWith('still here\n'));
  });

  scenarioTest('a link in place of the log is not read, whoever asks', async ({ sandbox }) => {
    const log = `${makeForeignDirectory(sandbox, 'app')}/app.log`;
    const secret = sandbox.write('shadow', 'root:secret:0\n', 0o600);
    const app = await Puppet.start(sandbox, `stdout_logfile=${log}`);
    const { api } = app.supervised.config;
    await app.order('echo begin');
    const socket = connect(api.socketPath);
    const followed = new OutputCollector('/logtail', socket);
    socket.write('GET /logtail/app HTTP/1.0\r\n\r\n');
    await followed.match(/begin/);

    await app.order(`mv ${log} ${log}.old; ln -s ${secret} ${log}`);
    const methods = ['readProcessStdoutLog', 'tailProcessStdoutLog', 'readProcessLog'];
    const base = '/api/v1/processes/app/logs/stdout';
    const pages = ['/tail.html?processname=app', base, `${base}?lines=5`, `${base}/download`];
    const second = connect(api.socketPath);
    const later = new OutputCollector('/logtail', second);
    second.write('GET /logtail/app HTTP/1.0\r\n\r\n');
    const answers = await Promise.all([
      ...methods.map((method) => app.supervised.rpc(method, 'app', 0, 1000).then(JSON.stringify, String)),
      ...pages.map(async (page) => (await httpGet(api, page)).body),
    ]);
    await later.match(/HTTP\/1.[01] \d+/);
    await app.order(`rm ${log}; echo end > ${log}`);
    await followed.match(/end/);
    socket.destroy();
    second.destroy();
    expect([...answers, followed.text, later.text].filter((text) => text.includes('secret'))).toEqual([]);
  });

  scenarioTest('a rotation empties no file that a link leads to, nor touches one', async ({ sandbox }) => {
    const directory = makeForeignDirectory(sandbox, 'app');
    const [emptied, moved] = [`${directory}/emptied.log`, `${directory}/moved.log`];
    const target = sandbox.write('precious', precious, 0o600);
    const app = await Puppet.start(
      sandbox,
      `stdout_logfile=${emptied}
stdout_logfile_maxbytes=100
stdout_logfile_backups=0
stderr_logfile=${moved}
stderr_logfile_maxbytes=100
stderr_logfile_backups=2`,
    );
    // The file still has a name, so that nobody looks for it before it is rotated.
    await app.order(`mv ${emptied} ${emptied}.kept; ln -s ${target} ${emptied}`);
    await app.order(`ln -s ${target} ${moved}.1`);
    const long = 'x'.repeat(100);
    await app.order(`echo ${long}; echo ${long} >&2`);
    await waitFor('the rotations', () => lstatSync(`${moved}.1`).isFile() && contentOf(moved) === '');
    await waitFor('the other one', () => app.said(refusal) > 0 || contentOf(target) !== precious);
    expect([contentOf(target), contentOf(`${moved}.1`)]).toEqual([precious, `${long}\n`]);
    expect(lstatSync(`${moved}.2`).isSymbolicLink()).toBe(true);
    expect(contentOf(`${emptied}.kept`)).toBe(`${long}\n`);
  });

  scenarioTest('an AUTO log that a cleaner has removed is taken over by nobody', async ({ sandbox }) => {
    const shared = makeSharedDirectory(sandbox, 'shared');
    const target = sandbox.path('precious');
    const app = await Puppet.start(sandbox, 'stderr_logfile=NONE', `childlogdir=${shared}`);
    const [name = ''] = readdirSync(shared);
    const log = `${shared}/${name}`;
    const plants = [`ln -s ${target} ${log}`, `echo mine > ${log}; chmod 666 ${log}`];
    for (const [index, plant] of plants.entries()) {
      rmSync(log);
      asStranger(plant);
      await app.talkUntil(
        'the daemon to look',
        () => app.said(refusal) > index || (contentOf(log) ?? '').includes('echo'),
      );
      expect([contentOf(target), index === 0 ? null : contentOf(log)]).toEqual([
        null,
        index === 0 ? null : 'mine\n',
      ]);
      const answer = await app.supervised.rpc('tailProcessStdoutLog', 'app', 0, 100);
      expect(JSON.stringify(answer)).not.toContain('mine');
      rmSync(log);
      await app.talkUntil('the log to be made anew', () => existsSync(log));
      expect([statSync(log).uid, statSync(log).mode & 0o777]).toEqual([0, 0o600]);
    }
  });
});

describe.skipIf(strangerReason !== null).concurrent('a pidfile where everybody can write', () => {
  scenarioTest.for([
    ['a link', (file: string, target: string): string => `ln -s ${target} ${file}`],
    ['a file', (file: string): string => `echo 1 > ${file}; chmod 666 ${file}`],
  ] as const)('is not written where somebody else has put %s', async ([, plant], { sandbox }) => {
    const shared = makeSharedDirectory(sandbox, 'shared');
    const target = sandbox.write('precious', precious, 0o666);
    const pidfile = `${shared}/s.pid`;
    asStranger(plant(pidfile, target));
    const before = lstatSync(pidfile).ino;
    const { configFile } = writeConfig(sandbox, '', `pidfile=${pidfile}`);
    const daemon = startProgram(ours.supervisord, ['-n', '-c', configFile], {
      env: sandbox.env,
      cwd: shared,
    });
    sandbox.adopt(daemon.pid);
    const [said] = await daemon.stdout.match(/CRIT could not write pidfile .*|INFO supervisord started/);
    expect(said).toMatch(/CRIT could not write pidfile .*: others can write its directory, and .*65534/);
    signalProcess(daemon.pid, 'SIGTERM');
    await daemon.ended;
    expect([contentOf(target), lstatSync(pidfile).ino]).toEqual([precious, before]);
    expect(contentOf(pidfile)).not.toContain(String(daemon.pid));
  });
});

describe.skipIf(strangerReason !== null).concurrent(`${title}, used as ever`, () => {
  scenarioTest('a link that is there at the start leads where it leads', async ({ sandbox }) => {
    const directory = makeForeignDirectory(sandbox, 'app');
    mkdirSync(sandbox.path('elsewhere'));
    const ofRoot = sandbox.path('elsewhere', 'app.log');
    const ofUser = `${makeForeignDirectory(sandbox, 'disk')}/app.log`;
    asRoot(`ln -s ${ofRoot} ${directory}/out.log`);
    asStranger(`ln -s ${ofUser} ${directory}/err.log`);
    const app = await Puppet.start(
      sandbox,
      `stdout_logfile=${directory}/out.log\nstderr_logfile=${directory}/err.log`,
    );
    await app.order('echo out; echo err >&2');
    await waitFor('the logs', () => contentOf(ofRoot) === 'out\n' && contentOf(ofUser) === 'err\n');
    expect(await app.supervised.rpc('readProcessStdoutLog', 'app', 0, 0)).toBe('out\n');
    expect(await app.supervised.rpc('readProcessStderrLog', 'app', 0, 0)).toBe('err\n');
    asRoot(`rm ${ofRoot} ${ofUser}`);
    await app.talkUntil('a new file where the link leads', () => existsSync(ofRoot));
    await app.order('echo more >&2');
    await waitFor('the other one', () => contentOf(ofUser)?.endsWith('more\n'));
  });

  scenarioTest('logrotate and its like work, whoever they are', async ({ sandbox }) => {
    const log = `${makeForeignDirectory(sandbox, 'app')}/app.log`;
    const app = await Puppet.start(sandbox, `stdout_logfile=${log}`);
    const reopen = async (): Promise<void> => {
      const mark = app.supervised.mark();
      app.supervised.daemon.signal('SIGUSR2');
      await app.supervised.logged(/supervisord logreopen/, mark);
    };
    await app.say(log, 'first');
    await app.order(`mv ${log} ${log}.1; : > ${log}`);
    await reopen();
    await app.say(log, 'in the file of the program');
    expect([statSync(log).uid, contentOf(`${log}.1`)]).toEqual([strangerId, 'first\n']);

    asRoot(`mv ${log} ${log}.1; : > ${log}`);
    await reopen();
    await app.say(log, 'in the file of root');
    asRoot(`cp ${log} ${log}.2; : > ${log}`);
    await app.say(log, 'after copytruncate');
    await app.order(`rm ${log}`);
    await app.talkUntil('a removed log to be made anew', () => existsSync(log));
    expect(app.said(/cannot/)).toBe(0);
  });
});
