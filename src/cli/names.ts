/**
 * Patterns among the names that a command was given: `worker-*`, `web:proc-?`, `w*:*`.
 *
 * A name that exists is always itself, whatever characters it has, and `group:*` is the whole group as ever. Only what
 * the original would call an unknown name is taken as a pattern, and one that matches nothing stays as it is, so that
 * the daemon refuses it as it always did.
 */
import { FaultError } from '../client/errors.ts';
import { nameMatcher } from '../config/python/fnmatch.ts';
import { formatNamespec, parseNamespec } from '../rpc/namespec.ts';
import type { CommandContext } from './command.ts';
import { exitStatuses } from './exit-statuses.ts';

export interface NamedProcess {
  readonly group: string;
  readonly name: string;
}

/** A word that was typed, and the names it stands for: itself, or the processes that a pattern matches. */
export interface NamedTargets {
  readonly isPattern: boolean;
  readonly names: readonly string[];
}

const special = /[*?[]/;

/** Whether a name has to be looked at; so names without such characters cost no call. */
function mayBePattern(name: string): boolean {
  const { group, process } = parseNamespec(name);
  return special.test(group) || (process !== null && special.test(process));
}

/** The names behind each word, in the words' order; a process is named once by patterns. */
export async function expandNames(
  context: CommandContext,
  words: readonly string[],
): Promise<readonly NamedTargets[]> {
  if (!words.some(mayBePattern)) {
    return words.map((word) => ({ isPattern: false, names: [word] }));
  }
  return matchNames(await knownProcesses(context), words);
}

/** The same as one list. */
export async function expandAll(
  context: CommandContext,
  words: readonly string[],
): Promise<readonly string[]> {
  return (await expandNames(context, words)).flatMap(({ names }) => names);
}

/** The one process behind a name; null, and said so, when a pattern matches several. */
export async function expandOne(context: CommandContext, word: string): Promise<string | null> {
  const [name = word, ...others] = await expandAll(context, [word]);
  if (others.length === 0) {
    return name;
  }
  context.output(
    `Error: ${word} matches ${others.length + 1} processes, and only one can be shown; see logs`,
  );
  context.exitStatus = exitStatuses.generic;
  return null;
}

/** Without an answer no word is a pattern, and the command itself tells what is the matter. */
async function knownProcesses(context: CommandContext): Promise<readonly NamedProcess[]> {
  try {
    return await context.client.getAllProcessInfo();
  } catch (error) {
    if (error instanceof FaultError) {
      return [];
    }
    throw error;
  }
}

export function matchNames(
  processes: readonly NamedProcess[],
  words: readonly string[],
): readonly NamedTargets[] {
  const matched = new Set<string>();
  return words.map((word) => {
    const itself = { isPattern: false, names: [word] };
    if (!mayBePattern(word) || exists(processes, word)) {
      return itself;
    }
    const isMatch = matcherOf(word);
    const found = processes.filter(isMatch).map(({ group, name }) => formatNamespec(group, name));
    if (found.length === 0) {
      return itself;
    }
    const names = found.filter((name) => !matched.has(name));
    for (const name of names) {
      matched.add(name);
    }
    return { isPattern: true, names };
  });
}

function exists(processes: readonly NamedProcess[], word: string): boolean {
  const { group, process } = parseNamespec(word);
  return processes.some((known) => known.group === group && (process === null || known.name === process));
}

/**
 * `*` any text, `?` any character, `[abc]` and `[!a-c]` one of, or none of, these.
 *
 * Without a colon a pattern is compared with the whole name as well as with that of the process.
 */
function matcherOf(word: string): (process: NamedProcess) => boolean {
  const colon = word.indexOf(':');
  if (colon === -1) {
    const isMatch = nameMatcher(word);
    return ({ group, name }) => isMatch(name) || isMatch(formatNamespec(group, name));
  }
  const isGroup = nameMatcher(word.slice(0, colon));
  const isProcess = nameMatcher(word.slice(colon + 1) || '*');
  return (known) => isGroup(known.group) && isProcess(known.name);
}
