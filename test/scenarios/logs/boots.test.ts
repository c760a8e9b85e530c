/**
 * Fifty programs that speak, end and are restarted from the first moment of a daemon on, while clients call and a
 * processor is busy: every line is in its own log, once and in order. `npm run soak -- --boots 2000` does the same for hours.
 */
import { describe, expect, it } from 'vitest';

import { boots } from '../../helpers/boots/storm.ts';
import { compilerReason } from '../../helpers/c-program.ts';
import { ours } from '../../helpers/flavours.ts';

const count = process.env['CI'] === 'true' ? 50 : 5;

/** Processors that are kept busy: not all, as other tests need them. */
const busy = 1;

const reason = ours.supervisordMissing ?? compilerReason;

describe.skipIf(reason !== null)(`boots${reason === null ? '' : ` (${reason})`}`, () => {
  it('have every line of every program in its own log, once and in order', { timeout: 600_000 }, async () => {
    let done = 0;
    const problems = await boots(count, busy, () => {
      done += 1;
    });
    expect(problems).toEqual([]);
    expect(done).toBe(count);
  });
});
