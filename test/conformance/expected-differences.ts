/**
 * Where an answer differs from the original's on purpose or without harm, with the reason.
 *
 * Each row brings the two answers to what has to be equal.
 */
import type { Expectation } from './corpus.ts';

interface Answers {
  readonly expected: Expectation;
  readonly actual: Expectation;
}

interface Difference {
  readonly reason: string;
  readonly applies: (answers: Answers) => boolean;
  readonly align: (answers: Answers) => Answers;
}

const differences: readonly Difference[] = [
  {
    reason: 'The list of all known names is left out, since it tells every environment variable.',
    applies: ({ expected }) => expected.error?.includes(' Available names: ') === true,
    align: ({ expected, actual }) => ({
      expected: { ...expected, error: (expected.error ?? '').replace(/ Available names: .*$/s, '') },
      actual,
    }),
  },
  {
    reason:
      'Of several unknown event types the original names any, as its sets have no order; here it is the first.',
    applies: ({ expected, actual }) => [expected, actual].every(({ error = '' }) => unknownEvent.test(error)),
    align: ({ expected, actual }) => ({ expected: withoutEvent(expected), actual: withoutEvent(actual) }),
  },
];

const unknownEvent = /^Unknown event type .* in (?=\[.*\] events$)/s;

function withoutEvent(answer: Expectation): Expectation {
  return { ...answer, error: (answer.error ?? '').replace(unknownEvent, 'Unknown event type in ') };
}

/** The answers with all differences of the table taken out. */
export function alignAnswers(expected: Expectation, actual: Expectation): Answers {
  const answers = { expected, actual };
  return differences.reduce<Answers>(
    (aligned, difference) => (difference.applies(aligned) ? difference.align(aligned) : aligned),
    answers,
  );
}
