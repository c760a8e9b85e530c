/** One child that writes as fast as it can into a log that rotates; beside it, programs that do only that. */
import { writeFileSync } from 'node:fs';

import { runProgram } from '../test/helpers/run-program.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { type ChildProgram, childProgram } from './child-programs.ts';
import { loggedBytes, type Logger, loggers } from './loggers.ts';
import type { Benchmark, Figure } from './measure.ts';
import { cpuSeconds, diskFolder, LogRound, type Written } from './written-logs.ts';

export const rotateAtBytes = 50 * 1024 * 1024;
/** More than are needed, so that every byte can be counted at the end. */
const allBackups = 50;
/** Some are slow, and would be as slow with more. */
const mostForLoggers = 2e8;
/** Enough for the slowest on a busy machine. */
const longestFloodMs = 120_000;

export interface Flood {
  readonly name: string;
  readonly what: string;
  readonly totalBytes: number;
  readonly writeBytes: number;
  /** Where the logs are; in memory unless given. */
  readonly folder?: string;
  /** So few that files fall off; {@link allBackups} unless given. */
  readonly backups?: number;
  /** {@link rotateAtBytes} unless given. */
  readonly rotateAt?: number;
  /** So many are there from the beginning; none unless given. */
  readonly oldBackups?: number;
  /** Also measured with those that are known for it. */
  readonly hasLoggers?: boolean;
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
  hasLoggers: true,
}));

/** With files that fall off, since removing them is what a disk takes time for. */
const onDisk: readonly Flood[] = sizes.map(([writeBytes, totalBytes]) => ({
  name: `log-disk-${writeBytes}`,
  what: `on disk, writes of ${writeBytes} bytes`,
  writeBytes,
  totalBytes,
  folder: diskFolder,
  backups: 2,
  hasLoggers: true,
}));

/** So many files that are all to be renamed at each rotation. */
const manyBackups: readonly Flood[] = [
  {
    name: 'log-backups',
    what: '9,000 backups, rotation at 10 MiB',
    writeBytes: 65_536,
    totalBytes: 2e8,
    folder: diskFolder,
    backups: 9000,
    oldBackups: 9000,
    rotateAt: 10 * 1024 * 1024,
  },
];

export const logThroughput: readonly Benchmark[] = [...large, ...middle, ...onDisk, ...manyBackups].map(
  (flood) => ({
    name: flood.name,
    figures: figuresOfFlood(flood),
    rounds: 5,
    measure: (flavour) => measureFlood(flavour, flood),
    measureLimit: () => measureCopy(flood),
    others:
      flood.hasLoggers === true
        ? loggers.map((logger) => ({ ...logger, measure: () => measureLogger(logger, flood) }))
        : [],
  }),
);

/** As {@link figuresOf} has them. */
export function figuresOfFlood({ what }: Flood): readonly Figure[] {
  return [
    { name: what, unit: 'MB/s' },
    { name: `${what}, CPU`, unit: 's/GB' },
    { name: `${what}, longest`, unit: 'ms' },
  ];
}

async function measureFlood(flavour: Flavour, flood: Flood): Promise<readonly number[]> {
  const { totalBytes, writeBytes, backups, rotateAt = rotateAtBytes } = flood;
  const round = new LogRound(flood.folder);
  try {
    writeOldBackups(round, flood);
    const { daemon } = await round.start(
      flavour,
      `[program:flood]
command=${round.writer('flood', totalBytes, writeBytes).join(' ')}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/flood.log
stdout_logfile_maxbytes=${rotateAt}
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

async function measureCopy(flood: Flood): Promise<readonly number[]> {
  const { totalBytes, backups = allBackups, rotateAt = rotateAtBytes } = flood;
  const round = new LogRound(flood.folder);
  try {
    writeOldBackups(round, flood);
    const args = [round.sandbox.path('flood.log'), ...[rotateAt, backups, totalBytes].map(String)];
    return await measureProgram(round, flood, 'copy', args);
  } finally {
    await round.close();
  }
}

async function measureLogger(logger: Logger, whole: Flood): Promise<readonly number[]> {
  const flood = { ...whole, totalBytes: Math.min(whole.totalBytes, mostForLoggers) };
  const { totalBytes, backups, rotateAt = rotateAtBytes } = flood;
  const round = new LogRound(flood.folder);
  try {
    const directory = round.sandbox.path('flood');
    const command = logger.command(directory, rotateAt, backups ?? allBackups);
    const figures = await measureProgram(round, flood, 'piped', [String(command.length), ...command]);
    const logged = loggedBytes(directory);
    if (logged === 0 || (backups === undefined && logged !== totalBytes)) {
      throw new Error(`${logger.name} has ${logged} of ${totalBytes} bytes`);
    }
    return figures;
  } finally {
    await round.close();
  }
}

/** One that starts the writer itself, and prints the CPU seconds of what logs it. */
export async function measureProgram(
  round: LogRound,
  { totalBytes, writeBytes }: Flood,
  program: ChildProgram,
  args: readonly string[],
): Promise<readonly number[]> {
  const { env, directory: cwd } = round.sandbox;
  const writer = round.writer('flood', totalBytes, writeBytes);
  const ended = runProgram(childProgram(program), [...args, ...writer], { env, cwd }, longestFloodMs);
  round.begin(1);
  const written = await round.written();
  return figuresOf(totalBytes, written, Number((await ended).stdout));
}

function writeOldBackups({ sandbox }: LogRound, { oldBackups = 0 }: Flood): void {
  for (let number = 1; number <= oldBackups; number += 1) {
    writeFileSync(sandbox.path(`flood.log.${number}`), '');
  }
}

function figuresOf(bytes: number, { seconds, longestMs }: Written, cpu: number): readonly number[] {
  return [bytes / 1e6 / seconds, cpu / (bytes / 1e9), longestMs];
}
