/**
 * Completion of what is typed in the shell.
 *
 * Source: behaviour of the original: the first word completes to commands, arguments to what the command takes;
 * `:`, `*` and `-` belong to words (checklist B17.1).
 */
import { words } from '../config/python/text.ts';
import type { ArgumentKind, Command } from './command.ts';

export interface NamedProcess {
  readonly group: string;
  readonly name: string;
}

/** What parts words, for the editor. */
const delimiters = ' \t\n`~!@#$%^&()=+[{]}\\|;\'",<>/?';

/**
 * Candidates for the word that ends `line`, each with a blank behind, and that word.
 *
 * @param processes asked for only when names of processes or groups are wanted.
 */
export async function completeLine(
  line: string,
  commands: readonly Command[],
  processes: () => Promise<readonly NamedProcess[]>,
): Promise<readonly [candidates: string[], word: string]> {
  const word = lastWord(line);
  const candidates = await candidatesFor(argumentKind(line, commands), word, commands, processes);
  const matching = [...new Set(candidates)].filter((candidate) => candidate.startsWith(word));
  return [matching.map((candidate) => `${candidate} `), word];
}

function lastWord(line: string): string {
  let start = line.length;
  while (start > 0 && !delimiters.includes(line.charAt(start - 1))) {
    start -= 1;
  }
  return line.slice(start);
}

/** What stands at the end of the line: a command, as long as its name is being typed, or an argument. */
function argumentKind(line: string, commands: readonly Command[]): ArgumentKind {
  const [action, ...rest] = words(line);
  if (action === undefined || (rest.length === 0 && !line.endsWith(' '))) {
    return 'commands';
  }
  return commands.find((command) => command.name === action)?.completes ?? 'none';
}

async function candidatesFor(
  kind: ArgumentKind,
  word: string,
  commands: readonly Command[],
  processes: () => Promise<readonly NamedProcess[]>,
): Promise<readonly string[]> {
  switch (kind) {
    case 'none':
      return [];
    case 'commands':
      return commands
        .filter(({ listing, name }) => listing !== null || name === 'help')
        .map(({ name }) => name);
    case 'groups':
      return (await processes()).map((process) => process.group);
    case 'processes':
      return (await processes()).flatMap((process) => namesOf(process, word));
  }
}

/** A process named as its group is offered by its one name until a colon is typed. */
function namesOf({ group, name }: NamedProcess, word: string): readonly string[] {
  return word.includes(':') || name !== group ? [`${group}:${name}`, `${group}:*`] : [name];
}
