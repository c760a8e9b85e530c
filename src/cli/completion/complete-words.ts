/**
 * Answers the completion scripts of shells: what may stand at the end of these words.
 *
 * The options in front are heeded, so that names come from the daemon that is meant. Whatever goes wrong, nothing is said:
 * whoever types is left in peace.
 */
import { SupervisorClient } from '../../client/client.ts';
import type { Command } from '../command.ts';
import { cliOptions, parseCommandLine } from '../options.ts';
import { pluginCommands } from '../plugin-commands.ts';
import { type LoadedSettings, readSettings } from '../settings.ts';
import { type Candidate, candidatesFor, type NamedProcess } from './candidates.ts';

/** Said in place of candidates where the name of a file is wanted, which shells know best. */
export const filesWanted = ':files';

/** How long a shell waits for names of processes. */
const patienceMs = 2000;

/**
 * @param typed the words behind the program's name; the last one, perhaps empty, is the one to complete.
 * @returns lines of a candidate, a tab and its meaning.
 */
export async function completeWords(
  typed: readonly string[],
  commands: readonly Command[],
  program: string,
): Promise<readonly string[]> {
  const word = typed.at(-1) ?? '';
  const before = typed.slice(0, -1);
  const start = optionsEnd(before);
  const valueOf = start > before.length ? before.at(-1) : undefined;
  if (valueOf !== undefined) {
    return fileOptions.includes(valueOf) ? [filesWanted] : [];
  }
  if (start === before.length && word.startsWith('-')) {
    return linesOf(globalOptions(word));
  }
  const settings = settingsOf(before.slice(0, start), program);
  const all = settings === null ? commands : [...commands, ...commandsOfPlugins(settings, commands)];
  return linesOf(await candidatesFor(before.slice(start), word, all, () => knownProcesses(settings)));
}

function linesOf(candidates: readonly Candidate[]): readonly string[] {
  return candidates.map((candidate) => `${candidate.word}\t${candidate.meaning}`);
}

const fileOptions = ['-c', '--configuration', '-r', '--history_file', '--history-file'];

/** Where the action stands; behind the last word when its option still wants a value. */
function optionsEnd(before: readonly string[]): number {
  let index = 0;
  while (before[index]?.startsWith('-') === true) {
    const option = cliOptions.find(
      ({ short, long }) => before[index] === `-${short}` || before[index] === `--${long}`,
    );
    index += option === undefined || option.value === null || option.isValueOptional === true ? 1 : 2;
  }
  return index;
}

function globalOptions(word: string): readonly Candidate[] {
  return cliOptions
    .flatMap(({ short, long, description }) =>
      [short === null ? null : `-${short}`, long === null ? null : `--${long}`].flatMap((form) =>
        form === null ? [] : [{ word: form, meaning: description }],
      ),
    )
    .filter((candidate) => candidate.word.startsWith(word));
}

/** Null where they cannot be read. */
function settingsOf(options: readonly string[], program: string): LoadedSettings | null {
  const parsed = parseCommandLine(options);
  const settings = parsed.kind === 'run' ? readSettings(parsed.commandLine, program) : null;
  return settings?.ok === true ? settings : null;
}

function commandsOfPlugins(settings: LoadedSettings, commands: readonly Command[]): readonly Command[] {
  const added = pluginCommands(settings.plugins, commands, () => undefined);
  return added.ok ? added.commands : [];
}

async function knownProcesses(loaded: LoadedSettings | null): Promise<readonly NamedProcess[]> {
  if (loaded === null) {
    return [];
  }
  const { serverUrl, username, password } = loaded.settings;
  const credentials = username === null || password === null ? null : { username, password };
  try {
    const signal = AbortSignal.timeout(patienceMs);
    return await new SupervisorClient({ serverUrl, credentials }, signal).getAllProcessInfo();
  } catch {
    // As documented: no names, and nothing said.
    return [];
  }
}
