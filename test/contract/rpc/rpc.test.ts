/** The same calls on the original and on ours, made by Python's own client. */
import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { original, ours, type Flavour } from '../../helpers/flavours.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { askPython } from './ask-python.ts';
import { calls, programs } from './calls.ts';
import { normalizeAnswer } from './normalize.ts';

const missing = original.supervisordMissing ?? ours.supervisordMissing;

/** The normalized answers of one daemon, which ends with the last call. */
async function tell(sandbox: Sandbox, flavour: Flavour): Promise<readonly unknown[]> {
  const config = writeConfig(sandbox, programs);
  const daemon = await startDaemon(sandbox, flavour, config);
  await daemon.output.match(/success: cat entered RUNNING state/);
  const answers = await askPython(sandbox, config.api.socketPath, calls);
  await daemon.ended;
  return answers.map((answer) => normalizeAnswer(answer, sandbox.directory));
}

describe.skipIf(missing !== null)(
  `XML-RPC answers${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    scenarioTest('B18: every call is answered as by the original', async ({ sandbox }) => {
      const second = new Sandbox();
      try {
        const expected = await tell(sandbox, original);
        const answers = await tell(second, ours);
        expect(label(answers)).toEqual(label(expected));
      } finally {
        await second.close();
      }
    });
  },
);

/** Each answer beside its call, so that a difference says which it is. */
function label(answers: readonly unknown[]): readonly unknown[] {
  return answers.map((answer, index) => [index, ...(calls[index] ?? []), answer]);
}
