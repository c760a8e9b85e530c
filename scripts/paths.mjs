/** Where things are in this repository, as absolute paths. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * @param {...string} parts Path below the repository's root.
 * @returns {string}
 */
export function inRoot(...parts) {
  return path.join(root, ...parts);
}
