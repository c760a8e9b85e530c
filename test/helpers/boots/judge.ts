/** Whether a log holds every line of its programs, once and in order, and nothing else. */
import type { Stream } from './programs.ts';

/** A stream whose lines are in the log. */
export interface Source {
  readonly program: string;
  readonly stream: Stream;
  /** Lines that were said. */
  readonly said: number;
  /** How many of them may be missing at the beginning, since the log was cleared; 0 where it never was. */
  readonly cleared: number;
}

/** A line as numbered.c writes it, without its end. */
export function lineOf(program: string, stream: Stream, number: number): string {
  return `${program} ${stream} ${number} ${'x'.repeat((number * 7) % 61)}`;
}

/** What is wrong with a log, as sentences. `text` is all of it, backups first. */
export function judgeLog(log: string, text: string, sources: readonly Source[]): readonly string[] {
  const lines = text.split('\n');
  const problems: string[] = [];
  if (lines.pop() !== '') {
    problems.push(`${log} ends within a line: ${excerpt(text.slice(-200))}`);
  }
  // A log is cleared between two bytes, not between two lines.
  if (sources.some(({ cleared }) => cleared > 0) && !isLineOf(sources, lines[0])) {
    lines.shift();
  }
  const numbers = new Map(sources.map((source) => [source, new Array<number>()]));
  for (const [index, line] of lines.entries()) {
    const owner = sources.find((source) => isOwn(source, line));
    if (owner === undefined) {
      problems.push(`${log}:${index + 1} is nobody's line: ${excerpt(line)}`);
    } else {
      numbers.get(owner)?.push(numberOf(line));
    }
  }
  for (const [source, found] of numbers) {
    problems.push(...judgeNumbers(log, source, found));
  }
  return problems;
}

function isLineOf(sources: readonly Source[], line: string | undefined): boolean {
  return line === undefined || sources.some((source) => isOwn(source, line));
}

function isOwn({ program, stream }: Source, line: string): boolean {
  return line === lineOf(program, stream, numberOf(line));
}

/** The number of what may be a line; NaN where there is none. */
function numberOf(line: string): number {
  return Number(line.split(' ')[2]);
}

/** They have to end with the last that was said, and begin with the first that cannot have been cleared, or before. */
function judgeNumbers(log: string, source: Source, found: readonly number[]): readonly string[] {
  const { program, stream, said, cleared } = source;
  const first = found[0] ?? said + 1;
  const expected = Array.from({ length: said + 1 - first }, (_, index) => first + index);
  const whose = `${log}: ${program} ${stream}`;
  const wrong = expected.findIndex((number, index) => found[index] !== number);
  if (wrong !== -1 || found.length !== expected.length) {
    const at = wrong === -1 ? expected.length : wrong;
    const around = found.slice(Math.max(0, at - 2), at + 3).join(' ');
    return [
      `${whose}: where ${expected[at] ?? 'the end'} should be of ${said} there is ${around || 'the end'}`,
    ];
  }
  if (first > cleared + 1) {
    return [`${whose}: begins with ${first}, though at most ${cleared} were cleared`];
  }
  return [];
}

function excerpt(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
