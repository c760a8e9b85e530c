/** Whom the daemon trusts with the names of files: root, and the user it runs as itself. */
import type { Stats } from 'node:fs';

export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

const groupWritable = 0o020;
const worldWritable = 0o002;

/**
 * Whether anybody else can make, remove or exchange names in a directory. A list of access rights (ACL) that lets others
 * write shows in the bits of the group.
 */
export function isOpenToOthers({ uid, mode }: Stats): boolean {
  return !isTrusted(uid) || (mode & (groupWritable | worldWritable)) !== 0;
}

/** Why a path is not used: a sentence that stands where otherwise the name of an errno does. */
export class UnsafePathError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnsafePathError';
  }
}
