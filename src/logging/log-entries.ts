/** What a log is as an entry of its directory, once a walk has come to it. */
import fs from 'node:fs';

import { isTrusted } from '../system/path-trust.ts';
import type { Place } from '../system/place.ts';
import { checkOwner } from '../system/safe-paths.ts';
import { errnoOf } from '../system/system-error.ts';

interface Entry {
  /** False: a device, a FIFO, a socket, a directory, or a link to one; never to be removed. */
  readonly isLog: boolean;
  /** Of a link its own. */
  readonly bytes: number;
}

/** Null when nothing is there. Throws when it is not ours. */
export function lookAt(place: Place, entry: string, friends: ReadonlySet<number>): Entry | null {
  const named = fs.lstatSync(entry, { throwIfNoEntry: false });
  if (named === undefined) {
    return null;
  }
  if (place.openDirectory !== null) {
    checkOwner(named, place, friends);
  }
  return {
    isLog: named.isFile() || (named.isSymbolicLink() && isLinkToLog(place, entry, named)),
    bytes: named.size,
  };
}

/** A link that somebody else made is never followed, and may be removed whatever it leads to. */
function isLinkToLog({ openDirectory }: Place, entry: string, link: fs.Stats): boolean {
  if (openDirectory !== null && !isTrusted(link.uid)) {
    return true;
  }
  try {
    return fs.statSync(entry, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch (error) {
    if (errnoOf(error) === null) {
      throw error;
    }
    return true;
  }
}
