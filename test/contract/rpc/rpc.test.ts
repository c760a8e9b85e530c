/** The same calls on the original and on ours, made by Python's own client. */
import { describe, expect, it } from 'vitest';

import * as argumentGrid from './arguments.ts';
import type { PythonAnswer } from './ask-python.ts';
import { askBoth, reasonAgainst, type Answered } from './both-daemons.ts';
import { calls, programs, type Call } from './calls.ts';
import { normalizeAnswer } from './normalize.ts';

/** Differences that are decisions, see docs/differences.md; everything else is to be the same. */
function isByDecision({ call: [method], original, ours }: Answered): boolean {
  const wrong = { fault: [2, 'INCORRECT_PARAMETERS'] };
  if (isHttpError(original)) {
    // There something in its program failed, or a text was no UTF-8; here it is refused, or taken.
    return !isHttpError(ours);
  }
  return (
    (method === 'supervisor.addProcessGroup' || method === 'system.multicall') &&
    JSON.stringify(ours) === JSON.stringify(wrong)
  );
}

/** Its program ignores what is to stop it. */
const held = `
[program:run]
command=/bin/sh -c 'trap "" TERM; exec sleep 1000'
startsecs=1
stopwaitsecs=3600
`;

function isHttpError(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'http' in answer;
}

/** Texts that are our own, and what depends on the run. */
function comparable(answer: PythonAnswer, directory: string, [method]: Call): unknown {
  if ('value' in answer) {
    switch (method) {
      case 'supervisor.getPID':
      case 'supervisor.getSupervisorVersion':
      case 'system.methodHelp':
        return { value: typeof answer.value };
      case 'supervisor.readLog':
      case 'supervisor.readMainLog':
        // Failures of its own program are in its log, too.
        return { value: String(answer.value).slice(0, 10) };
      default:
    }
  }
  return normalizeAnswer(answer, directory);
}

const title = 'XML-RPC answers';

describe.skipIf(reasonAgainst !== null)(
  reasonAgainst === null ? title : `${title} (skipped: ${reasonAgainst})`,
  () => {
    it('B18: a story of calls is answered as by the original', async () => {
      const answered = await askBoth({
        programs,
        ready: /success: cat entered RUNNING state/,
        calls,
        normalize: normalizeAnswer,
      });
      // Each answer beside its call, so that a difference says which it is.
      expect(answered.map(({ call, ours }) => [...call, ours])).toEqual(
        answered.map(({ call, original }) => [...call, original]),
      );
    });

    it.each(['shutdown', 'restart'])('B18.5: every method is answered so during a %s', async (way) => {
      const answered = await askBoth({
        programs: held,
        ready: /success: run entered RUNNING state/,
        calls: [[`supervisor.${way}`], ...argumentGrid.fittingCalls],
        isHeldUp: true,
        normalize: comparable,
      });
      expect(answered.map(({ call, ours }) => [...call, ours])).toEqual(
        answered.map(({ call, original }) => [...call, original]),
      );
      const refused = answered.filter(
        ({ ours }) => JSON.stringify(ours) === '{"fault":[6,"SHUTDOWN_STATE"]}',
      );
      // All but those of `system`, and the one that publishes an event.
      expect(refused).toHaveLength(36);
    });

    it('B18.2, B18.4: every method is answered so, whatever its arguments', async () => {
      const answered = await askBoth({
        programs: argumentGrid.programs,
        ready: /success: run entered RUNNING state/,
        calls: argumentGrid.calls,
        normalize: comparable,
      });
      expect(argumentGrid.methodNames).toHaveLength(41);
      const different = answered.filter(
        (one) => JSON.stringify(one.ours) !== JSON.stringify(one.original) && !isByDecision(one),
      );
      expect(different).toEqual([]);
    });
  },
);
