/**
 * The programs' bundles, each one file in `dist/` that node starts as fast as an empty script, and the status page's
 * files in `dist/web/`.
 */
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

/** What the page's script imports is bundled into it; the others are copied. */
const pageEntries = ['web/main.ts', 'web/main.css', 'web/index.html'];

const inputs = ['src', 'web', 'package.json', 'package-lock.json', 'scripts/bundles.mjs'];

/** Entries whose file exists, as esbuild takes them. */
function presentEntries() {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(inRoot(file))));
}

export function bundlesAreStale() {
  const outputs = [
    ...Object.keys(presentEntries()).map((name) => inRoot('dist', `${name}.mjs`)),
    ...pageEntries.map((name) => inRoot('dist', name.replace(/\.ts$/, '.js'))),
  ];
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
  const programs = await bundle({
    entryPoints: presentEntries(),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
  });
  const page = await bundle({
    entryPoints: pageEntries,
    outdir: 'dist/web',
    platform: 'browser',
    target: 'es2022',
    loader: { '.html': 'copy' },
    minify: true,
  });
  // Maps first: a bundle never names a map that is not there yet.
  const files = [...page, ...programs].toSorted((a, b) => b.path.length - a.path.length);
  for (const file of files) {
    mkdirSync(path.dirname(file.path), { recursive: true });
    replaceFile(file.path, file.contents);
  }
  const sizes = files
    .filter((file) => !file.path.endsWith('.map'))
    .map(
      (file) => `${path.relative(inRoot('dist'), file.path)} ${Math.ceil(file.contents.length / 1024)} kB`,
    );
  process.stdout.write(`Built ${sizes.join(', ')}\n`);
}

/**
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<readonly import('esbuild').OutputFile[]>}
 */
async function bundle(options) {
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    legalComments: 'eof',
    logLevel: 'warning',
    ...options,
  }).catch((/** @type {Error} */ error) => {
    throw new StepFailure('cannot build the bundles: see the errors above', { cause: error });
  });
  return result.outputFiles ?? [];
}
