/** One child that writes as fast as it can into a log that rotates; beside it, a C program that does only that. */
import { runProgram } from '../test/helpers/run-program.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { childProgram } from './child-programs.ts';
import type { Benchmark } from './measure.ts';
import { cpuSeconds, diskFolder, LogRound, type Written } from './written-logs.ts';

const rotateAtBytes = 50 * 1024 * 1024;
/** More than are needed, so that every byte can be counted at the end. */
const allBackups = 50;

interface Flood {
  readonly name: string;
  readonly what: string;
  readonly totalBytes: number;
  readonly writeBytes: number;
  /** Where the logs are; in memory unless given. */
  readonly folder?: string;
  /** So few that files fall off; {@link allBackups} unless given. */
  readonly backups?: number;
}

const large: readonly Flood[] = [
  { name: 'log-large', what: '2 GB in writes of 64 KiB', totalBytes: 2e9, writeBytes: 64 * 1024 },
  // What the C library's stdio makes of lines.
  { name: 'log-lines', what: '1 GB of lines of 100 bytes', totalBytes: 1e9, writeBytes: 4096 },
];

/** Sizes of writes, and how much is written in them. */
const sizes: readonly (readonly [writeBytes: number, totalBytes: number])[] = [
  [100, 1e8],
  [1000, 4e8],
  [4096, 1e9],
  [8000, 1e9],
  [65_536, 1e9],
];

const middle: readonly Flood[] = sizes.slice(0, -1).map(([writeBytes, totalBytes]) => ({
  name: `log-write-${writeBytes}`,
  what: `writes of ${writeBytes} bytes`,
  writeBytes,
  totalBytes,
}));

/** With files that fall off, since removing them is what a disk takes time for. */
const onDisk: readonly Flood[] = sizes.map(([writeBytes, totalBytes]) => ({
  name: `log-disk-${writeBytes}`,
  what: `on disk, writes of ${writeBytes} bytes`,
  writeBytes,
  totalBytes,
  folder: diskFolder,
  backups: 2,
}));

export const logThroughput: readonly Benchmark[] = [...large, ...middle, ...onDisk].map((flood) => ({
  name: flood.name,
  figures: [
    { name: flood.what, unit: 'MB/s' },
    { name: `${flood.what}, CPU`, unit: 's/GB' },
    { name: `${flood.what}, longest`, unit: 'ms' },
  ],
  rounds: 5,
  measure: (flavour) => measureFlood(flavour, flood),
  measureLimit: () => measureCopy(flood),
}));

async function measureFlood(flavour: Flavour, flood: Flood): Promise<readonly number[]> {
  const { totalBytes, writeBytes, backups } = flood;
  const round = new LogRound(flood.folder);
  try {
    const { daemon } = await round.start(
      flavour,
      `[program:flood]
command=${round.writer('flood', totalBytes, writeBytes).join(' ')}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/flood.log
stdout_logfile_maxbytes=${rotateAtBytes}
stdout_logfile_backups=${backups ?? allBackups}
`,
    );
    const cpuBefore = cpuSeconds(daemon.pid);
    round.begin(1);
    const written = await round.written();
    await (backups === undefined ? round.logged('flood.log', totalBytes) : round.settled('flood.log'));
    return figuresOf(totalBytes, written, cpuSeconds(daemon.pid) - cpuBefore);
  } finally {
    await round.close();
  }
}

async function measureCopy({ totalBytes, writeBytes, folder, backups }: Flood): Promise<readonly number[]> {
  const round = new LogRound(folder);
  try {
    const { sandbox } = round;
    const args = [
      sandbox.path('flood.log'),
      ...[rotateAtBytes, backups ?? allBackups, totalBytes].map(String),
      ...round.writer('flood', totalBytes, writeBytes),
    ];
    const ended = runProgram(childProgram('copy'), args, { env: sandbox.env, cwd: sandbox.directory });
    round.begin(1);
    const written = await round.written();
    return figuresOf(totalBytes, written, Number((await ended).stdout));
  } finally {
    await round.close();
  }
}

function figuresOf(bytes: number, { seconds, longestMs }: Written, cpu: number): readonly number[] {
  return [bytes / 1e6 / seconds, cpu / (bytes / 1e9), longestMs];
}
