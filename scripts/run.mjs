/** Running other programs from the scripts, with their output going where ours goes. */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import process from 'node:process';
import { inRoot, root } from './paths.mjs';

/** A step that did not work; its message is one sentence for a person, without a stack. */
export class StepFailure extends Error {}

/**
 * Runs a program in the repository's root and waits for it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] Defaults to our own environment.
 * @returns {number} Its exit code, or 128 plus the number of the signal that ended it.
 * @throws {StepFailure} When it cannot be started.
 */
export function run(command, args, env = process.env) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (result.error) {
    throw new StepFailure(`cannot run ${command}: ${result.error.message}`, { cause: result.error });
  }
  if (result.signal) {
    return 128 + os.constants.signals[result.signal];
  }
  return result.status ?? 1;
}

/**
 * Runs a JavaScript tool of an installed package.
 *
 * @param {string} script Path below `node_modules`.
 * @param {readonly string[]} args
 * @returns {number} As {@link run}.
 */
export function runTool(script, args) {
  return run(process.execPath, [inRoot('node_modules', script), ...args]);
}

/**
 * Runs the whole of a script: its result is the exit code, a {@link StepFailure} one line on stderr and 1.
 *
 * @param {() => number | Promise<number>} body
 */
export async function runScript(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!(error instanceof StepFailure)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
