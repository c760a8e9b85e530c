import type { Errno } from '../system/system.ts';
import type { LogIo, Move } from './io.ts';

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

/** Where the oldest backup is from the beginning of a rotation to its end. No longer than any backup's name. */
function fallenPath(path: string): string {
  return `${path}.~`;
}

/**
 * Makes room at `path`: `path.N-1` becomes `path.N` and so on down to `path` itself, which becomes `path.1`. A file that
 * is missing leaves a gap.
 *
 * What falls off the end is moved out of the way first and removed last, so that each file is moved to a name that is free:
 * moving one onto another makes some file systems (ext4) write it to the disk first. What a rotation left that was
 * killed in between is removed by the next one.
 *
 * Stops at the first move that fails and returns its errno: every file is then still there under its old or its new
 * name. Costs what the files cost that are there, however many are allowed.
 *
 * Source: B16.4, observed on the original.
 */
export function shiftBackups(io: LogIo, path: string, backups: number): Errno | null {
  const present = io.listNumbered(path, backups);
  if (typeof present === 'string') {
    return present === 'ENOENT' ? null : present;
  }
  const [oldest, fallen] = [backupPath(path, backups), fallenPath(path)];
  const fallsOff = present.has(backups) && present.has(backups - 1);
  const stuck = io.unlink(fallen);
  if (fallsOff && stuck !== null && stuck !== 'ENOENT') {
    return stuck;
  }
  const shifts = movesUp(path, present, backups);
  const errno = io.rename(fallsOff ? [[oldest, fallen], ...shifts] : shifts);
  if (fallsOff) {
    // Goes back where nothing has come to its place.
    void (errno === null ? io.unlink(fallen) : io.rename([[fallen, oldest]]));
  }
  return errno;
}

/** From the oldest to the file itself, whose number is 0. */
function movesUp(path: string, present: ReadonlySet<number>, backups: number): readonly Move[] {
  return [...present]
    .filter((index) => index < backups)
    .toSorted((a, b) => b - a)
    .map((index) => [index === 0 ? path : backupPath(path, index), backupPath(path, index + 1)]);
}
