/** What every other script needs first: packages, addon and bundles, each made only when missing or stale. */
import { addonIsStale, buildAddon } from '../native/build.mjs';
import { buildBundles, bundlesAreStale } from './bundles.mjs';
import { installPackages } from './install.mjs';
import { StepFailure } from './run.mjs';

/** Builds the addon. @throws {StepFailure} */
export function buildNative() {
  const problem = buildAddon();
  if (problem !== null) {
    throw new StepFailure(problem);
  }
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
