/** A thousand children that say a line a second each, for ten seconds. */
import { setTimeout as delay } from 'node:timers/promises';

import type { Flavour } from '../test/helpers/flavours.ts';
import { childProgram } from './child-programs.ts';
import type { Benchmark } from './measure.ts';
import { cpuSeconds, LogRound } from './written-logs.ts';

const programs = 1000;
const seconds = 10;
/**
 * Descriptors: pipes and a log for each, and some. It is no `minfds`, since the original closes as many in each child, and
 * would take minutes to start them.
 */
const descriptors = programs * 5 + 500;
const longestStartMs = 180_000;

export const lineASecond: Benchmark = {
  name: 'log-thousand',
  figures: [{ name: '1,000 programs, a line/s each: CPU of a core', unit: '%' }],
  rounds: 5,
  measure: measureLines,
};

async function measureLines(flavour: Flavour): Promise<readonly number[]> {
  const round = new LogRound();
  try {
    const script = `#!/bin/sh\nulimit -n ${descriptors}\nexec ${flavour.supervisord} "$@"\n`;
    const supervisord = round.sandbox.write('supervisord.sh', script, 0o755);
    const { daemon } = await round.start(
      { ...flavour, supervisord },
      `[program:ticker]
command=${childProgram('ticker')}
process_name=%(program_name)s_%(process_num)d
numprocs=${programs}
startsecs=0
stdout_logfile=%(here)s/%(process_num)d-ticker.log
stderr_logfile=NONE
`,
    );
    for (let index = 0; index < programs; index += 1) {
      await round.growing(`${index}-ticker.log`, longestStartMs);
    }
    const before = cpuSeconds(daemon.pid);
    await delay(seconds * 1000);
    const percent = ((cpuSeconds(daemon.pid) - before) / seconds) * 100;
    await round.kill(daemon);
    return [percent];
  } finally {
    await round.close();
  }
}
