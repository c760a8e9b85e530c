/**
 * Options of the command line of supervisorctl.
 *
 * Source: Supervisor manual, "supervisorctl Command-Line Options"; order of checks and texts by observation.
 */
import { getopt, type OptionForm } from '../config/python/getopt.ts';
import { repr } from '../config/python/repr.ts';
import { type ColorWhen, isColorWhen } from './look.ts';

/** What an option sets. */
type Destination =
  'help' | 'configFile' | 'interactive' | 'serverUrl' | 'username' | 'password' | 'historyFile' | 'color';

export interface CliOption extends OptionForm {
  readonly sets: Destination;
  readonly description: string;
}

/** Every option, in the order of the help. */
export const cliOptions: readonly CliOption[] = [
  {
    short: 'c',
    long: 'configuration',
    value: 'FILENAME',
    abbreviable: true,
    sets: 'configFile',
    description: 'configuration file path (searches if not given)',
  },
  {
    short: 'h',
    long: 'help',
    value: null,
    abbreviable: true,
    sets: 'help',
    description: 'print usage message and exit',
  },
  { short: '?', long: null, value: null, abbreviable: true, sets: 'help', description: 'the same' },
  {
    short: 'i',
    long: 'interactive',
    value: null,
    abbreviable: true,
    sets: 'interactive',
    description: 'start an interactive shell after executing commands',
  },
  {
    short: 's',
    long: 'serverurl',
    value: 'URL',
    abbreviable: true,
    sets: 'serverUrl',
    description: 'URL on which supervisord server is listening\n     (default "http://localhost:9001").',
  },
  {
    short: 'u',
    long: 'username',
    value: 'USERNAME',
    abbreviable: true,
    sets: 'username',
    description: 'username to use for authentication with server',
  },
  {
    short: 'p',
    long: 'password',
    value: 'PASSWORD',
    abbreviable: true,
    sets: 'password',
    description: 'password to use for authentication with server',
  },
  {
    short: 'r',
    long: 'history_file',
    value: 'FILENAME',
    abbreviable: true,
    sets: 'historyFile',
    description: 'keep a readline history (if readline is available)',
  },
  {
    // Compat: its manual writes it so, its program takes the one above.
    short: null,
    long: 'history-file',
    value: 'FILENAME',
    abbreviable: false,
    sets: 'historyFile',
    description: 'the same',
  },
  {
    short: null,
    long: 'color',
    value: 'WHEN',
    abbreviable: false,
    isValueOptional: true,
    sets: 'color',
    description:
      'color states: always (the default of the option), never, or auto for when the output is a terminal',
  },
];

/** What the command line says; null where it says nothing. */
export interface CommandLine {
  readonly configFile: string | null;
  readonly interactive: boolean;
  readonly serverUrl: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly historyFile: string | null;
  readonly color: ColorWhen | null;
  /** The action and its arguments. */
  readonly action: readonly string[];
}

export type CommandLineResult =
  | { readonly kind: 'run'; readonly commandLine: CommandLine }
  | { readonly kind: 'help' }
  /** The message belongs behind "Error: ". */
  | { readonly kind: 'error'; readonly message: string };

/** Reads the arguments, those of the program's name left out. */
export function parseCommandLine(args: readonly string[]): CommandLineResult {
  const parsed = getopt(args, cliOptions);
  if (!parsed.ok) {
    return { kind: 'error', message: parsed.message };
  }
  const values = new Map<Destination, string>();
  for (const { form, name, value } of parsed.value.options) {
    if (form.sets === 'help') {
      return { kind: 'help' };
    }
    if (form.sets === 'serverUrl' && !looksLikeUrl(value)) {
      const shown = repr(value);
      return { kind: 'error', message: `invalid value for ${name} ${shown}: value ${shown} is not a URL` };
    }
    if (form.sets === 'color' && value !== '' && !isColorWhen(value)) {
      const shown = repr(value);
      return { kind: 'error', message: `invalid value for ${name} ${shown}: expected always, never or auto` };
    }
    if (values.has(form.sets)) {
      return { kind: 'error', message: `conflicting command line option ${repr(name)}` };
    }
    values.set(form.sets, value);
  }
  const color = values.get('color');
  return {
    kind: 'run',
    commandLine: {
      configFile: values.get('configFile') ?? null,
      interactive: values.has('interactive'),
      serverUrl: values.get('serverUrl') ?? null,
      username: values.get('username') ?? null,
      password: values.get('password') ?? null,
      historyFile: values.get('historyFile') ?? null,
      color: color === undefined ? null : isColorWhen(color) ? color : 'always',
      action: parsed.value.rest,
    },
  };
}

/** A scheme, and behind its colon a host or a path. */
function looksLikeUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?:\/\/[^?#]|(?!\/\/)[^?#])/i.test(value);
}

function valueForm(value: string | null, isOptional: true | undefined): string {
  return value === null ? '' : isOptional === true ? `[=${value}]` : ` ${value}`;
}

/** What `-h` prints. */
export function usageText(program: string): string {
  const lines = cliOptions.map(({ short, long, value, isValueOptional, description }) => {
    const names = [short === null ? null : `-${short}`, long === null ? null : `--${long}`];
    const form = names.filter((name) => name !== null).join('/');
    return `${form}${valueForm(value, isValueOptional)} -- ${description}`;
  });
  return [
    'supervisorctl -- control applications run by supervisord from the cmd line.',
    '',
    `Usage: ${program} [options] [action [arguments]]`,
    '',
    'Options:',
    ...lines,
    '',
    'An action is a command such as "status" or "restart web", and the exit status tells how it went. Without one,',
    'commands are read from a shell, or from a pipe. The action "help" shows all of them.',
    '',
    '',
  ].join('\n');
}
