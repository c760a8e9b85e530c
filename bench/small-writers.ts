/** A hundred children that write a hundred lines a second each, one a write, for ten seconds. */
import { readFileSync } from 'node:fs';

import type { Flavour } from '../test/helpers/flavours.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { callRpc, type RpcStruct } from '../test/helpers/xml-rpc.ts';
import type { Benchmark } from './measure.ts';
import { cpuSeconds, LogRound } from './written-logs.ts';

const writers = 100;
const linesEach = 1000;
const pauseMicroseconds = 10_000;
const lineBytes = 100;

export const smallWriters: Benchmark = {
  name: 'log-small',
  figures: [{ name: '100 writers, 100 lines/s, 10 s: CPU', unit: 's' }],
  rounds: 5,
  measure: measureSmallWriters,
};

async function measureSmallWriters(flavour: Flavour): Promise<readonly number[]> {
  const round = new LogRound();
  try {
    const { daemon, config } = await round.start(
      flavour,
      `[program:small]
command=${round.writer('paced', linesEach, pauseMicroseconds).join(' ')}
process_name=%(program_name)s_%(process_num)d
numprocs=${writers}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/small-%(process_num)d.log
stderr_logfile=NONE
`,
    );
    await waitFor('all writers', async () => {
      const all = (await callRpc(config.api, 'supervisor.getAllProcessInfo')) as readonly RpcStruct[];
      return all.every(({ statename }) => statename === 'RUNNING');
    });
    const cpuBefore = cpuSeconds(daemon.pid);
    round.begin(writers);
    for (let ended = 0; ended < writers; ended += 1) {
      await round.written();
    }
    for (let index = 0; index < writers; index += 1) {
      await round.logged(`small-${index}.log`, linesEach * lineBytes);
      checkLines(round.sandbox.path(`small-${index}.log`));
    }
    return [cpuSeconds(daemon.pid) - cpuBefore];
  } finally {
    await round.close();
  }
}

function checkLines(log: string): void {
  const lines = readFileSync(log, 'latin1').trimEnd().split('\n');
  if (lines.length !== linesEach || !lines.every((line, index) => Number(line.slice(0, 6)) === index)) {
    throw new Error(`${log} has not every line once and in order`);
  }
}
