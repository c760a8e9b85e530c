/** B1 to B11: made-up configurations mean the same here and to the original. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dumpConfig } from '../../src/config/dump.ts';
import { loadClientSettings } from '../../src/config/load-client.ts';
import type { DaemonOverrides } from '../../src/config/load/daemon.ts';
import { loadSettings } from '../../src/config/load.ts';
import { parseCommandLine } from '../../src/daemon/command-line.ts';
import { configFile, type Expectation } from './corpus.ts';
import { alignAnswers } from './expected-differences.ts';
import { memoryWorld, type Files } from './memory-world.ts';
import { hasOriginal, originalNote, startOriginal, type Original } from './original.ts';
import { clientConfigurations, commandLines, configurations } from './texts.ts';

const numRuns = Number(process.env['CONFORMANCE_CASES'] ?? 2000);

type Environment = Readonly<Record<string, string>>;

function ours(files: Files, env: Environment, overrides: DaemonOverrides = {}): Expectation {
  const world = memoryWorld(files, env);
  const result = loadSettings({ configFile, world, overrides });
  return JSON.parse(dumpConfig(result, { labelOf: world.labelOf }).text) as Expectation;
}

function oursWithArguments(files: Files, env: Environment, args: readonly string[]): Expectation {
  const result = parseCommandLine(['-c', configFile, ...args], memoryWorld(files, env));
  if (!result.ok) {
    return { ok: false, error: result.message };
  }
  const { mode, overrides } = result.commandLine;
  return mode === 'run' ? ours(files, env, overrides) : { ok: false, error: mode };
}

function oursAsClient(files: Files, env: Environment): Expectation {
  const result = loadClientSettings({ configFile, world: memoryWorld(files, env) });
  if (!result.ok) {
    return { ok: false, error: result.problems[0].message };
  }
  const { serverUrl, username, password, prompt, historyFile } = result.settings;
  return {
    ok: true,
    supervisorctl: { serverurl: serverUrl, username, password, prompt, history_file: historyFile },
  };
}

async function theirs(
  original: Original,
  files: Files,
  env: Environment,
  more: { readonly args?: readonly string[]; readonly client?: boolean } = {},
): Promise<Expectation> {
  const encoded = Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]);
  const request = { files: Object.fromEntries(encoded), env, config_file: configFile, ...more };
  return (await original.ask(request)) as Expectation;
}

function expectSame(expected: Expectation, actual: Expectation): void {
  const aligned = alignAnswers(expected, actual);
  expect(aligned.actual).toEqual(aligned.expected);
}

/** The original forgets what was written on the command line once it has the absolute path. */
function withoutWritten(answer: Expectation): Expectation {
  const {
    logfile: _logfile,
    pidfile: _pidfile,
    ...rest
  } = (answer['supervisord'] ?? {}) as Record<string, unknown>;
  return answer.ok ? { ...answer, supervisord: rest } : answer;
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
          expectSame(expected, actual);
        }),
        { numRuns },
      );
      // Neither kind may die out, or the comparison is worth little.
      expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(numRuns / 10);
    },
    numRuns * 50 + 60_000,
  );

  it(
    'B12: so do made-up command lines',
    async () => {
      const files = { [configFile]: new Uint8Array(Buffer.from('[supervisord]\nloglevel=warn\n')) };
      const env = { HOME: '/root' };
      await fc.assert(
        fc.asyncProperty(commandLines, async (args) => {
          const expected = await theirs(original, files, env, { args });
          expectSame(withoutWritten(expected), withoutWritten(oursWithArguments(files, env, args)));
        }),
        { numRuns },
      );
    },
    numRuns * 50 + 60_000,
  );

  it(
    'B6: so does what made-up configurations say to the client',
    async () => {
      await fc.assert(
        fc.asyncProperty(clientConfigurations, async ({ files, env }) => {
          const { crash, ...expected } = await theirs(original, files, env, { client: true });
          // What the original dies of is at least refused, in the same words.
          expect(typeof crash === 'string' ? expected.ok : false).toBe(false);
          expectSame(expected, oursAsClient(files, env));
        }),
        { numRuns },
      );
    },
    numRuns * 50 + 60_000,
  );
});
