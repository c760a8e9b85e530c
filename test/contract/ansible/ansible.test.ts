/** Ansible's module for Supervisor, on the original and on ours. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { reasonToSkip } from '../../helpers/debian.ts';
import { original, ours, type Flavour } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc, type RpcStruct } from '../../helpers/xml-rpc.ts';

const programs = `
[program:steady]
command=/bin/sleep 1000
startsecs=0

[program:member]
command=/bin/sleep 1000
process_name=m%(process_num)d
numprocs=2
startsecs=0

[group:team]
programs=member
`;

const added = `
[program:fresh]
command=/bin/sleep 1000
startsecs=0
autostart=false
`;

/** The parts looked at of what Ansible's JSON output has. */
interface Report {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: { readonly localhost: TaskResult };
    }[];
  }[];
}

interface TaskResult {
  readonly changed: boolean;
  readonly failed?: boolean;
  readonly msg?: string;
  readonly affected?: readonly string[];
}

type Outcome = readonly [task: string, outcome: TaskResult];

async function play(flavour: Flavour): Promise<readonly Outcome[]> {
  const sandbox = new Sandbox();
  try {
    const { api, configFile } = writeConfig(sandbox, programs);
    await startDaemon(sandbox, flavour, { configFile });
    await waitFor('the programs to run', async () => {
      const infos = (await callRpc(api, 'supervisor.getAllProcessInfo')) as readonly RpcStruct[];
      return infos.every((info) => info['statename'] === 'RUNNING');
    });
    writeFileSync(configFile, `${sandbox.read('supervisord.conf')}${added}`);
    const variables = JSON.stringify({
      ctl: flavour.supervisorctl,
      config: configFile,
      ansible_python_interpreter: '/usr/bin/python3',
    });
    const { stdout, stderr } = await runProgram(
      '/usr/bin/ansible-playbook',
      ['-i', 'localhost,', '-e', variables, path.join(import.meta.dirname, 'playbook.yml')],
      {
        env: {
          ...sandbox.env,
          ANSIBLE_STDOUT_CALLBACK: 'json',
          ANSIBLE_NOCOLOR: '1',
          ANSIBLE_PIPELINING: '1',
        },
        cwd: sandbox.directory,
      },
      120_000,
    );
    if (!stdout.startsWith('{')) {
      throw new Error(`the playbook was not played: ${stdout}${stderr}`);
    }
    const report = JSON.parse(stdout) as Report;
    return report.plays.flatMap(({ tasks }) =>
      tasks.map(({ task, hosts: { localhost } }): Outcome => {
        const { changed, failed = false, msg = '', affected = [] } = localhost;
        return [task.name, { changed, failed, msg, affected }];
      }),
    );
  } finally {
    await sandbox.close();
  }
}

const reason = original.supervisordMissing ?? ours.supervisordMissing ?? reasonToSkip(['ansible']);

describe.skipIf(reason !== null)(
  `Ansible's supervisorctl module${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    it('B17: changes with ours what it changes with the original, and says so', async () => {
      const [expected, played] = await Promise.all([play(original), play(ours)]);
      expect(played).toEqual(expected);
      const changed = new Map(expected.map(([task, outcome]) => [task, outcome.changed]));
      expect(Object.fromEntries(changed)).toMatchObject({
        present: true,
        'present again': false,
        started: true,
        'started again': false,
        restarted: true,
        signalled: true,
        stopped: true,
        'stopped again': false,
        'group stopped': true,
        absent: true,
        'absent again': false,
      });
    }, 150_000);
  },
);
