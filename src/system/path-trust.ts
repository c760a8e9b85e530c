/** Whom the daemon trusts with the names of files: root, and the user it runs as itself. */
import type { Stats } from 'node:fs';

export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

const groupWritable = 0o020;
const worldWritable = 0o002;
/** The bit S_ISVTX, as /tmp has it. */
const sticky = 0o1000;

/**
 * Whether anybody else can make, remove or exchange names in a directory. A list of access rights (ACL) that lets others
 * write shows in the bits of the group.
 */
export function isOpenToOthers({ uid, mode }: Stats): boolean {
  return !isTrusted(uid) || (mode & (groupWritable | worldWritable)) !== 0;
}

/** Whether everybody may write it. */
export function isForAll({ mode }: Stats): boolean {
  return (mode & worldWritable) !== 0;
}

/** A link in a directory that others can write, and who made it. */
export interface Detour {
  readonly uid: number;
  readonly directory: Stats;
}

/** Whether only those can remove or move what is in a directory whose it is. */
export function keepsNames({ uid, mode }: Stats): boolean {
  return isTrusted(uid) && (mode & sticky) !== 0;
}

/** Whether who made a detour, or could have, can put any file into a directory and take it away again. */
export function isInReach(directory: Stats, { uid, directory: from }: Detour): boolean {
  const modes = (directory.mode & sticky) === 0 ? directory.mode & from.mode : 0;
  return (
    (!isTrusted(directory.uid) && [uid, from.uid].includes(directory.uid)) ||
    (modes & worldWritable) !== 0 ||
    ((modes & groupWritable) !== 0 && directory.gid === from.gid)
  );
}

/** Why a path is not used: a sentence that stands where otherwise the name of an errno does. */
export class UnsafePathError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnsafePathError';
  }
}
