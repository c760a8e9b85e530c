/**
 * Runs cases of the probe against the built addon: the released one, the one that closes descriptors one by one, or,
 * for `scripts/native-sanitize.mjs`, the one with sanitizers.
 */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { addonFile, buildAddon, addonIsStale } from '../../../native/build.mjs';
import type { NativeChild, NativeFailure } from '../binding.ts';

type Variant = Parameters<typeof addonFile>[0];

const isSanitized = process.env['NATIVE_TEST_VARIANT'] === 'sanitize';
const run = promisify(execFile);

/** What the case `fail` returns. */
export interface FailedSpawn {
  readonly result: number | NativeFailure;
  readonly reaped: readonly NativeChild[];
}

/** A built probe with a folder of its own; made in `beforeAll`, disposed of in `afterAll`. */
export class Probe {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  #count = 0;

  /** Bundles the probe and builds the addon that is tested, when it is missing. */
  static async create(): Promise<Probe> {
    const probe = new Probe();
    chmodSync(probe.folder, 0o755);
    await build({
      entryPoints: [path.join(import.meta.dirname, 'main.ts')],
      outfile: path.join(probe.folder, 'probe.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    return probe;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Runs one case and returns its result. `launcher` is a command that starts the probe, such as `setpriv ...`. */
  async run<T>(
    name: string,
    parameter: unknown = '',
    { variant, launcher = [] }: { variant?: Variant; launcher?: readonly string[] } = {},
  ): Promise<T> {
    const { result, ...rest } = await this.#start(name, parameter, variant, launcher);
    try {
      const value: T = JSON.parse(readFileSync(result, 'utf8'));
      return value;
    } catch (error) {
      throw new Error(`no result of ${name}: ${JSON.stringify(rest)}`, { cause: error });
    }
  }

  /** Runs one case and returns what it printed. */
  async output(name: string, parameter: string): Promise<{ readonly pid: number; readonly stdout: string }> {
    return this.#start(name, parameter, undefined, []);
  }

  async #start(name: string, parameter: unknown, variant: Variant, launcher: readonly string[]) {
    this.#count += 1;
    const result = path.join(this.folder, `result-${this.#count}`);
    const text = typeof parameter === 'string' ? parameter : JSON.stringify(parameter);
    const script = path.join(this.folder, 'probe.mjs');
    // There before, for a case that becomes a user who cannot make it.
    writeFileSync(result, '');
    chmodSync(result, 0o666);
    const command = [...launcher, process.execPath, script, builtAddon(variant), result, name, text];
    const started = run(command[0] ?? '', command.slice(1), { env: probeEnv() });
    const { stdout, stderr } = await started;
    return { result, stdout, stderr, pid: started.child.pid ?? 0 };
  }
}

function builtAddon(variant: Variant = isSanitized ? 'sanitize' : 'release'): string {
  if (addonIsStale(variant)) {
    const problem = buildAddon(variant);
    if (problem !== null) {
      throw new Error(problem);
    }
  }
  return addonFile(variant);
}

/** An addon with sanitizers needs their run-time library before everything else. */
function probeEnv(): NodeJS.ProcessEnv {
  const env = { ...process.env, NODE_OPTIONS: '' };
  if (!isSanitized) {
    return env;
  }
  const libraries = ['libasan.so', 'libubsan.so'].map((name) =>
    execFileSync('cc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim(),
  );
  // Node itself frees little at its end, so leaks are looked for by growth (case `memory`).
  return {
    ...env,
    LD_PRELOAD: libraries.join(' '),
    ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1:quarantine_size_mb=1',
  };
}
