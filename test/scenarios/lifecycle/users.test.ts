/** Whose rights the daemon and its programs have. */
import { chmodSync, chownSync, readFileSync, statSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { type Flavour, flavours, ours } from '../../helpers/flavours.ts';
import { runProgram, startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { makeTestUser, removeTestUser, type TestUser, userReason } from '../../helpers/test-user.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from './supervised.ts';

let user: TestUser;

beforeAll(() => {
  if (userReason === null) {
    removeTestUser();
    user = makeTestUser();
  }
});

afterAll(() => {
  if (userReason === null) {
    removeTestUser();
  }
});

/** Ids of a process: real, effective, saved and file system, and all groups. */
function identityOf(pid: number): { uid: string; gid: string; groups: readonly number[] } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = (name: string): string =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? '';
  return {
    uid: line('Uid'),
    gid: line('Gid'),
    groups: line('Groups')
      .split(' ')
      .map(Number)
      .sort((a, b) => a - b),
  };
}

function wholly({ uid, gid, groups }: TestUser): ReturnType<typeof identityOf> {
  const four = (id: number): string => [id, id, id, id].join('\t');
  return { uid: four(uid), gid: four(gid), groups };
}

/** A program that tells who it is, and what it may do with a folder that is root's. */
const teller = `command=/bin/sh -c 'echo "$HOME $USER"; echo x > %(here)s/private/file || echo denied; exec sleep 1000'
redirect_stderr=true
stdout_logfile=%(here)s/%(program_name)s.log
startsecs=0
`;

function makePrivate(sandbox: Sandbox): void {
  sandbox.write('private/readme', '');
  chmodSync(sandbox.path('private'), 0o755);
}

/** The daemon started by somebody who is not root. */
function startAsUser(sandbox: Sandbox, flavour: Flavour, configFile: string) {
  const { name, uid, gid } = user;
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups'];
  const program = startProgram('/usr/bin/setpriv', [...become, flavour.supervisord, '-n', '-c', configFile], {
    env: { ...sandbox.env, USER: name },
    cwd: sandbox.directory,
  });
  sandbox.adopt(program.pid);
  return program;
}

for (const flavour of flavours) {
  const reason = userReason ?? flavour.supervisordMissing;
  const title = `users, ${flavour.name} supervisord`;

  describe.skipIf(reason !== null).concurrent(reason === null ? title : `${title} (${reason})`, () => {
    scenarioTest(
      'B7.7: a program has uid, gid and groups of its user, by name or number, and HOME as it was',
      async ({ sandbox }) => {
        makePrivate(sandbox);
        const supervised = await Supervised.start(
          sandbox,
          flavour,
          `[program:named]\nuser=${user.name}\n${teller}[program:numbered]\nuser=${user.uid}\n${teller}`,
        );
        await supervised.running('named', 'numbered');
        for (const name of ['named', 'numbered']) {
          const { pid } = await supervised.info(name);
          expect(identityOf(pid)).toEqual(wholly(user));
          // USER is not in the environment of the sandbox, and stays away.
          const said = await waitFor('all it says', () => {
            const text = sandbox.read(`${name}.log`);
            return text.includes('denied') && text;
          });
          expect(said.split('\n')[0]).toBe(`${sandbox.directory} `);
        }
        expect(identityOf(supervised.daemon.pid).uid).toBe('0\t0\t0\t0');
      },
    );

    scenarioTest('B5.7: the daemon itself drops root for its user, with its groups', async ({ sandbox }) => {
      makePrivate(sandbox);
      chownSync(sandbox.directory, user.uid, user.gid);
      const config = writeConfig(sandbox, `[program:inherits]\n${teller}`, `user=${user.name}`);
      const daemon = await startDaemon(sandbox, flavour, config);
      await daemon.output.match(/success: inherits/);
      expect(daemon.output.text).toContain(` INFO Set uid to user ${user.uid} succeeded\n`);
      expect(identityOf(daemon.pid)).toEqual(wholly(user));
      await waitFor('what it may not', () => sandbox.read('inherits.log').includes('denied'));
      for (const file of [config.logfile, config.pidfile, config.api.socketPath]) {
        expect(statSync(file).uid).toBe(user.uid);
      }
    });

    scenarioTest('B5.7: who is not root becomes nobody else, and says so', async ({ sandbox }) => {
      chownSync(sandbox.directory, user.uid, user.gid);
      const { configFile } = writeConfig(sandbox, '', 'user=root');
      const refused = startAsUser(sandbox, flavour, configFile);
      expect(await refused.ended).toEqual({ code: 2, signal: null });
      expect(refused.stderr.text).toMatch(/^Error: Can't drop privilege as nonroot user\n/);
      expect(refused.stdout.text).toBe('');
    });

    scenarioTest('B7.7: and its programs can be itself, and nobody else', async ({ sandbox }) => {
      chownSync(sandbox.directory, user.uid, user.gid);
      const { configFile } = writeConfig(
        sandbox,
        `[program:itself]
command=/bin/sleep 1000
user=${user.name}
startsecs=0
[program:other]
command=/bin/sleep 1000
user=root
startsecs=1
startretries=0
stderr_logfile=%(here)s/other.log
`,
        `user=${user.name}`,
      );
      const daemon = startAsUser(sandbox, flavour, configFile);
      await daemon.stdout.match(/success: itself/);
      await daemon.stdout.match(/gave up: other/);
      expect(sandbox.read('other.log')).toContain(
        "supervisor: couldn't setuid to 0: Can't drop privilege as nonroot user\n" +
          'supervisor: child process was not spawned\n',
      );
    });

    scenarioTest('B7.7: a user that does not exist is told before anything starts', async ({ sandbox }) => {
      const { configFile } = writeConfig(sandbox, '[program:x]\ncommand=/bin/sleep 1\nuser=no-such-user\n');
      const { code, stderr } = await runProgram(flavour.supervisord, ['-n', '-c', configFile], {
        env: sandbox.env,
        cwd: sandbox.directory,
      });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^Error: Invalid user name no-such-user/);
    });
  });
}

describe.skipIf(userReason !== null || ours.supervisordMissing !== null)(
  'users, and the descriptors of root',
  () => {
    scenarioTest(
      "B5.1, B5.7: a stdout that is root's goes on being the log, over a restart too",
      async ({ sandbox }) => {
        chownSync(sandbox.directory, user.uid, user.gid);
        const config = writeConfig(
          sandbox,
          `[program:talker]
command=/bin/sh -c 'echo hello; exec sleep 1000'
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
startsecs=0
`,
          `user=${user.name}`,
        );
        const args = ['-l', '/dev/stdout', '-y', '0'];
        const daemon = await startDaemon(sandbox, ours, { ...config, args });
        await daemon.output.match(/^hello\n/m);
        const mark = daemon.output.text.length;
        daemon.signal('SIGHUP');
        await daemon.output.match(/supervisord started with pid[^]*^hello\n/m, mark);
        expect(daemon.output.text.match(/received SIGHUP/g)).toHaveLength(1);
      },
    );
  },
);
