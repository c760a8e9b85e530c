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
