/**
 * Lines typed earlier, kept in a file from one session to the next.
 *
 * The file is that of the original's line editor: one line an entry, oldest first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { withHistoryFile } from './history-file.ts';

const maxLines = 1000;

export interface History {
  newestFirst: readonly string[];
  readonly maxLines: number;
}

/** The header that files written through libedit begin with. */
const libeditHeader = '_HiStOrY_V2_';

/** Reads a history; without a file, or with one that cannot be read, it is empty. */
export function loadHistory(file: string | null): History {
  return { newestFirst: file === null ? [] : readLines(file).toReversed().slice(0, maxLines), maxLines };
}

function readLines(file: string): readonly string[] {
  try {
    return withHistoryFile(file, 'read', (fd) => readFileSync(fd, 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && line !== libeditHeader);
  } catch {
    // As documented: the shell is as useful without its history.
    return [];
  }
}

/** Writes a history back, readable by its owner alone; a file that cannot be written is left alone. */
export function saveHistory(file: string, history: History): void {
  try {
    const lines = history.newestFirst.toReversed().map((line) => `${line}\n`);
    withHistoryFile(file, 'write', (fd) => {
      writeFileSync(fd, lines.join(''));
    });
  } catch {
    // As documented: nothing is said about it, the session is over.
  }
}
