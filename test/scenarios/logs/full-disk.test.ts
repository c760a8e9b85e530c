/** A disk that is really full: a small file system that only the daemon sees. */
import { rmSync, writeFileSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { contentOfLog } from '../../helpers/log-files.ts';
import { reasonAgainstMounting } from '../../helpers/private-mounts.ts';
import { startProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { numbered } from './numbered.ts';

const lastNumber = 100_000;

/** The program, by what its log is. */
const logs: readonly (readonly [title: string, program: string])[] = [
  [
    'a log',
    `command=/usr/bin/seq ${lastNumber}
stdout_logfile=%(here)s/disk/full.log`,
  ],
  [
    'a log of stderr that rotates',
    `command=/bin/sh -c 'exec seq ${lastNumber} >&2'
stderr_logfile=%(here)s/disk/full.log
stderr_logfile_maxbytes=50KB
stderr_logfile_backups=100`,
  ],
];

const skipped = ours.supervisordMissing ?? reasonAgainstMounting();

describe.skipIf(skipped !== null)(`a full disk${skipped === null ? '' : ` (${skipped})`}`, () => {
  for (const [title, program] of logs) {
    scenarioTest(
      `B16.4: holds the output of ${title} back, is told once, and everything is there in the end`,
      async ({ sandbox }) => {
        const config = writeConfig(
          sandbox,
          `[program:full]
${program}
autorestart=false
startsecs=0

[program:free]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/free.log
`,
        );
        const script = `mkdir disk && mount -t tmpfs -o size=1m disk disk && head -c 900000 /dev/zero >disk/filler
exec ${ours.supervisord} -n -c ${config.configFile}`;
        const daemon = startProgram('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', script], {
          env: sandbox.env,
          cwd: sandbox.directory,
        });
        sandbox.adopt(daemon.pid);
        const disk = `/proc/${daemon.pid}/root${sandbox.path('disk')}`;
        await daemon.stdout.match(/ERRO cannot write to '.*full\.log': ENOSPC; output is held back/);
        expect(contentOfLog(disk, 'full.log').length).toBeGreaterThan(0);
        await callRpc(config.api, 'supervisor.sendProcessStdin', ['free', 'as ever\n']);
        await waitFor('the other program', () => sandbox.read('free.log') === 'as ever\n');
        expect(await callRpc(config.api, 'supervisor.getProcessInfo', ['full'])).toMatchObject({
          statename: 'RUNNING',
        });

        rmSync(`${disk}/filler`);
        await daemon.stdout.match(/INFO can write to '.*full\.log' again/);
        await daemon.stdout.match(/exited: full/);
        await waitFor('all of the output', () => contentOfLog(disk, 'full.log') === numbered(lastNumber));
        expect(daemon.stdout.text.match(/full\.log/g)).toHaveLength(2);
        writeFileSync(`${disk}/filler`, '');
      },
    );
  }
});
