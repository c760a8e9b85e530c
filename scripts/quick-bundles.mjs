/**
 * Bundles that `bin/launch-quick.js` starts: a script that evaluates to a function, and beside it V8's compiled form.
 */
import { createHash } from 'node:crypto';
import process from 'node:process';
import { inRoot } from './paths.mjs';
import { run, StepFailure } from './run.mjs';

/**
 * What esbuild is told, beyond what all programs' bundles share.
 *
 * @type {import('esbuild').BuildOptions}
 */
export const quickOptions = {
  format: 'cjs',
  // A part that is loaded when it is needed is a function to call; for a real `import()` node loads its module loader.
  supported: { 'dynamic-import': false },
  banner: {
    js:
      '(function (require, file) { const module = { exports: {} }, exports = module.exports,' +
      " bundleUrl = require('node:url').pathToFileURL(file).href;",
  },
  // Of the bundle, by which the addon is found.
  define: { 'import.meta.url': 'bundleUrl' },
  footer: { js: 'return module.exports; })' },
};

/**
 * A bundle with its digest as the last line, by which the compiled form knows it.
 *
 * @param {Uint8Array} script
 */
export function withDigest(script) {
  const digest = createHash('sha256').update(script).digest('hex');
  return Buffer.concat([script, Buffer.from(`\n//sha2:${digest}`)]);
}

/**
 * Writes the compiled form of a bundle, `FILE.cache`.
 *
 * @param {string} file The bundle, below the root.
 * @throws {StepFailure}
 */
export function compileQuick(file) {
  const status = run(process.execPath, ['bin/compile-quick.mjs', inRoot(file)]);
  if (status !== 0) {
    throw new StepFailure(`cannot compile ${file}: see the errors above`);
  }
}
