/** B1 to B11: made-up configurations mean the same here and to the original. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dumpConfig } from '../../src/config/dump.ts';
import { loadSettings } from '../../src/config/load.ts';
import { configFile, type Expectation } from './corpus.ts';
import { differenceFor } from './expected-differences.ts';
import { memoryWorld, type Files } from './memory-world.ts';
import { hasOriginal, originalNote, startOriginal, type Original } from './original.ts';
import { configurations } from './texts.ts';

const numRuns = Number(process.env['CONFORMANCE_CASES'] ?? 2000);

function ours(files: Files, env: Readonly<Record<string, string>>): Expectation {
  const world = memoryWorld(files, env);
  return JSON.parse(dumpConfig(loadSettings({ configFile, world }), world.labelOf).text) as Expectation;
}

async function theirs(
  original: Original,
  files: Files,
  env: Readonly<Record<string, string>>,
): Promise<Expectation> {
  const encoded = Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]);
  return (await original.ask({
    files: Object.fromEntries(encoded),
    env,
    config_file: configFile,
  })) as Expectation;
}

describe.skipIf(!hasOriginal)(`B1 to B11: made-up configurations${originalNote}`, () => {
  let original: Original;
  beforeAll(() => {
    original = startOriginal();
  });
  afterAll(() => original.close());

  it(
    'mean the same to the original',
    async () => {
      const seen = { accepted: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(configurations, async ({ files, env }) => {
          const expected = await theirs(original, files, env);
          const actual = ours(files, env);
          seen[expected.ok ? 'accepted' : 'refused'] += 1;
          const difference = differenceFor(expected, actual);
          expect(difference.actual).toEqual(difference.expected);
        }),
        { numRuns },
      );
      // Neither kind may die out, or the comparison is worth little.
      expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(numRuns / 10);
    },
    numRuns * 50 + 60_000,
  );
});
