/** Problems of a configuration, worded for people. */
import type { Problem } from './problems.ts';

/** One problem for a person: `file:line: error: message; expected ...`. */
export function problemText(problem: Problem, configFile: string): string {
  const place = [problem.file ?? configFile, ...(problem.line === null ? [] : [String(problem.line)])].join(
    ':',
  );
  const expected = problem.expected === null ? '' : `; expected ${problem.expected}`;
  return `${place}: ${problem.severity}: ${problem.message}${expected}`;
}

/** The first error alone on the first line, as clients of the original expect it; then all errors with their places. */
export function describeProblems(problems: readonly [Problem, ...Problem[]], configFile: string): string {
  const errors = problems.filter(({ severity, file }) => severity === 'error' && file !== null);
  return [problems[0].message, ...errors.map((problem) => problemText(problem, configFile))].join('\n');
}
