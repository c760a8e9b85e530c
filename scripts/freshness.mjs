/** Whether something built is older than what it was built from. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Every file at or below a path; nothing when there is no such path.
 *
 * @param {string} file
 * @returns {string[]}
 */
export function filesUnder(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) {
    return [];
  }
  if (!stats.isDirectory()) {
    return [file];
  }
  return readdirSync(file, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/**
 * @param {readonly string[]} outputs Files that should exist.
 * @param {readonly string[]} inputs Files and folders they are made of; missing ones do not count.
 * @returns {boolean} True when an output is missing, or older than any input.
 */
export function isStale(outputs, inputs) {
  let oldestMs = Infinity;
  for (const output of outputs) {
    const stats = statSync(output, { throwIfNoEntry: false });
    if (!stats) {
      return true;
    }
    oldestMs = Math.min(oldestMs, stats.mtimeMs);
  }
  return inputs.flatMap(filesUnder).some((input) => statSync(input).mtimeMs > oldestMs);
}
