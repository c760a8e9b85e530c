/**
 * What the build puts into `dist/`, in memory: the programs' bundles, the page's files, and the notices of the packages that
 * are in them. The same sources give the same bytes.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { noticesFile, noticesOf } from './notices.mjs';
import { inRoot, root } from './paths.mjs';
import { quickOptions, withDigest } from './quick-bundles.mjs';
import { StepFailure } from './run.mjs';

/** Bundle name to the entry file that exports its `main`. */
const entries = {
  supervisord: 'src/daemon/main.ts',
  echo_supervisord_conf: 'src/config/echo-main.ts',
  pidproxy: 'src/daemon/pidproxy.ts',
};

/** Modules that other packages import, by the name behind that of the package. */
const libraries = { client: 'src/client/index.ts', listener: 'src/listener/listener.ts' };

/** The same, of programs that are started often and end at once. */
export const quickEntries = { supervisorctl: 'src/cli/main.ts' };

/** What the page's script and style sheet import is bundled into them; the others are copied. */
export const pageEntries = ['web/main.tsx', 'web/main.css', 'web/index.html', 'web/icon.svg'];

/** Entries of modules whose file exists, as esbuild takes them. */
export function presentEntries() {
  const all = Object.entries({ ...entries, ...libraries });
  return Object.fromEntries(all.filter(([, file]) => existsSync(inRoot(file))));
}

/** @type {import('esbuild').BuildOptions} */
const programOptions = { outdir: 'dist', platform: 'node', target: 'node20', sourcemap: 'linked' };

/** Tells whoever reads a file of the page where its notices are, since browsers get it without the package. */
const pointer = `/* Notices of the packages in this file: ${noticesFile} */`;

/** @returns {import('esbuild').BuildOptions} */
function pageOptions() {
  return {
    entryPoints: pageEntries,
    outdir: 'dist/web',
    platform: 'browser',
    target: 'es2022',
    loader: { '.html': 'copy', '.svg': 'copy' },
    minify: true,
    footer: { js: pointer, css: pointer },
    // What is imported on demand is a file of its own. Its name stays the same from build to build, so that a page
    // which is open while the daemon is upgraded finds it.
    splitting: true,
    chunkNames: '[name]',
    tsconfig: 'web/tsconfig.json',
  };
}

/** @typedef {Pick<import('esbuild').OutputFile, 'path' | 'contents'>} BuiltFile */

/**
 * @returns {Promise<{ files: readonly BuiltFile[], page: readonly BuiltFile[], metafiles: readonly import('esbuild').Metafile[] }>}
 *   All files, those of the page among them, and what esbuild says of them.
 * @throws {StepFailure}
 */
export async function bundleFiles() {
  const programs = await bundle({
    ...programOptions,
    entryPoints: presentEntries(),
    outExtension: { '.js': '.mjs' },
  });
  const quick = await bundle({ ...programOptions, ...quickOptions, entryPoints: quickEntries });
  const page = await bundle(pageOptions());
  const metafiles = [programs, quick, page].map(({ metafile }) => metafile);
  const contents = Buffer.from(noticesOf(metafiles, root));
  // Both are shipped: the package with all programs, and the page that the daemon sends to browsers.
  const pageNotices = { path: inRoot('dist', 'web', noticesFile), contents };
  const pageFiles = [...page.outputFiles, pageNotices];
  const files = [
    ...pageFiles,
    ...programs.outputFiles,
    ...quick.outputFiles.map(withOwnDigest),
    { path: inRoot('dist', noticesFile), contents },
  ];
  return { files, page: pageFiles, metafiles };
}

/**
 * @param {import('esbuild').OutputFile} file
 * @returns {BuiltFile}
 */
function withOwnDigest(file) {
  return path.extname(file.path) === '.js' ? { path: file.path, contents: withDigest(file.contents) } : file;
}

/**
 * @param {import('esbuild').BuildOptions} options
 */
async function bundle(options) {
  const { build } = await import('esbuild');
  return build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    legalComments: 'eof',
    logLevel: 'warning',
    ...options,
    write: false,
    metafile: true,
  }).catch((/** @type {Error} */ error) => {
    throw new StepFailure('cannot build the bundles: see the errors above', { cause: error });
  });
}
