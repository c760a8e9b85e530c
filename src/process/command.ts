/**
 * From the text of `command` to a file that can be executed and its arguments.
 *
 * Source: Supervisor manual, `command`; the texts of the refusals as observed (B7.16).
 */
import { repr } from '../config/python/repr.ts';
import { splitCommand } from '../config/python/shlex.ts';
import type { ProcessSettings } from '../config/settings.ts';
import type { System } from '../system/system.ts';
import { commandPath, type DaemonIdentity } from './environment.ts';

/** Why a program could not be started, found out without starting it. */
export type CommandCheck =
  | { readonly ok: true; readonly file: string; readonly argv: readonly string[] }
  | {
      readonly ok: false;
      /** `not-executable` also for a command that cannot be parsed or that is a directory. */
      readonly kind: 'not-found' | 'not-executable';
      readonly message: string;
    };

/** Why a process of these settings could not be started, as far as it can be seen without starting it; null: nothing is known. */
export function startProblem(
  settings: ProcessSettings,
  { daemon, system }: { readonly daemon: DaemonIdentity; readonly system: System },
): string | null {
  const command = resolveCommand(settings.command, commandPath(settings, daemon), system);
  if (!command.ok) {
    return command.message;
  }
  const { directory } = settings;
  return directory === null || system.executableInfo(directory)?.isDirectory === true
    ? null
    : `can't change to directory ${repr(directory)}`;
}

/** Splits a command like a shell would and finds its file: as it is when it has a slash, else in `path`. */
export function resolveCommand(command: string, path: readonly string[], system: System): CommandCheck {
  const words = splitCommand(command);
  if (!words.ok) {
    return notExecutable(`can't parse command ${repr(command)}: ${words.message}`);
  }
  const [program] = words.value;
  if (program === undefined) {
    return notExecutable('command is empty');
  }
  const file = findProgram(program, path, system);
  const info = system.executableInfo(file);
  const quoted = repr(file);
  if (info === null) {
    return { ok: false, kind: 'not-found', message: `can't find command ${quoted}` };
  }
  if (info.isDirectory) {
    return notExecutable(`command at ${quoted} is a directory`);
  }
  if (!info.hasExecuteBit) {
    return notExecutable(`command at ${quoted} is not executable`);
  }
  if (!info.mayExecute) {
    return notExecutable(`no permission to run command ${quoted}`);
  }
  return { ok: true, file, argv: words.value };
}

/** Compat: the first folder that has anything of that name wins, even if it cannot be executed. */
function findProgram(program: string, path: readonly string[], system: System): string {
  if (program.includes('/')) {
    return program;
  }
  const candidates = path.map((folder) => joinPath(folder, program));
  return candidates.find((candidate) => system.executableInfo(candidate) !== null) ?? program;
}

function joinPath(folder: string, name: string): string {
  if (folder === '') {
    return name;
  }
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

function notExecutable(message: string): CommandCheck {
  return { ok: false, kind: 'not-executable', message };
}
