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
export type Mode = 'run' | 'help' | 'version' | 'dump-config' | 'check';

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
  valued(
    'c',
    'configuration',
    'FILENAME',
    'read FILENAME instead of searching for a configuration',
    (value) => parsed({ configFile: value }),
  ),
  flag('n', 'nodaemon', 'stay in the foreground (as nodaemon=true)', { nodaemon: true }),
  flag('s', 'silent', 'in the foreground, do not log to stdout (as silent=true)', { silent: true }),
  mode('h', 'help', 'show this text and exit', 'help'),
  mode('?', null, 'the same', 'help'),
  mode('v', 'version', 'show the version and exit', 'version'),
  setting('u', 'user', 'USER', 'become USER, a name or a number, after the start as root', 'user', text),
  setting('m', 'umask', 'UMASK', 'create files with the octal mask UMASK (default 022)', 'umask', octal),
  setting(
    'd',
    'directory',
    'DIRECTORY',
    'change to DIRECTORY in the background',
    'directory',
    existingDirectory,
  ),
  setting('l', 'logfile', 'FILENAME', 'use FILENAME as the activity log', 'logfile', filePath),
  setting('y', 'logfile_maxbytes', 'BYTES', 'rotate the activity log at BYTES', 'logfileMaxBytes', byteSize),
  setting('z', 'logfile_backups', 'NUM', 'keep NUM rotated activity logs', 'logfileBackups', integer),
  setting(
    'e',
    'loglevel',
    'LEVEL',
    'log from LEVEL on: critical, error, warn, info, debug, trace or blather',
    'logLevel',
    logLevel,
  ),
  setting('j', 'pidfile', 'FILENAME', 'write the process number to FILENAME', 'pidfile', filePath),
  setting('i', 'identifier', 'STR', 'call this daemon STR', 'identifier', text),
  setting(
    'q',
    'childlogdir',
    'DIRECTORY',
    'put automatic logs of programs into DIRECTORY',
    'childLogDir',
    existingDirectory,
  ),
  flag('k', 'nocleanup', 'keep the automatic logs of an earlier run', { nocleanup: true }),
  setting('a', 'minfds', 'NUM', 'start only if NUM files can be open', 'minfds', integer),
  flag('t', 'strip_ansi', 'remove ANSI escape sequences from the output of programs', { stripAnsi: true }),
  setting(null, 'minprocs', 'NUM', 'start only if NUM processes are allowed', 'minprocs', integer),
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
