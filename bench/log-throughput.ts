/** One child that writes as fast as it can into a log that rotates; beside it, a C program that does only that. */
import { runProgram } from '../test/helpers/run-program.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { childProgram } from './child-programs.ts';
import type { Benchmark } from './measure.ts';
import { cpuSeconds, LogRound } from './written-logs.ts';

const rotateAtBytes = 50 * 1024 * 1024;
/** More than are needed, so that every byte can be counted at the end. */
const backups = 50;

interface Flood {
  readonly name: string;
  readonly what: string;
  readonly totalBytes: number;
  readonly writeBytes: number;
}

const floods: readonly Flood[] = [
  { name: 'log-large', what: '2 GB in writes of 64 KiB', totalBytes: 2e9, writeBytes: 64 * 1024 },
  // What the C library's stdio makes of lines.
  { name: 'log-lines', what: '1 GB of lines of 100 bytes', totalBytes: 1e9, writeBytes: 4096 },
];

export const logThroughput: readonly Benchmark[] = floods.map((flood) => ({
  name: flood.name,
  figures: [
    { name: flood.what, unit: 'MB/s' },
    { name: `${flood.what}, CPU`, unit: 's/GB' },
  ],
  rounds: 5,
  measure: (flavour) => measureFlood(flavour, flood),
  measureLimit: () => measureCopy(flood),
}));

async function measureFlood(flavour: Flavour, { totalBytes, writeBytes }: Flood): Promise<readonly number[]> {
  const round = new LogRound();
  try {
    const { daemon } = await round.start(
      flavour,
      `[program:flood]
command=${round.writer('flood', totalBytes, writeBytes).join(' ')}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/flood.log
stdout_logfile_maxbytes=${rotateAtBytes}
stdout_logfile_backups=${backups}
`,
    );
    const cpuBefore = cpuSeconds(daemon.pid);
    round.begin(1);
    const seconds = await round.written();
    await round.logged('flood.log', totalBytes);
    return perSecond(totalBytes, seconds, cpuSeconds(daemon.pid) - cpuBefore);
  } finally {
    await round.close();
  }
}

async function measureCopy({ totalBytes, writeBytes }: Flood): Promise<readonly number[]> {
  const round = new LogRound();
  try {
    const { sandbox } = round;
    const args = [
      sandbox.path('flood.log'),
      ...[rotateAtBytes, backups, totalBytes].map(String),
      ...round.writer('flood', totalBytes, writeBytes),
    ];
    const ended = runProgram(childProgram('copy'), args, { env: sandbox.env, cwd: sandbox.directory });
    round.begin(1);
    const seconds = await round.written();
    return perSecond(totalBytes, seconds, Number((await ended).stdout));
  } finally {
    await round.close();
  }
}

function perSecond(bytes: number, seconds: number, cpu: number): readonly number[] {
  return [bytes / 1e6 / seconds, cpu / (bytes / 1e9)];
}
