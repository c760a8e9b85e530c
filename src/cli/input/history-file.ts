/** Opening the history, which may be in a directory that others can write, such as /tmp. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, type Stats } from 'node:fs';
import path from 'node:path';

import { directoriesOnTheWay } from '../../system/path-directories.ts';
import { isOpenToOthers, isTrusted, UnsafePathError } from '../../system/path-trust.ts';

const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const flags = { read: O_RDONLY, write: O_WRONLY | O_CREAT } as const;
/** Commands may have secrets in them. */
const ownerOnly = 0o600;

/**
 * Hands `use` the open file, emptied if it is to be written. Where others can change what the path leads to no link is
 * followed, and a file of somebody else's is left alone.
 *
 * Throws errors of the system and {@link UnsafePathError}.
 */
export function withHistoryFile<T>(file: string, access: 'read' | 'write', use: (fd: number) => T): T {
  const directories = directoriesOnTheWay(path.dirname(file));
  const isShared = directories.some((directory) => isOpenToOthers(directory));
  const fd = openSync(file, flags[access] | (isShared ? O_NOFOLLOW | O_NONBLOCK : 0), ownerOnly);
  try {
    const stats = fstatSync(fd);
    if (isShared) {
      checkOwn(stats, directories.at(-1));
    }
    if (access === 'write' && stats.isFile()) {
      ftruncateSync(fd);
    }
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Of us, of root, or of whose directory it is; one with a second name may be meant for nobody else. */
function checkOwn(stats: Stats, directory: Stats | undefined): void {
  const isOwn = isTrusted(stats.uid) || stats.uid === directory?.uid;
  if (!stats.isFile() || stats.nlink > 1 || !isOwn) {
    throw new UnsafePathError('others can write its directory, and it may be a file of theirs');
  }
}
