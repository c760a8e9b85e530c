/** A hundred programs: how long until all of them run, and how long `supervisorctl status` takes then. */
import { performance } from 'node:perf_hooks';

import { runCtl } from '../test/helpers/ctl.ts';
import { startDaemon } from '../test/helpers/daemon.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { type Benchmark, median } from './measure.ts';

const programs = 100;
const statusCalls = 5;

export const statusOfMany: Benchmark = {
  name: 'status',
  figures: [{ name: `supervisorctl status, ${programs} programs`, unit: 'ms' }],
  rounds: 5,
  measure: measureStatus,
};

async function measureStatus(flavour: Flavour): Promise<readonly number[]> {
  const sandbox = new Sandbox();
  try {
    const configFile = sandbox.write('s.conf', configuration());
    await startDaemon(sandbox, flavour, { configFile });
    const status = () => runCtl(sandbox, flavour, ['status'], { configFile });
    await waitFor('all programs to run', async () => {
      const { stdout } = await status();
      return stdout.split('\n').filter((line) => line.includes(' RUNNING ')).length === programs;
    });
    const times: number[] = [];
    for (let call = 0; call < statusCalls; call += 1) {
      const startedAt = performance.now();
      await status();
      times.push(performance.now() - startedAt);
    }
    return [median(times)];
  } finally {
    await sandbox.close();
  }
}

function configuration(): string {
  return `[supervisord]
logfile=/dev/null
logfile_maxbytes=0
pidfile=%(here)s/s.pid

[unix_http_server]
file=%(here)s/s.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://%(here)s/s.sock

[program:sleeper]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)03d
numprocs=${programs}
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
`;
}
