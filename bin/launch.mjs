/**
 * What the launchers share: find the bundle beside this folder, run its `main`, exit with its code.
 *
 * Works from any folder and through symbolic links, since node resolves those before `import.meta.url`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Names the process after its program instead of `node`, for `pgrep`, `killall`, `ps -C` and the like; the command line
 * goes on showing path and arguments. Without /proc it stays `node`.
 *
 * @param {string} program
 */
function takeName(program) {
  try {
    writeFileSync('/proc/self/comm', program);
  } catch {
    // Nothing depends on it.
  }
}

/**
 * @param {string} program Name of the bundle in `dist/`, and of the program in messages.
 * @returns {Promise<never>}
 */
export async function launch(program) {
  takeName(program);
  const bundle = new URL(`../dist/${program}.mjs`, import.meta.url);
  if (!existsSync(bundle)) {
    const root = fileURLToPath(new URL('..', import.meta.url));
    process.stderr.write(`${program}: cannot find its bundle; run \`npm run build\` in ${root}\n`);
    process.exit(1);
  }
  const entry = await import(bundle.href);
  process.exit(await entry.main(process.argv.slice(2)));
}
