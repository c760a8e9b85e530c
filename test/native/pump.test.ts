import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildPumpTest, canBuildPumpTest } from '../../native/test/build.mjs';

/** About ten seconds each on an idle machine. More by hand: `PUMP_ROUNDS=100000 PUMP_KILLS=5000 PUMP_SEED=1`. */
const rounds = process.env['PUMP_ROUNDS'] ?? '1500';
const exactRounds = String(Math.ceil(Number(rounds) / 3));
const kills = process.env['PUMP_KILLS'] ?? '200';
const seed = process.env['PUMP_SEED'] ?? String(Date.now());
const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
const limitMs = 300_000 + 100 * (Number(rounds) + Number(kills));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the program of tests: its exit code and all it said, reports of the sanitizer among it. */
async function run(program: string, args: readonly string[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(program, args, {
    env: { ...process.env, TSAN_OPTIONS: 'halt_on_error=1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, said: out + errors };
}

describe.each(['address', 'thread'] as const)('the pump with the %s sanitizer', (variant) => {
  const canBuild = canBuildPumpTest(variant);
  const program = path.join(folder, variant);

  beforeAll(() => {
    if (canBuild) {
      expect(buildPumpTest(variant, program)).toBeNull();
    }
  });

  it.skipIf(!canBuild).each([
    ['paces pipes by how fast they fill', ['pace'], 'pace: 7 rates'],
    ['holds a file whose write fails or hangs, and no other', ['lane'], 'lane: rest'],
    ['finds in a file what a write that was cut short has left there', ['find'], 'find: 12 cases'],
    ['does what the model does, whatever the order', ['model', rounds, seed], `model: ${rounds} rounds`],
    ['does so in exact mode', ['exact-model', exactRounds, seed], `model: ${exactRounds} rounds`],
  ])(
    '%s (needs cc and the library of the sanitizer)',
    async (_what, args, expected) => {
      const { code, said } = await run(program, args);
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(expected) });
    },
    limitMs,
  );
});

describe('the pump in exact mode', () => {
  const canBuild = canBuildPumpTest('plain');

  it.skipIf(!canBuild)(
    'has every byte once and in order, however often it is killed (needs cc)',
    async () => {
      const program = path.join(folder, 'plain');
      expect(buildPumpTest('plain', program)).toBeNull();
      const { code, said } = await run(program, ['kill', kills, seed]);
      expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(`kill: ${kills} kills`) });
    },
    limitMs,
  );
});
