/** Options of `[supervisord]`: the daemon itself. */
import { environment } from './environment.ts';
import { byteSize, integer, octal } from './numbers.ts';
import { option, optional } from './option.ts';
import { existingDirectory, filePath } from './paths.ts';
import { boolean, logLevel, text } from './words.ts';

export const supervisordOptions = {
  logfile: option({
    convert: filePath,
    fallback: 'supervisord.log',
    shownDefault: '$CWD/supervisord.log',
    meaning:
      'The activity log of the daemon. `syslog` sends it to the system log. `/dev/stdout` works with `logfile_maxbytes=0`.',
    example: '/tmp/supervisord.log',
  }),
  logfile_maxbytes: option({
    convert: byteSize,
    fallback: 50 * 1024 * 1024,
    shownDefault: '50MB',
    meaning: 'Size at which the activity log is rotated; 0 never rotates it.',
    example: '50MB',
  }),
  logfile_backups: option({
    convert: integer,
    fallback: 10,
    meaning: 'How many rotated activity logs are kept; with 0 the log is truncated instead.',
    example: '10',
  }),
  loglevel: option({
    convert: logLevel,
    fallback: 'info',
    meaning:
      'The least important kind of line that is logged. From `debug` on, the output of the programs is copied into the activity log.',
    example: 'info',
  }),
  pidfile: option({
    convert: filePath,
    fallback: 'supervisord.pid',
    shownDefault: '$CWD/supervisord.pid',
    meaning: 'File that holds the process number of the daemon while it runs.',
    example: '/tmp/supervisord.pid',
  }),
  umask: option({
    convert: octal,
    fallback: 0o22,
    shownDefault: '022',
    meaning:
      'File mode creation mask of the daemon, octal. It is set when the daemon goes to the background.',
    example: '022',
  }),
  nodaemon: option({
    convert: boolean,
    fallback: false,
    meaning: 'Stay in the foreground instead of going to the background.',
    example: 'false',
  }),
  silent: option({
    convert: boolean,
    fallback: false,
    meaning: 'In the foreground, do not copy the activity log to stdout.',
    example: 'false',
    since: '4.2.0',
  }),
  minfds: option({
    convert: integer,
    fallback: 1024,
    meaning:
      'How many open files the daemon must be allowed; the limit is raised to that, or the start fails.',
    example: '1024',
  }),
  minprocs: option({
    convert: integer,
    fallback: 200,
    meaning:
      'How many processes the daemon must be allowed; the limit is raised to that, or the start fails.',
    example: '200',
  }),
  nocleanup: option({
    convert: boolean,
    fallback: false,
    meaning: 'Keep the automatic log files of an earlier run instead of deleting them at start.',
    example: 'false',
  }),
  childlogdir: option({
    convert: existingDirectory,
    fallback: '/tmp',
    shownDefault: "the system's temporary directory",
    meaning: 'Where automatic (`AUTO`) log files of programs are put.',
    example: '/tmp',
  }),
  user: optional({
    convert: text,
    meaning: 'User, by name or number, that the daemon becomes when it is started by root.',
    example: 'nobody',
  }),
  directory: optional({
    convert: existingDirectory,
    meaning: 'Directory that the daemon changes to when it goes to the background.',
    example: '/tmp',
  }),
  strip_ansi: option({
    convert: boolean,
    fallback: false,
    meaning: 'Remove ANSI escape sequences from the output of programs before it is logged.',
    example: 'false',
  }),
  environment: option({
    convert: environment,
    fallback: new Map<string, string>(),
    shownDefault: 'none',
    meaning:
      'Variables for all programs, `KEY="value"` with commas between them. Later sections can refer to them as `%(ENV_KEY)s`.',
    example: 'LANG="C.UTF-8",MODE="production"',
  }),
  identifier: option({
    convert: text,
    fallback: 'supervisor',
    meaning: 'Name of this daemon, for clients, event listeners and the names of automatic log files.',
    example: 'supervisor',
  }),
};
