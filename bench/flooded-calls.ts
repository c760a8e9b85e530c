/** How long calls take while one program writes as fast as it can. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import type { Flavour } from '../test/helpers/flavours.ts';
import { callRpc } from '../test/helpers/xml-rpc.ts';
import { type Benchmark, median } from './measure.ts';
import { diskFolder, LogRound } from './written-logs.ts';

/** More than is written in the time of all calls. */
const totalBytes = 1e12;

interface Calls {
  readonly name: string;
  readonly what: string;
  readonly method: string;
  readonly count: number;
  /** From one to the next; 0: one after the other. */
  readonly everyMs: number;
  /** Where the log is; in memory unless given. */
  readonly folder?: string;
}

const kinds: readonly Calls[] = [
  { name: 'log-calls', what: 'a call during a flood', method: 'getAllProcessInfo', count: 200, everyMs: 0 },
  {
    name: 'log-state',
    what: 'getState every 10 ms during a flood',
    method: 'getState',
    count: 300,
    everyMs: 10,
  },
  {
    name: 'log-disk-state',
    what: 'getState every 10 ms, flood on disk',
    method: 'getState',
    count: 300,
    everyMs: 10,
    folder: diskFolder,
  },
];

export const callsDuringFloods: readonly Benchmark[] = kinds.map((kind) => ({
  name: kind.name,
  figures: [
    { name: `${kind.what}, median`, unit: 'ms' },
    { name: `${kind.what}, 99%`, unit: 'ms' },
  ],
  rounds: 5,
  measure: (flavour) => measureCalls(flavour, kind),
}));

async function measureCalls(
  flavour: Flavour,
  { method, count, everyMs, folder }: Calls,
): Promise<readonly number[]> {
  const round = new LogRound(folder);
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
    for (let call = 0; call < count; call += 1) {
      const startedAt = performance.now();
      await callRpc(config.api, `supervisor.${method}`);
      const time = performance.now() - startedAt;
      times.push(time);
      if (time < everyMs) {
        await delay(everyMs - time);
      }
    }
    const slowest = times.toSorted((a, b) => b - a)[Math.floor(count / 100)] ?? Number.NaN;
    return [median(times), slowest];
  } finally {
    await round.close();
  }
}
