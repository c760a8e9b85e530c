/** Output of a supervisorctl made comparable: what differs from run to run is taken out, nothing else. */
import { original, ours } from '../../helpers/flavours.ts';
import type { ProgramResult } from '../../helpers/run-program.ts';

const replacements: readonly (readonly [pattern: RegExp, by: string])[] = [
  [/\bpid \d+, uptime (?:\d+ days?, )?\d+:\d\d:\d\d/g, 'pid N, uptime T'],
  // A line that is a process id and nothing else; 0 means that there is none.
  [/^[1-9]\d*$/gm, 'N'],
  [/\b[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M\b/g, 'WHEN'],
  [/: file: \S+ line: \d+$/gm, ': file: F line: L'],
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} /gm, 'TIME '],
  [/\(default "[^"]*"\)/g, '(default)'],
  // Below the original's words, our daemon tells the file and line of each error of a configuration.
  [/(?:\\n|\n)DIR\/\S+:\d+: (?:error|warning): [^\n"]*/g, ''],
  // Commands that the original does not have; `help` lists them apart.
  [/more commands \(type help <topic>\):\n=+\n[^]*?\n\n/g, ''],
];

export function normalize(text: string, directory: string): string {
  let result = text.replaceAll(directory, 'DIR');
  for (const { supervisorctl } of [original, ours]) {
    result = result.replaceAll(supervisorctl, 'CTL');
  }
  for (const [pattern, by] of replacements) {
    result = result.replaceAll(pattern, by);
  }
  return result;
}

export function normalizeResult(result: ProgramResult, directory: string): ProgramResult {
  return {
    stdout: normalize(result.stdout, directory),
    stderr: normalize(result.stderr, directory),
    code: result.code,
  };
}
