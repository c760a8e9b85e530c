/** The machine of the corpus with files in memory, for many cases in little time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { assumedWorld, type AssumedWorld, type Assumptions } from '../../src/config/assumed-world.ts';
import { nodeWorld } from '../../src/config/node-world.ts';
import { userFiles } from '../../src/config/user-files.ts';

export const machine = nodeWorld(userFiles());

/** What the corpus assumes of the machine, without its environment. */
export const assumptions = JSON.parse(
  readFileSync(join(import.meta.dirname, 'world.json'), 'utf8'),
) as Assumptions;

/** Files by absolute path. */
export type Files = Readonly<Record<string, Uint8Array>>;

export function memoryWorld(files: Files, env: Readonly<Record<string, string>>): AssumedWorld {
  const names = Object.keys(files);
  return {
    ...assumedWorld({ ...assumptions, env }, machine),
    fileExists: (path) => Object.hasOwn(files, path),
    nameExists: (path) => Object.hasOwn(files, path),
    readFile: (path) => {
      const bytes = Object.hasOwn(files, path) ? files[path] : undefined;
      return bytes === undefined ? { ok: false, reason: 'missing' } : { ok: true, bytes };
    },
    listDirectory: (path) => {
      const inside = names.filter((name) => name.slice(0, name.lastIndexOf('/')) === path);
      const entries = inside.map((name) => ({
        name: name.slice(name.lastIndexOf('/') + 1),
        isDirectory: false,
      }));
      return entries.length === 0 ? null : entries;
    },
  };
}
