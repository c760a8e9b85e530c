/** The programs' bundles: each is one file in `dist/` that node starts as fast as an empty script. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { isStale } from './freshness.mjs';
import { inRoot, root } from './paths.mjs';
import { StepFailure } from './run.mjs';

/** Bundle name to the entry file that exports its `main`. */
const entries = {
  supervisord: 'src/daemon/main.ts',
  supervisorctl: 'src/cli/main.ts',
  echo_supervisord_conf: 'src/config/echo-main.ts',
  pidproxy: 'src/daemon/pidproxy.ts',
};

const inputs = ['src', 'package.json', 'package-lock.json', 'scripts/bundles.mjs'];

/** Entries whose file exists, as esbuild takes them. */
function presentEntries() {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(inRoot(file))));
}

export function bundlesAreStale() {
  const outputs = Object.keys(presentEntries()).map((name) => inRoot('dist', `${name}.mjs`));
  return isStale(
    outputs,
    inputs.map((input) => inRoot(input)),
  );
}

/**
 * Replaces a file in one step, so that a program starting meanwhile reads the old or the new one.
 *
 * @param {string} file
 * @param {Uint8Array} contents
 */
function replaceFile(file, contents) {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
}

/** Builds every bundle; prints their names and sizes. */
export async function buildBundles() {
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: presentEntries(),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    legalComments: 'eof',
    logLevel: 'warning',
  }).catch((/** @type {Error} */ error) => {
    throw new StepFailure('cannot build the bundles: see the errors above', { cause: error });
  });
  mkdirSync(inRoot('dist'), { recursive: true });
  // Maps first: a bundle never names a map that is not there yet.
  const files = result.outputFiles.toSorted((a, b) => b.path.length - a.path.length);
  for (const file of files) {
    replaceFile(file.path, file.contents);
  }
  const sizes = files
    .filter((file) => file.path.endsWith('.mjs'))
    .map((file) => `${path.basename(file.path)} ${Math.ceil(file.contents.length / 1024)} kB`);
  process.stdout.write(`Built ${sizes.join(', ')}\n`);
}
