import type { Errno } from '../system/system.ts';
import type { LogIo } from './io.ts';

/** At how many bytes a log file is rotated, and how many old ones are kept. */
export interface SizeLimits {
  /** 0: never rotated. */
  readonly maxBytes: number;
  /** 0: the file is emptied instead. */
  readonly backups: number;
}

export const unlimited: SizeLimits = { maxBytes: 0, backups: 0 };

/** Path of the n-th newest rotated file, counted from 1. */
export function backupPath(path: string, index: number): string {
  return `${path}.${index}`;
}

/**
 * Makes room at `path`: `path.N-1` becomes `path.N` and so on down to `path` itself, which becomes `path.1`.
 * A file that is missing leaves a gap. Stops at the first rename that fails and returns its errno: every
 * file is then still there under its old or its new name, as no rename is tried onto one that stayed.
 *
 * Source: B16.4, observed on the original.
 */
export function shiftBackups(io: LogIo, path: string, backups: number): Errno | null {
  for (let index = backups - 1; index >= 0; index -= 1) {
    const from = index === 0 ? path : backupPath(path, index);
    const errno = io.rename(from, backupPath(path, index + 1));
    if (errno !== null && errno !== 'ENOENT') {
      return errno;
    }
  }
  return null;
}
