/**
 * Builds the addon with plain `cc`: no node-gyp, no Python, nothing to download.
 *
 *     node native/build.mjs [--variant sanitize|loop-close] [--out FILE]
 *
 * The Node-API headers come from the `node-api-headers` package, or from the running node's own installation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const common = ['-shared', '-fPIC', '-std=c11', '-Wall', '-Wextra', '-Werror', '-DNAPI_VERSION=9'];

/**
 * `release` links no libc: its functions come from the node process that loads it, without a version, so that
 * one file fits old and new glibc and musl alike. Fortified variants of functions exist in glibc only. With
 * `-z now` the child of a spawn never runs the dynamic linker.
 */
const variants = {
  release: ['-O2', '-fvisibility=hidden', '-U_FORTIFY_SOURCE', '-nostdlib', '-Wl,-z,now', '-s'],
  sanitize: [
    '-O1',
    '-g',
    '-fno-omit-frame-pointer',
    '-fsanitize=address,undefined',
    '-fno-sanitize-recover=all',
  ],
  'loop-close': ['-O2', '-DWITHOUT_CLOSE_RANGE'],
};

/** @typedef {keyof typeof variants} Variant */

/**
 * @param {Variant} [variant]
 * @returns {string} The file that {@link buildAddon} writes.
 */
export function addonFile(variant = 'release') {
  const name = variant === 'release' ? 'supervisord.node' : `supervisord-${variant}.node`;
  return path.join(folder, 'build', name);
}

/** The addon that came with the package for this platform, if one did; loaded before any that was built here. */
export const prebuiltFile = path.join(
  folder,
  'prebuilds',
  `${process.platform}-${process.arch}`,
  'supervisord.node',
);

/** @returns {string[]} */
function sources() {
  return readdirSync(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => path.join(folder, name));
}

/**
 * @param {Variant} [variant]
 * @returns {boolean} True when the addon that would be loaded is missing, or older than its sources or this file.
 */
export function addonIsStale(variant = 'release') {
  const candidates = variant === 'release' ? [prebuiltFile, addonFile()] : [addonFile(variant)];
  const built = candidates.find((candidate) => existsSync(candidate));
  if (built === undefined) {
    return true;
  }
  const builtMs = statSync(built).mtimeMs;
  return [...sources(), fileURLToPath(import.meta.url)].some((input) => statSync(input).mtimeMs > builtMs);
}

/** @returns {string | undefined} */
function findHeaders() {
  const candidates = [
    path.join(folder, '..', 'node_modules', 'node-api-headers', 'include'),
    path.join(path.dirname(process.execPath), '..', 'include', 'node'),
    '/usr/include/node',
  ];
  return candidates.find((candidate) => existsSync(path.join(candidate, 'node_api.h')));
}

/**
 * @param {Variant} [variant]
 * @param {string} [file] Where to put it; replaced in one step, so that no process loads half of it.
 * @returns {string | null} Null, or what went wrong as a sentence for a person.
 */
export function buildAddon(variant = 'release', file = addonFile(variant)) {
  if (process.platform !== 'linux') {
    return `cannot build the native addon: it has no code for ${process.platform} yet`;
  }
  const headers = findHeaders();
  if (headers === undefined) {
    return 'cannot build the native addon: node_api.h was not found; install the package node-api-headers';
  }
  const compiler = process.env['CC'] ?? 'cc';
  const temporary = `${file}.${process.pid}`;
  const files = sources().filter((source) => source.endsWith('.c'));
  mkdirSync(path.dirname(file), { recursive: true });
  const result = spawnSync(
    compiler,
    [...common, '-isystem', headers, ...files, '-o', temporary, ...variants[variant]],
    { stdio: 'inherit' },
  );
  if (result.error) {
    return `cannot build the native addon: no C compiler (${compiler}) was found; install one, for example with \`apt-get install gcc libc6-dev\` or \`apk add gcc musl-dev\``;
  }
  if (result.status !== 0) {
    return `cannot build the native addon: ${compiler} failed, see its messages above`;
  }
  renameSync(temporary, file);
  return null;
}

/** @param {string} name */
function optionValue(name) {
  const index = process.argv.indexOf(name);
  return index < 0 ? undefined : process.argv[index + 1];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const variant = /** @type {Variant} */ (optionValue('--variant') ?? 'release');
  const problem = buildAddon(variant, optionValue('--out'));
  if (problem !== null) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  }
}
