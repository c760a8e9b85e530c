/**
 * Builds the tests of the pump, a program without Node, with a sanitizer:
 *
 *     node native/test/build.mjs address|thread|plain FILE
 *
 * The linker puts the tests' own functions between the pump and the system calls that are to fail.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const common = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-O1', '-g', '-fno-omit-frame-pointer'];
const wrapped = [
  'clock_gettime',
  'close',
  'epoll_create1',
  'epoll_ctl',
  'epoll_wait',
  'eventfd',
  'fcntl',
  'lseek',
  'mmap',
  'pthread_create',
  'read',
  'splice',
  'syscall',
  'write',
];

/** What the pump shares with the rest of the addon. */
const helpers = new Set(['look.c', 'thread.c']);

/** The tests themselves have one thread, and would only be slow under the thread sanitizer. */
const variants = {
  address: {
    pump: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
    tests: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  },
  thread: { pump: ['-fsanitize=thread'], tests: [] },
  /** For what is killed at random moments, which has to be fast to reach many. */
  plain: { pump: ['-O2'], tests: ['-O2'] },
};

/** @typedef {keyof typeof variants} PumpTestVariant */

/**
 * @param {readonly string[]} options
 * @param {string} [cwd]
 */
function compile(options, cwd) {
  const compiler = process.env['CC'] ?? 'cc';
  const { status, error, stderr } = spawnSync(compiler, options, { cwd, encoding: 'utf8' });
  return error !== undefined ? `${compiler}: ${error.message}` : status === 0 ? null : stderr;
}

/**
 * @param {string} from
 * @param {(name: string) => boolean} isWanted
 */
function sources(from, isWanted) {
  return readdirSync(from)
    .filter((name) => name.endsWith('.c') && isWanted(name))
    .map((name) => path.join(from, name));
}

/**
 * @template T
 * @param {(folder: string) => T} use
 * @returns {T}
 */
function inTemporaryFolder(use) {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  try {
    return use(temporary);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/**
 * @param {PumpTestVariant} variant
 * @returns {boolean} Whether there are a compiler and the libraries of this sanitizer.
 */
export function canBuildPumpTest(variant) {
  return inTemporaryFolder((temporary) => {
    const source = path.join(temporary, 'empty.c');
    writeFileSync(source, 'int main(void) { return 0; }\n');
    return compile([...variants[variant].pump, source, '-o', path.join(temporary, 'empty')]) === null;
  });
}

/**
 * @param {PumpTestVariant} variant
 * @param {string} file Where to put the program.
 * @returns {string | null} Null, or what the compiler said.
 */
export function buildPumpTest(variant, file) {
  const { pump, tests } = variants[variant];
  const ofPump = sources(
    path.dirname(folder),
    (name) => (name.startsWith('pump') && name !== 'pump-binding.c') || helpers.has(name),
  );
  return inTemporaryFolder(
    (temporary) =>
      compile([...common, ...pump, '-c', ...ofPump], temporary) ??
      compile([...common, ...tests, '-c', ...sources(folder, () => true)], temporary) ??
      compile([
        ...pump,
        ...wrapped.map((name) => `-Wl,--wrap=${name}`),
        ...readdirSync(temporary).map((name) => path.join(temporary, name)),
        '-o',
        file,
        '-lpthread',
      ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [variant = 'address', file = 'pump-test'] = process.argv.slice(2);
  const problem = buildPumpTest(/** @type {PumpTestVariant} */ (variant), file);
  if (problem !== null) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  }
}
