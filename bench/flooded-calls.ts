/** How long `getAllProcessInfo` takes while one program writes as fast as it can. */
import { performance } from 'node:perf_hooks';

import type { Flavour } from '../test/helpers/flavours.ts';
import { callRpc } from '../test/helpers/xml-rpc.ts';
import { type Benchmark, median } from './measure.ts';
import { LogRound } from './written-logs.ts';

const calls = 200;
/** More than is written in the time of all calls. */
const totalBytes = 1e12;

export const floodedCalls: Benchmark = {
  name: 'log-calls',
  figures: [
    { name: 'a call during a flood, median', unit: 'ms' },
    { name: 'a call during a flood, slowest of a hundred', unit: 'ms' },
  ],
  rounds: 5,
  measure: measureCalls,
};

async function measureCalls(flavour: Flavour): Promise<readonly number[]> {
  const round = new LogRound();
  try {
    const { config } = await round.start(
      flavour,
      `[program:flood]
command=${round.writer('flood', totalBytes, 64 * 1024).join(' ')}
startsecs=0
stdout_logfile=%(here)s/flood.log
stdout_logfile_maxbytes=50MB
stdout_logfile_backups=2
`,
    );
    round.begin(1);
    await round.growing('flood.log');
    const times: number[] = [];
    for (let call = 0; call < calls; call += 1) {
      const startedAt = performance.now();
      await callRpc(config.api, 'supervisor.getAllProcessInfo');
      times.push(performance.now() - startedAt);
    }
    const slowest = times.toSorted((a, b) => b - a)[Math.floor(calls / 100)] ?? Number.NaN;
    return [median(times), slowest];
  } finally {
    await round.close();
  }
}
