/**
 * The command line of supervisord (B12).
 *
 * One table: it parses, checks, and prints the help. What it says beats the configuration file.
 * Source: Supervisor manual, "supervisord Command-Line Options"; order of checks and texts by observation.
 */
import type { DaemonOverrides } from '../config/load/daemon.ts';
import type { Converter } from '../config/options/converter.ts';
import { byteSize, integer, octal } from '../config/options/numbers.ts';
import { existingDirectory, filePath } from '../config/options/paths.ts';
import { list, logLevel, text } from '../config/options/words.ts';
import { getopt, type OptionForm } from '../config/python/getopt.ts';
import { parsed, type Parsed } from '../config/python/parsed.ts';
import { repr } from '../config/python/repr.ts';
import type { World } from '../config/world.ts';

/** `run` starts the daemon; all others print something and exit. */
export type Mode = 'run' | 'help' | 'version' | 'dump-config' | 'check' | 'hash-password';

export interface CommandLine {
  readonly mode: Mode;
  /** Null: search for one. */
  readonly configFile: string | null;
  readonly overrides: DaemonOverrides;
  /** Parts of `--profile_options`, lower case; null: no profile. */
  readonly profileOptions: readonly string[] | null;
  /** `--dump-config` tells where values come from. */
  readonly origins: boolean;
  /** `--dump-config --origins` masks nothing. */
  readonly showSecrets: boolean;
  /** `--check` answers in JSON. */
  readonly json: boolean;
  /** `--check` fails for warnings alone. */
  readonly strict: boolean;
  /** Description of another machine for `--check` and `--dump-config`. */
  readonly assume: string | null;
}

export type CommandLineResult =
  | { readonly ok: true; readonly commandLine: CommandLine }
  /** The message belongs behind "Error: ". */
  | { readonly ok: false; readonly message: string };

/** What an option adds to the command line. */
type Effect = (value: string, world: World) => Parsed<Partial<CommandLine>>;

interface DaemonOption extends OptionForm {
  readonly description: string;
  readonly effect: Effect;
}

const optionTable: readonly DaemonOption[] = [
  valued('c', 'configuration', 'FILENAME', 'configuration file path (searches if not given)', (value) =>
    parsed({ configFile: value }),
  ),
  flag('n', 'nodaemon', "run in the foreground (same as 'nodaemon=true' in config file)", { nodaemon: true }),
  flag('s', 'silent', "no logs to stdout (maps to 'silent=true' in config file)", { silent: true }),
  mode('h', 'help', 'print this usage message and exit', 'help'),
  mode('?', null, 'the same', 'help'),
  mode('v', 'version', 'print supervisord version number and exit', 'version'),
  setting('u', 'user', 'USER', 'run supervisord as this user (or numeric uid)', 'user', text),
  setting('m', 'umask', 'UMASK', 'use this umask for daemon subprocess (default is 022)', 'umask', octal),
  setting(
    'd',
    'directory',
    'DIRECTORY',
    'directory to chdir to when daemonized',
    'directory',
    existingDirectory,
  ),
  setting('l', 'logfile', 'FILENAME', 'use FILENAME as logfile path', 'logfile', filePath),
  setting(
    'y',
    'logfile_maxbytes',
    'BYTES',
    'use BYTES to limit the max size of logfile',
    'logfileMaxBytes',
    byteSize,
  ),
  setting(
    'z',
    'logfile_backups',
    'NUM',
    'number of backups to keep when max bytes reached',
    'logfileBackups',
    integer,
  ),
  setting(
    'e',
    'loglevel',
    'LEVEL',
    'use LEVEL as log level (debug,info,warn,error,critical)',
    'logLevel',
    logLevel,
  ),
  setting(
    'j',
    'pidfile',
    'FILENAME',
    'write a pid file for the daemon process to FILENAME',
    'pidfile',
    filePath,
  ),
  setting('i', 'identifier', 'STR', 'identifier used for this instance of supervisord', 'identifier', text),
  setting(
    'q',
    'childlogdir',
    'DIRECTORY',
    'the log directory for child process logs',
    'childLogDir',
    existingDirectory,
  ),
  flag(
    'k',
    'nocleanup',
    'prevent the process from performing cleanup (removal of old automatic child log files) at startup',
    { nocleanup: true },
  ),
  setting(
    'a',
    'minfds',
    'NUM',
    'the minimum number of file descriptors for start success',
    'minfds',
    integer,
  ),
  flag('t', 'strip_ansi', 'strip ansi escape codes from process output', { stripAnsi: true }),
  setting(
    null,
    'minprocs',
    'NUM',
    'the minimum number of processes available for start success',
    'minprocs',
    integer,
  ),
  valued(
    null,
    'profile_options',
    'OPTIONS',
    'write a CPU profile at exit; OPTIONS are words with commas between them',
    (value, world) => {
      const words = list.parse(value.toLowerCase(), world);
      return words.ok ? parsed({ profileOptions: words.value }) : words;
    },
  ),
  // What follows is not in the original. Its abbreviations must go on to mean the same, so these have none.
  own('dump-config', 'show what the configuration means, as JSON, and exit', { mode: 'dump-config' }),
  own('origins', 'with --dump-config, tell the file and line of each value, and mask secrets', {
    origins: true,
  }),
  own('show-secrets', 'with --origins, mask nothing', { showSecrets: true }),
  own('check', 'list all problems of the configuration and exit', { mode: 'check' }),
  own(
    'hash-password',
    'read a password from stdin, print what to write behind password= of a server, and exit',
    {
      mode: 'hash-password',
    },
  ),
  own('json', 'with --check, list them as JSON', { json: true }),
  own('strict', 'with --check, let warnings fail as well', { strict: true }),
  {
    short: null,
    long: 'assume',
    value: 'FILENAME',
    abbreviable: false,
    description: 'with --check or --dump-config, assume the machine that FILENAME describes',
    effect: (value) => parsed({ assume: value }),
  },
];

const nothing: CommandLine = {
  mode: 'run',
  configFile: null,
  overrides: {},
  profileOptions: null,
  origins: false,
  showSecrets: false,
  json: false,
  strict: false,
  assume: null,
};

/** Reads the arguments, the name of the program left out. */
export function parseCommandLine(argv: readonly string[], world: World): CommandLineResult {
  const given = getopt(argv, optionTable);
  if (!given.ok) {
    return given;
  }
  const { options, rest } = given.value;
  if (rest.length > 0) {
    return refusal(`positional arguments are not supported: [${rest.map(repr).join(', ')}]`);
  }
  let commandLine = nothing;
  const seen = new Set<DaemonOption>();
  for (const { form, name, value } of options) {
    const effect = form.effect(value, world);
    if (!effect.ok) {
      return refusal(`invalid value for ${name} ${repr(value)}: ${effect.message}`);
    }
    // Help and version are not waited for: what follows them is not looked at.
    if (effect.value.mode === 'help' || effect.value.mode === 'version') {
      return { ok: true, commandLine: { ...commandLine, ...effect.value } };
    }
    if (seen.has(form)) {
      return refusal(`conflicting command line option ${repr(name)}`);
    }
    seen.add(form);
    const overrides = { ...commandLine.overrides, ...effect.value.overrides };
    commandLine = { ...commandLine, ...effect.value, overrides };
  }
  return { ok: true, commandLine };
}

/** B12.6: what `-h` prints. */
export function helpText(program: string): string {
  const lines = optionTable.map(({ short, long, value, description }) => {
    const names = [short === null ? null : `-${short}`, long === null ? null : `--${long}`];
    const form = names.filter((name) => name !== null).join('/');
    return `${form}${value === null ? '' : ` ${value}`} -- ${description}`;
  });
  return [
    'supervisord -- run a set of applications as daemons.',
    '',
    `Usage: ${program} [options]`,
    '',
    'Options:',
    ...lines,
    '',
  ].join('\n');
}

function refusal(message: string): CommandLineResult {
  return { ok: false, message };
}

function valued(
  short: string | null,
  long: string,
  value: string,
  description: string,
  effect: Effect,
): DaemonOption {
  return { short, long, value, abbreviable: true, description, effect };
}

function setting<Name extends keyof DaemonOverrides>(
  short: string | null,
  long: string,
  value: string,
  description: string,
  name: Name,
  convert: Converter<Exclude<DaemonOverrides[Name], undefined | null>>,
): DaemonOption {
  return valued(short, long, value, description, (given, world) => {
    const result = convert.parse(given, world);
    return result.ok ? parsed({ overrides: { [name]: result.value } }) : result;
  });
}

function flag(short: string, long: string, description: string, overrides: DaemonOverrides): DaemonOption {
  return { short, long, value: null, abbreviable: true, description, effect: () => parsed({ overrides }) };
}

function mode(short: string, long: string | null, description: string, chosen: Mode): DaemonOption {
  return { short, long, value: null, abbreviable: true, description, effect: () => parsed({ mode: chosen }) };
}

function own(long: string, description: string, effect: Partial<CommandLine>): DaemonOption {
  return { short: null, long, value: null, abbreviable: false, description, effect: () => parsed(effect) };
}
