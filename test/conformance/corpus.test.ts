/** B1 to B11 against the recorded answers of the original; see corpus/README.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { assumedWorld } from '../../src/config/assumed-world.ts';
import { dumpConfig } from '../../src/config/dump.ts';
import { loadSettings } from '../../src/config/load.ts';
import { configFile, fileCases, mistakeCases, type CorpusCase, type Expectation } from './corpus.ts';
import { alignAnswers } from './expected-differences.ts';
import { assumptions, machine } from './memory-world.ts';

const top = mkdtempSync(join(tmpdir(), 'sv-'));
afterAll(() => {
  rmSync(top, { recursive: true });
});

function answer(corpusCase: CorpusCase): Expectation {
  const root = mkdtempSync(join(top, 'r'));
  corpusCase.layOut(root);
  const world = assumedWorld({ ...assumptions, env: corpusCase.env, root }, machine);
  const dump = dumpConfig(loadSettings({ configFile, world }), { labelOf: world.labelOf });
  return JSON.parse(dump.text) as Expectation;
}

describe.each([
  ['real files', fileCases('configs')],
  ['edge files', fileCases('edge')],
  ['one mistake each', mistakeCases()],
])('B1 to B11: %s', (_kind, cases) => {
  it.each(cases.map((corpusCase) => [corpusCase.name, corpusCase] as const))('%s', (_name, corpusCase) => {
    const { expected, actual } = alignAnswers(corpusCase.expected, answer(corpusCase));
    // One row is accepted by surprise, and recorded only in part.
    const fields = Object.keys('http_servers' in expected || !expected.ok ? actual : expected);
    expect(Object.fromEntries(fields.map((field) => [field, actual[field]]))).toEqual(expected);
  });
});
