/**
 * Expanding a path pattern to the names that exist.
 *
 * Names that begin with a dot need a pattern that does; `**` is no more than `*`.
 * Source: Python library reference, `glob.glob`.
 */
import type { World } from '../world.ts';
import { nameMatcher } from './fnmatch.ts';
import { joinPath, splitPath } from './paths.ts';

type Files = Pick<World, 'nameExists' | 'listDirectory'>;

/** Paths that match `pattern`, in no particular order; a pattern without magic is itself if it exists. */
export function glob(pattern: string, files: Files): string[] {
  if (!hasMagic(pattern)) {
    const [directory, name] = splitPath(pattern);
    // A pattern that ends in a slash means a directory.
    const exists = name === '' ? files.listDirectory(directory) !== null : files.nameExists(pattern);
    return exists ? [pattern] : [];
  }
  const [directory, name] = splitPath(pattern);
  const directories =
    directory !== pattern && hasMagic(directory) ? directoriesMatching(directory, files) : [directory];
  return directories.flatMap((found) =>
    namesIn(found, name, files, false).map((child) => joinPath(found, child)),
  );
}

function directoriesMatching(pattern: string, files: Files): string[] {
  const [directory, name] = splitPath(pattern);
  const parents =
    directory !== pattern && hasMagic(directory) ? directoriesMatching(directory, files) : [directory];
  return parents.flatMap((found) => namesIn(found, name, files, true).map((child) => joinPath(found, child)));
}

function namesIn(directory: string, name: string, files: Files, directoriesOnly: boolean): string[] {
  if (!hasMagic(name)) {
    const exists =
      name === '' ? files.listDirectory(directory) !== null : files.nameExists(joinPath(directory, name));
    return exists ? [name] : [];
  }
  const matches = nameMatcher(name);
  const hidden = name.startsWith('.');
  return (files.listDirectory(directory) ?? [])
    .filter((entry) => (entry.isDirectory || !directoriesOnly) && (hidden || !entry.name.startsWith('.')))
    .map((entry) => entry.name)
    .filter((entry) => matches(entry));
}

function hasMagic(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}
