/** Options of `[program:x]`, which `[eventlistener:x]` and `[fcgi-program:x]` have as well. */
import type { LogfileSetting } from '../settings.ts';
import { environment } from './environment.ts';
import { user } from './identities.ts';
import { byteSize, exitCodes, integer, octal } from './numbers.ts';
import { option, optional, required } from './option.ts';
import { logfile } from './paths.ts';
import { autorestart, boolean, processName, serverUrl, signal, text } from './words.ts';

const automatic: LogfileSetting | { readonly kind: 'syslog' } = { kind: 'auto' };

/** The options that stdout and stderr have alike. */
function streamOptions(stream: 'stdout' | 'stderr') {
  return {
    logfile: option({
      convert: logfile,
      fallback: automatic,
      shownDefault: 'AUTO',
      meaning: `File for what the program writes to ${stream}. \`AUTO\` makes up a file that is deleted at the next start of the daemon; \`NONE\` keeps nothing.`,
      example: `/var/log/%(program_name)s-${stream}.log`,
    }),
    maxBytes: option({
      convert: byteSize,
      fallback: 50 * 1024 * 1024,
      shownDefault: '50MB',
      meaning: `Size at which the ${stream} log is rotated; 0 never rotates it.`,
      example: '1MB',
    }),
    backups: option({
      convert: integer,
      fallback: 10,
      meaning: `How many rotated ${stream} logs are kept; with 0 the log is truncated instead.`,
      example: '10',
    }),
    captureMaxBytes: option({
      convert: byteSize,
      fallback: 0,
      meaning: `How much of one message between the communication marks on ${stream} is kept; 0 does not look for the marks.`,
      example: '1MB',
    }),
    eventsEnabled: option({
      convert: boolean,
      fallback: false,
      meaning: `Send a \`PROCESS_LOG_${stream.toUpperCase()}\` event for what is written to ${stream}.`,
      example: 'false',
      since: '3.0a7',
    }),
    syslog: option({
      convert: boolean,
      fallback: false,
      meaning: `Send each line of ${stream} to the system log as well, with the name of the process before it.`,
      example: 'false',
      since: '4.0.0',
    }),
  };
}

const stdout = streamOptions('stdout');
const stderr = streamOptions('stderr');

export const programOptions = {
  command: required({
    convert: text,
    meaning:
      'What to run: a program with its arguments, split as a shell would but without variables, patterns and pipes. It must stay in the foreground.',
    example: '/bin/cat',
  }),
  process_name: option({
    convert: processName,
    fallback: '%(program_name)s',
    meaning: 'Name of each process; with more than one it has to contain `%(process_num)`.',
    example: '%(program_name)s',
  }),
  numprocs: option({
    convert: integer,
    fallback: 1,
    meaning: 'How many processes to run.',
    example: '1',
  }),
  numprocs_start: option({
    convert: integer,
    fallback: 0,
    meaning: 'The number of the first process.',
    example: '0',
  }),
  priority: option({
    convert: integer,
    fallback: 999,
    meaning: 'Lower ones are started first and stopped last.',
    example: '999',
  }),
  autostart: option({
    convert: boolean,
    fallback: true,
    meaning: 'Start with the daemon.',
    example: 'true',
  }),
  startsecs: option({
    convert: integer,
    fallback: 1,
    meaning: 'Seconds that a process has to stay up for its start to count as a success; 0 needs none.',
    example: '1',
  }),
  startretries: option({
    convert: integer,
    fallback: 3,
    meaning:
      'How often a failed start is repeated, a second later each time, before the process is given up.',
    example: '3',
  }),
  autorestart: option({
    convert: autorestart,
    fallback: 'unexpected',
    meaning:
      'Whether to start a process again that ended by itself: `true`, `false`, or `unexpected` for an exit code that is not in `exitcodes`. One that ran for less than a second is started again one second after its last start, any other at once.',
    example: 'unexpected',
  }),
  exitcodes: option({
    convert: exitCodes,
    fallback: [0],
    shownDefault: '0',
    meaning: 'Exit codes that are expected.',
    example: '0',
  }),
  stopsignal: option({
    convert: signal,
    fallback: 15,
    shownDefault: 'TERM',
    meaning: 'Signal that asks a process to stop, by name or number.',
    example: 'TERM',
  }),
  stopwaitsecs: option({
    convert: integer,
    fallback: 10,
    meaning: 'Seconds after which a process that was asked to stop is killed.',
    example: '10',
  }),
  stopasgroup: option({
    convert: boolean,
    fallback: false,
    meaning: 'Send the stop signal to the whole process group; implies `killasgroup`.',
    example: 'false',
    since: '3.0b1',
  }),
  killasgroup: option({
    convert: boolean,
    fallback: false,
    shownDefault: 'stopasgroup',
    meaning: 'Kill the whole process group when a process does not stop in time.',
    example: 'false',
    since: '3.0a11',
  }),
  user: optional({
    convert: user,
    meaning: 'User, by name or number, that the process runs as; the daemon must be root for that.',
    example: 'root',
  }),
  redirect_stderr: option({
    convert: boolean,
    fallback: false,
    meaning: 'Send stderr where stdout goes. Not for event listeners.',
    example: 'false',
  }),
  stdout_logfile: stdout.logfile,
  stdout_logfile_maxbytes: stdout.maxBytes,
  stdout_logfile_backups: stdout.backups,
  stdout_capture_maxbytes: stdout.captureMaxBytes,
  stdout_events_enabled: stdout.eventsEnabled,
  stdout_syslog: stdout.syslog,
  stderr_logfile: stderr.logfile,
  stderr_logfile_maxbytes: stderr.maxBytes,
  stderr_logfile_backups: stderr.backups,
  stderr_capture_maxbytes: stderr.captureMaxBytes,
  stderr_events_enabled: stderr.eventsEnabled,
  stderr_syslog: stderr.syslog,
  environment: option({
    convert: environment,
    fallback: new Map<string, string>(),
    shownDefault: 'none',
    meaning:
      'Variables of the process, over those of `[supervisord]`: `KEY="value"` with commas between them.',
    example: 'PATH="/usr/bin:/bin",COLOR="never"',
  }),
  directory: optional({
    convert: text,
    meaning: 'Directory that the process starts in.',
    example: '/tmp',
  }),
  umask: optional({
    convert: octal,
    meaning: 'File mode creation mask of the process, octal.',
    example: '022',
  }),
  serverurl: option({
    convert: serverUrl,
    fallback: null,
    shownDefault: 'AUTO',
    meaning: "Value of `SUPERVISOR_SERVER_URL` for the process; `AUTO` is the daemon's own first server.",
    example: 'AUTO',
  }),
};
