/** Running a TypeScript program of this repository that is no part of the package: built into `dist/`, then called. */
import { pathToFileURL } from 'node:url';
import { inRoot, root } from './paths.mjs';
import { setup } from './setup.mjs';

/**
 * Sets up what is missing, bundles `FOLDER/main.ts` and calls its `main`.
 *
 * @param {string} folder In the root.
 * @param {readonly string[]} args
 * @returns {Promise<number>} The exit code.
 */
export async function runBundledMain(folder, args) {
  await setup();
  // Two folders below the root, as `test/helpers/` is, so that its files find the launchers from there too.
  const outfile = inRoot('dist', folder, 'main.mjs');
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: [`${folder}/main.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  /** @type {{ main: (args: readonly string[]) => Promise<number> }} */
  const { main } = await import(pathToFileURL(outfile).href);
  return main(args);
}
