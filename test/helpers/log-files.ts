/** A log together with what it was before it rotated. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a log, by the beginning of its name, and its backups hold, the oldest first. */
export function contentOfLog(directory: string, beginning: string): string {
  const files = readdirSync(directory).filter((name) => name.startsWith(beginning));
  const age = (name: string): number => Number(/\.(\d+)$/.exec(name)?.[1] ?? 0);
  return files
    .toSorted((a, b) => age(b) - age(a))
    .map((name) => readFileSync(path.join(directory, name), 'latin1'))
    .join('');
}
