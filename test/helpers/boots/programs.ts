/** The programs of a boot: every way to log, and every way to go on after the last line. */
import type { Sandbox } from '../sandbox.ts';
import { cProgram } from '../c-program.ts';

/** Lines that a run of a program says on each stream, and what is between two of them, unless its kind says otherwise. */
const fewLines = 40;
const noPause = 0;

/** Where both streams go: files of their own, AUTO, one file for both, or one for all programs of the kind. */
type Logs = 'own' | 'auto' | 'merged' | 'shared';

interface Kind {
  readonly name: string;
  readonly count: number;
  /** What a program does when everything is said; see numbered.c. */
  readonly ending: 'wait' | 'end' | 'restart';
  readonly logs: Logs;
  /** Whether clearing it takes no other program's lines, and its log has no backups. */
  readonly clearable: boolean;
  readonly options?: string;
  readonly lines?: number;
  readonly pauseMicroseconds?: number;
}

const kinds: readonly Kind[] = [
  { name: 'waiting', count: 8, ending: 'wait', logs: 'own', clearable: true },
  { name: 'ending', count: 6, ending: 'end', logs: 'own', clearable: false },
  { name: 'restarted', count: 8, ending: 'restart', logs: 'own', clearable: true },
  { name: 'auto', count: 6, ending: 'wait', logs: 'auto', clearable: true },
  { name: 'autorestarted', count: 4, ending: 'restart', logs: 'auto', clearable: false },
  { name: 'merged', count: 4, ending: 'restart', logs: 'merged', clearable: true },
  { name: 'shared', count: 5, ending: 'restart', logs: 'shared', clearable: false },
  {
    name: 'slow',
    count: 4,
    ending: 'restart',
    logs: 'own',
    clearable: true,
    pauseMicroseconds: 5000,
  },
  {
    name: 'flooding',
    count: 2,
    ending: 'wait',
    logs: 'own',
    clearable: false,
    lines: 2000,
    options: `stdout_logfile_maxbytes=20KB
stdout_logfile_backups=500
stderr_logfile_maxbytes=0`,
  },
  {
    name: 'rotated',
    count: 3,
    ending: 'restart',
    logs: 'own',
    clearable: false,
    options: `stdout_logfile_maxbytes=1KB
stdout_logfile_backups=500
stderr_logfile_maxbytes=3KB
stderr_logfile_backups=500`,
  },
];

const logOptions: Readonly<Record<Logs, (file: string) => string>> = {
  own: (file) => `stdout_logfile=${file}.out\nstderr_logfile=${file}.err`,
  auto: () => 'stdout_logfile=AUTO\nstderr_logfile=AUTO',
  merged: (file) => `stdout_logfile=${file}.log\nredirect_stderr=true`,
  shared: () => `stdout_logfile=%(here)s/shared.log\nstderr_logfile=%(here)s/shared.log`,
};

/** Both streams of a program by the beginning of their log's name, which ends where a random part or a backup's number may follow. */
const logNames: Readonly<Record<Logs, (program: string) => Readonly<Record<Stream, string>>>> = {
  own: (program) => ({ out: `${program}.out`, err: `${program}.err` }),
  auto: (program) => ({ out: `${program}-stdout---`, err: `${program}-stderr---` }),
  merged: (program) => ({ out: `${program}.log`, err: `${program}.log` }),
  shared: () => ({ out: 'shared.log', err: 'shared.log' }),
};

export type Stream = 'out' | 'err';

export interface BootProgram {
  readonly name: string;
  /** As the API calls it. */
  readonly fullName: string;
  readonly clearable: boolean;
  readonly logs: Readonly<Record<Stream, string>>;
  /** Of a run, on each stream. */
  readonly lines: number;
}

export const bootPrograms: readonly BootProgram[] = kinds.flatMap(
  ({ name: kind, count, clearable, logs, lines = fewLines }) =>
    Array.from({ length: count }, (_, index) => {
      const name = `${kind}_${index}`;
      return { name, fullName: `${kind}:${name}`, clearable, logs: logNames[logs](name), lines };
    }),
);

/** Their sections. */
export function bootSections(sandbox: Sandbox): string {
  return kinds.map((kind) => section(kind, sandbox)).join('\n');
}

function section(kind: Kind, sandbox: Sandbox): string {
  const { name, ending, logs, lines = fewLines, pauseMicroseconds = noPause, options = '' } = kind;
  const file = `${name}_%(process_num)d`;
  const args = [file, `${sandbox.path(file)}.count`, lines, pauseMicroseconds, ending].join(' ');
  return `[program:${name}]
command=${cProgram('test/programs/numbered.c')} ${args}
process_name=${file}
numprocs=${kind.count}
startsecs=0
stopwaitsecs=60
autorestart=${ending === 'restart'}
${logOptions[logs](`%(here)s/${file}`)}
${options}
`;
}
