/** What every other script needs first: packages, addon and bundles, each made only when missing or stale. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { addonIsStale, buildAddon, prebuiltFile } from '../native/build.mjs';
import { buildBundles, bundlesAreStale } from './bundles.mjs';
import { installPackages } from './install.mjs';
import { StepFailure } from './run.mjs';

/**
 * Builds the addon. Where that cannot be done, the one that came with the package will do.
 *
 * @throws {StepFailure} When there is neither.
 */
export function buildNative() {
  const problem = buildAddon();
  if (problem === null) {
    return;
  }
  if (!existsSync(prebuiltFile)) {
    throw new StepFailure(problem);
  }
  process.stderr.write(`${problem}; using ${prebuiltFile}\n`);
}

/** @throws {StepFailure} */
export async function setup() {
  installPackages();
  if (addonIsStale()) {
    buildNative();
  }
  if (bundlesAreStale()) {
    await buildBundles();
  }
}
