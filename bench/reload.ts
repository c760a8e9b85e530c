/** A thousand running programs of which one changes: reading that, and acting on it. */
import { performance } from 'node:perf_hooks';

import { startDaemon } from '../test/helpers/daemon.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { callRpc, type RpcStruct } from '../test/helpers/xml-rpc.ts';
import { ctlOf } from './ctl.ts';
import { type Benchmark, median } from './measure.ts';

const programs = 1000;
const changesPerRound = 3;

const what = `1 of ${String(programs)} changed`;

export const reloading: Benchmark = {
  name: 'reload',
  figures: [
    { name: `reload: reread, ${what}`, unit: 'ms' },
    { name: `reload: calls of an update, ${what}`, unit: 'ms' },
    { name: 'reload: supervisorctl update', unit: 'ms' },
    { name: 'reload: supervisorctl update --minimal', unit: 'ms' },
  ],
  rounds: 5,
  measure,
};

interface Subject {
  readonly sandbox: Sandbox;
  readonly configFile: string;
  readonly rpc: (method: string, ...params: readonly string[]) => Promise<unknown>;
}

const changing = 'p500';

/** What is done about a change, in the order of the figures. The original has no minimal update: its only one stands for it. */
function actions(flavour: Flavour): readonly ((subject: Subject) => Promise<unknown>)[] {
  const update =
    (...options: readonly string[]) =>
    ({ sandbox, configFile }: Subject) =>
      ctlOf(sandbox, flavour, configFile)('update', ...options);
  return [
    ({ rpc }) => rpc('reloadConfig'),
    async ({ rpc }) => {
      await rpc('reloadConfig');
      await rpc('stopProcessGroup', changing);
      await rpc('removeProcessGroup', changing);
      await rpc('addProcessGroup', changing);
    },
    update(),
    flavour.name === 'ours' ? update('--minimal') : update(),
  ];
}

async function measure(flavour: Flavour): Promise<readonly number[]> {
  const sandbox = new Sandbox();
  try {
    let changes = 0;
    const configure = (): string => sandbox.write('s.conf', configuration(changes));
    const configFile = configure();
    await startDaemon(sandbox, flavour, { configFile });
    const target = { socketPath: sandbox.path('s.sock') };
    const rpc: Subject['rpc'] = (method, ...params) => callRpc(target, `supervisor.${method}`, params);
    await waitFor(
      'all programs to run',
      async () => {
        const all = (await rpc('getAllProcessInfo')) as readonly RpcStruct[];
        return all.every(({ statename }) => statename === 'RUNNING');
      },
      120_000,
    );
    const medians: number[] = [];
    for (const act of actions(flavour)) {
      const times: number[] = [];
      for (let round = 0; round < changesPerRound; round += 1) {
        changes += 1;
        configure();
        const startedAt = performance.now();
        await act({ sandbox, configFile, rpc });
        times.push(performance.now() - startedAt);
      }
      medians.push(median(times));
    }
    return medians;
  } finally {
    await sandbox.close();
  }
}

function configuration(change: number): string {
  const sections = Array.from({ length: programs }, (_, index) => {
    const name = `p${String(index)}`;
    return `[program:${name}]
command=/bin/sleep 1000
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
environment=CHANGE="${String(name === changing ? change : 0)}"
`;
  });
  return `[supervisord]
logfile=/dev/null
logfile_maxbytes=0
pidfile=%(here)s/s.pid
minfds=20000

[unix_http_server]
file=%(here)s/s.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://%(here)s/s.sock

${sections.join('\n')}`;
}
