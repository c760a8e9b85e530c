/**
 * `supervisord --dump-config` and `supervisord --check`: what a configuration means, without starting anything.
 */
import { assumedWorld, parseAssumptions } from './assumed-world.ts';
import { checkConfig } from './check/check.ts';
import { dumpConfig } from './dump.ts';
import type { DaemonOverrides } from './load/daemon.ts';
import { loadSettings } from './load.ts';
import { findConfigFile } from './search.ts';
import type { World } from './world.ts';

export interface Inspection {
  readonly mode: 'dump-config' | 'check';
  /** Null: search for one. */
  readonly configFile: string | null;
  readonly overrides: DaemonOverrides;
  readonly json: boolean;
  readonly strict: boolean;
  /** The dump tells where values come from, and masks what looks like a secret. */
  readonly origins: boolean;
  /** Nothing is masked. */
  readonly showSecrets: boolean;
  /** File that describes the machine to assume; null: the real one. */
  readonly assume: string | null;
}

export type InspectionResult =
  | { readonly ok: true; readonly stdout: string; readonly exitCode: 0 | 1 | 2 }
  /** The inspection itself cannot be done; the message belongs behind "Error: ". */
  | { readonly ok: false; readonly message: string };

/**
 * Inspects the configuration.
 *
 * @param program Path of the launcher, for the search.
 */
export function inspectConfig(inspection: Inspection, real: World, program: string): InspectionResult {
  const { assume, overrides } = inspection;
  const assumptions = assume === null ? null : readAssumptions(assume, real);
  if (assumptions !== null && !assumptions.ok) {
    return assumptions;
  }
  const assumed = assumptions === null ? null : assumedWorld(assumptions.value, real);
  const world = assumed ?? real;
  const search = inspection.configFile === null ? findConfigFile(world, program) : null;
  if (search?.ok === false) {
    return search;
  }
  const configFile = inspection.configFile ?? search?.configFile ?? '';
  if (inspection.mode === 'check') {
    const { json, strict } = inspection;
    const report = checkConfig({ configFile, overrides, world, json, strict });
    return { ok: true, stdout: report.text, exitCode: report.exitCode };
  }
  const { origins, showSecrets } = inspection;
  const dump = dumpConfig(loadSettings({ configFile, overrides, world }), {
    ...(assumed === null ? {} : { labelOf: assumed.labelOf }),
    origins,
    secrets: origins && !showSecrets ? 'masked' : 'shown',
    overrides,
  });
  return { ok: true, stdout: dump.text, exitCode: dump.exitCode };
}

function readAssumptions(file: string, real: World): ReturnType<typeof parseAssumptions> {
  const content = real.readFile(file);
  return content.ok
    ? parseAssumptions(new TextDecoder().decode(content.bytes), file)
    : { ok: false, message: `cannot read ${file}` };
}
