/**
 * The programs' bundles, each one file in `dist/` that node starts as fast as an empty script, and the status page's
 * files in `dist/web/`.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { filesUnder, isStale } from './freshness.mjs';
import { inRoot, root } from './paths.mjs';
import { compileQuick, quickOptions, withDigest } from './quick-bundles.mjs';
import { runTool, StepFailure } from './run.mjs';

/** Bundle name to the entry file that exports its `main`. */
const entries = {
  supervisord: 'src/daemon/main.ts',
  echo_supervisord_conf: 'src/config/echo-main.ts',
  pidproxy: 'src/daemon/pidproxy.ts',
};

/** Modules that other packages import, by the name behind that of the package. */
const libraries = { client: 'src/client/index.ts', listener: 'src/listener/listener.ts' };

/** Types of the modules above, and of what has nothing but types, as `tsconfig.types.json` makes them. */
const declarations = ['client/index.d.ts', 'listener/listener.d.ts', 'plugin/plugin.d.ts'];

/** The same, of programs that are started often and end at once. */
const quickEntries = { supervisorctl: 'src/cli/main.ts' };

/** What the page's script and style sheet import is bundled into them; the others are copied. */
const pageEntries = ['web/main.tsx', 'web/main.css', 'web/index.html', 'web/icon.svg'];

const inputs = [
  'src',
  'web',
  'package.json',
  'package-lock.json',
  'tsconfig.types.json',
  'scripts/bundles.mjs',
  'scripts/quick-bundles.mjs',
];

/** Entries whose file exists, as esbuild takes them. */
function presentEntries() {
  const all = Object.entries({ ...entries, ...libraries });
  return Object.fromEntries(all.filter(([, file]) => existsSync(inRoot(file))));
}

export function bundlesAreStale() {
  const outputs = [
    ...Object.keys(presentEntries()).map((name) => inRoot('dist', `${name}.mjs`)),
    ...Object.keys(quickEntries).flatMap((name) => [
      inRoot('dist', `${name}.js`),
      inRoot('dist', `${name}.js.cache`),
    ]),
    ...pageEntries.map((name) => inRoot('dist', name.replace(/\.tsx$/, '.js'))),
    ...declarations.map((name) => inRoot('dist', 'types', name)),
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

/** @type {import('esbuild').BuildOptions} */
const programOptions = { outdir: 'dist', platform: 'node', target: 'node20', sourcemap: 'linked' };

/**
 * Removes what an earlier build has left in a folder, since everything in it is served.
 *
 * @param {string} folder
 * @param {ReadonlySet<string>} files
 */
function removeOthers(folder, files) {
  for (const file of filesUnder(folder)) {
    if (!files.has(file)) {
      rmSync(file);
    }
  }
}

/** Builds every bundle; prints their names and sizes. */
export async function buildBundles() {
  const programs = await bundle({
    ...programOptions,
    entryPoints: presentEntries(),
    outExtension: { '.js': '.mjs' },
  });
  const quick = await bundle({ ...programOptions, ...quickOptions, entryPoints: quickEntries });
  const page = await bundle({
    entryPoints: pageEntries,
    outdir: 'dist/web',
    platform: 'browser',
    target: 'es2022',
    loader: { '.html': 'copy', '.svg': 'copy' },
    minify: true,
    // What is imported on demand is a file of its own. Its name stays the same from build to build, so that a page
    // which is open while the daemon is upgraded finds it.
    splitting: true,
    chunkNames: '[name]',
    tsconfig: 'web/tsconfig.json',
  });
  // Maps first: a bundle never names a map that is not there yet.
  const files = [...page, ...programs, ...quick.map(withOwnDigest)].toSorted(
    (a, b) => b.path.length - a.path.length,
  );
  for (const file of files) {
    mkdirSync(path.dirname(file.path), { recursive: true });
    replaceFile(file.path, file.contents);
  }
  for (const name of Object.keys(quickEntries)) {
    compileQuick(path.join('dist', `${name}.js`));
  }
  removeOthers(inRoot('dist', 'web'), new Set(page.map((file) => file.path)));
  if (runTool('typescript/bin/tsc', ['-p', 'tsconfig.types.json']) !== 0) {
    throw new StepFailure('cannot write the types of the modules for other packages: see the errors above');
  }
  const sizes = files
    .filter((file) => !file.path.endsWith('.map'))
    .map(
      (file) => `${path.relative(inRoot('dist'), file.path)} ${Math.ceil(file.contents.length / 1024)} kB`,
    );
  process.stdout.write(`Built ${sizes.join(', ')}\n`);
}

/**
 * @param {import('esbuild').OutputFile} file
 * @returns {Pick<import('esbuild').OutputFile, 'path' | 'contents'>}
 */
function withOwnDigest(file) {
  return file.path.endsWith('.js') ? { path: file.path, contents: withDigest(file.contents) } : file;
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
