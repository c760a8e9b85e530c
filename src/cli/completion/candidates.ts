/**
 * What may stand at a place of a command line, by the command table.
 */
import type { ArgumentKind, Command } from '../command.ts';
import { jsonOption } from '../result.ts';

export interface NamedProcess {
  readonly group: string;
  readonly name: string;
}

/** Asked only when names of processes or groups are wanted. */
export type AskProcesses = () => Promise<readonly NamedProcess[]>;

/** A word that may be typed, and what it means, if there is more to say than the word. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/**
 * Candidates for `word`, the words in front of it being `before`; those that do not begin as it does are left out.
 */
export async function candidatesFor(
  before: readonly string[],
  word: string,
  commands: readonly Command[],
  processes: AskProcesses,
): Promise<readonly Candidate[]> {
  const [action] = before;
  const command = commands.find(({ name }) => name === action);
  const candidates = [
    ...(command !== undefined && word.startsWith('-') ? optionsOf(command) : []),
    ...(await wordsOfKind(kindAt(before, command), word, commands, processes)),
  ];
  const unique = new Map(candidates.map((candidate) => [candidate.word, candidate]));
  return [...unique.values()].filter((candidate) => candidate.word.startsWith(word));
}

function kindAt(before: readonly string[], command: Command | undefined): ArgumentKind {
  if (before.length === 0) {
    return 'commands';
  }
  return command?.completes ?? 'none';
}

function optionsOf({ options, results }: Command): readonly Candidate[] {
  return [...options, ...(results === null ? [] : [jsonOption])].map((word) => ({ word, meaning: 'option' }));
}

async function wordsOfKind(
  kind: ArgumentKind,
  word: string,
  commands: readonly Command[],
  processes: AskProcesses,
): Promise<readonly Candidate[]> {
  switch (kind) {
    case 'none':
      return [];
    case 'commands':
      return commands
        .filter(({ listing, name }) => listing !== null || name === 'help')
        .map(({ name, summary }) => ({ word: name, meaning: summary }));
    case 'shells':
      return ['bash', 'zsh', 'fish'].map((shell) => ({ word: shell, meaning: 'shell' }));
    case 'groups':
      return (await processes()).map(({ group }) => ({ word: group, meaning: 'group' }));
    case 'processes':
      return (await processes()).flatMap((process) => namesOf(process, word));
  }
}

/** A process named as its group is offered by its one name until a colon is typed. */
function namesOf({ group, name }: NamedProcess, word: string): readonly Candidate[] {
  if (!word.includes(':') && name === group) {
    return [{ word: name, meaning: 'process' }];
  }
  return [
    { word: `${group}:${name}`, meaning: 'process' },
    { word: `${group}:*`, meaning: 'whole group' },
  ];
}
