/**
 * Completion of what is typed in the shell of supervisorctl.
 *
 * Source: behaviour of the original: the first word completes to commands, arguments to what the command takes;
 * `:`, `*` and `-` belong to words (checklist B17.1).
 */
import { words } from '../../config/python/text.ts';
import type { Command } from '../command.ts';
import { type AskProcesses, candidatesFor } from './candidates.ts';

/** What parts words, for the editor. */
const delimiters = ' \t\n`~!@#$%^&()=+[{]}\\|;\'",<>/?';

/** Candidates for the word that ends `line`, each with a blank behind, and that word. */
export async function completeLine(
  line: string,
  commands: readonly Command[],
  processes: AskProcesses,
): Promise<readonly [candidates: string[], word: string]> {
  const word = lastWord(line);
  const all = words(line);
  const before = line.endsWith(' ') ? all : all.slice(0, -1);
  const candidates = await candidatesFor(before, word, commands, processes);
  return [candidates.map((candidate) => `${candidate.word} `), word];
}

function lastWord(line: string): string {
  let start = line.length;
  while (start > 0 && !delimiters.includes(line.charAt(start - 1))) {
    start -= 1;
  }
  return line.slice(start);
}
