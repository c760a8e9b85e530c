/**
 * Launches a program that is started often and ends at once: its bundle is a script whose compiled form lies beside it.
 *
 * CommonJS, since node takes 5 ms longer to start with a module. The compiled form is V8's own; one made for another
 * bundle, or another node, is left aside, and the script is compiled as ever. Works from any folder and through
 * symbolic links, since node resolves those before `__dirname`.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/**
 * @param {string} program Name of the bundle in `dist/`, and of the program in messages.
 */
exports.launchQuick = function launchQuick(program) {
  takeName(program);
  const file = path.join(__dirname, '..', 'dist', `${program}.js`);
  const source = read(file);
  if (source === null) {
    const root = path.join(__dirname, '../');
    process.stderr.write(`${program}: cannot find its bundle; run \`npm run build\` in ${root}\n`);
    process.exit(1);
  }
  const script = new vm.Script(source.toString('latin1'), {
    filename: file,
    cachedData: compiled(file, source),
  });
  const load = script.runInThisContext();
  load(require, file)
    .main(process.argv.slice(2))
    .then((/** @type {number} */ exitStatus) => {
      process.exit(exitStatus);
    });
};

/** Names the process after its program instead of `node`, for `pgrep` and the like, where there is a /proc. */
function takeName(/** @type {string} */ program) {
  try {
    fs.writeFileSync('/proc/self/comm', program);
  } catch {
    // Nothing depends on it.
  }
}

/** The bundle's compiled form; it begins with the bundle's last line, which is its digest. */
function compiled(/** @type {string} */ file, /** @type {Buffer} */ source) {
  const cache = read(`${file}.cache`);
  const digest = source.subarray(source.lastIndexOf('\n//'));
  return cache !== null && digest.length > 0 && cache.subarray(0, digest.length).equals(digest)
    ? cache.subarray(digest.length)
    : undefined;
}

/** A file's bytes; null when it cannot be read. */
function read(/** @type {string} */ file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return null;
  }
}
