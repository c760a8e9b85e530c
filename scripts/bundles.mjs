/**
 * The programs' bundles, each one file in `dist/` that node starts as fast as an empty script, and the status page's
 * files in `dist/web/`.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { bundleFiles, pageEntries, presentEntries, quickEntries } from './bundle-files.mjs';
import { filesUnder, isStale } from './freshness.mjs';
import { noticesFile } from './notices.mjs';
import { inRoot } from './paths.mjs';
import { compileQuick } from './quick-bundles.mjs';
import { runTool, StepFailure } from './run.mjs';

/** Types of the modules for other packages, and of what has nothing but types, as `tsconfig.types.json` makes them. */
const declarations = ['client/index.d.ts', 'listener/listener.d.ts', 'plugin/plugin.d.ts'];

const inputs = [
  'src',
  'web',
  'package.json',
  'package-lock.json',
  'tsconfig.types.json',
  'bin/compile-quick.mjs',
  'scripts/bundles.mjs',
  'scripts/bundle-files.mjs',
  'scripts/notices.mjs',
  'scripts/licences',
  'scripts/quick-bundles.mjs',
];

export function bundlesAreStale() {
  const outputs = [
    ...Object.keys(presentEntries()).map((name) => inRoot('dist', `${name}.mjs`)),
    ...Object.keys(quickEntries).flatMap((name) => [
      inRoot('dist', `${name}.js`),
      inRoot('dist', `${name}.js.cache`),
    ]),
    ...pageEntries.map((name) => inRoot('dist', name.replace(/\.tsx$/, '.js'))),
    ...declarations.map((name) => inRoot('dist', 'types', name)),
    inRoot('dist', noticesFile),
    inRoot('dist', 'web', noticesFile),
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
  const built = await bundleFiles();
  // Maps first: a bundle never names a map that is not there yet.
  const files = built.files.toSorted((a, b) => b.path.length - a.path.length);
  for (const file of files) {
    mkdirSync(path.dirname(file.path), { recursive: true });
    replaceFile(file.path, file.contents);
  }
  for (const name of Object.keys(quickEntries)) {
    compileQuick(path.join('dist', `${name}.js`));
  }
  removeOthers(inRoot('dist', 'web'), new Set(built.page.map((file) => file.path)));
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
