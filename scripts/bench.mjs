/** `npm run bench`: sets up what is missing, then runs the benchmarks; arguments choose some by name. */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { inRoot, root } from './paths.mjs';
import { runScript } from './run.mjs';
import { setup } from './setup.mjs';

/** Two folders below the root, as `test/helpers/` is, so that its files find the launchers from there too. */
const outfile = inRoot('dist', 'bench', 'main.mjs');

await runScript(async () => {
  await setup();
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ['bench/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  /** @type {typeof import('../bench/main.ts')} */
  const { main } = await import(pathToFileURL(outfile).href);
  return main(process.argv.slice(2));
});
