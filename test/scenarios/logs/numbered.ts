/** Output that tells what is missing: lines with the numbers from 1 on, as `seq` writes them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Sandbox } from '../../helpers/sandbox.ts';

/** What `seq last` writes. */
export function numbered(last: number): string {
  return Array.from({ length: last }, (_, index) => `${index + 1}\n`).join('');
}

/**
 * A command that writes the numbers from 1 to `rounds * linesEach`, a burst at a time, so that there is time for
 * something to happen meanwhile. Before the last burst it makes the file `lastBurst` and waits for a line.
 */
export function bursts(sandbox: Sandbox, rounds: number, linesEach: number, lastBurst: string): string {
  const script = `round=0
while [ $round -lt ${rounds} ]; do
  if [ $round -eq ${rounds - 1} ]; then
    : > ${lastBurst}
    read line
  fi
  seq $((round * ${linesEach} + 1)) $(((round + 1) * ${linesEach}))
  round=$((round + 1))
  sleep 0.005
done
`;
  return `/bin/sh ${sandbox.write('bursts.sh', script)}`;
}

/** Contents of the files of a log and what became of it: all below the sandbox whose name begins so. */
export function logFiles(sandbox: Sandbox, name: string): readonly string[] {
  return readdirSync(sandbox.directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file).startsWith(name))
    .map((file) => readFileSync(sandbox.path(file), 'latin1'));
}

export interface Piece {
  readonly start: number;
  readonly end: number;
}

/**
 * Which part of numbered output each file holds, in order. A file may begin and end within a line, as a rotation
 * comes after a read.
 *
 * @throws when a file holds anything else, or less than a line.
 */
export function piecesOf(output: string, files: readonly string[]): readonly Piece[] {
  return files
    .filter((content) => content !== '')
    .map((content) => {
      const firstLine = content.startsWith('1\n') ? 0 : content.indexOf('\n') + 1;
      const line = content.slice(firstLine, content.indexOf('\n', firstLine) + 1);
      const start = line === '1\n' ? 0 : output.indexOf(`\n${line}`) + 1 - firstLine;
      const end = start + content.length;
      if (line === '' || output.slice(start, end) !== content) {
        throw new Error(`no part of the output: ${JSON.stringify(content.slice(0, 100))}...`);
      }
      return { start, end };
    })
    .toSorted((a, b) => a.start - b.start);
}
