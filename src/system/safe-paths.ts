/**
 * Opening files in directories that others can write.
 *
 * A program that owns its log directory could put a link to any file of the machine where its log was, and a daemon that
 * is root would write there, or hand out `/etc/shadow` as the log. So every path is walked (`path-walk.ts`), and what is
 * found in a directory that others can write must be a file of one of those who may be meant. Nothing is remembered from
 * one call to the next. Where nobody else can write, neither in the directory nor above it, it costs a look at each.
 */
import fs from 'node:fs';
import path from 'node:path';

import type { Errno } from './errno.ts';
import { isTrusted, UnsafePathError } from './path-trust.ts';
import { type PathOptions, type Place, PathWalk, type ReadLink } from './path-walk.ts';
import { errnoOf, systemError } from './system-error.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_TRUNC } = fs.constants;

/** How often others may remove a file and make it again while it is being opened. */
const openAttempts = 10;

type Admitted = Omit<PathOptions, 'lastLink'>;

export class SafePaths {
  readonly #readLink: ReadLink;

  constructor(readLink: ReadLink) {
    this.#readLink = readLink;
  }

  /** Hands `use` the place a path leads to. Throws errors of the system and {@link UnsafePathError}. */
  at<T>(file: string, options: PathOptions, use: (place: Place) => T): T {
    const walk = new PathWalk(this.#readLink, options);
    try {
      return use(walk.to(path.resolve(file)));
    } finally {
      walk.close();
    }
  }

  /** Opens a file as `open` does; the descriptor is the caller's. Throws as {@link at} does. */
  open(file: string, flags: number, mode: number, admitted: Admitted): number {
    const lastLink = (flags & O_NOFOLLOW) === 0 ? 'follow' : 'keep';
    return this.at(file, { lastLink, ...admitted }, (place) => openAt(place, flags, mode, admitted.friends));
  }
}

/** Opens what is at a place. */
export function openAt(place: Place, flags: number, mode: number, friends: ReadonlySet<number>): number {
  if (place.openDirectory === null) {
    return fs.openSync(place.path, flags, mode);
  }
  // Never waits, whatever somebody has put there, and changes nothing before it is known what it is.
  const careful = (flags & ~(O_CREAT | O_EXCL | O_TRUNC)) | O_NOFOLLOW | O_NONBLOCK;
  for (let attempt = 1; ; attempt += 1) {
    const isToBeNew = (flags & O_EXCL) !== 0;
    const fd = isToBeNew ? 'ENOENT' : tryOpen(place.path, careful, mode);
    if (typeof fd === 'number') {
      return checked(fd, place, flags, friends);
    }
    if (fd !== 'ENOENT' || (flags & O_CREAT) === 0) {
      throw systemError(fd);
    }
    const made = tryOpen(place.path, careful | O_CREAT | O_EXCL, mode);
    if (typeof made === 'number') {
      return made;
    }
    if (made !== 'EEXIST' || isToBeNew || attempt === openAttempts) {
      throw systemError(made);
    }
  }
}

/** Throws unless a file may be moved, removed or opened: it is nobody's but ours and our friends'. */
export function checkOwner({ uid }: fs.Stats, place: Place, friends: ReadonlySet<number>): void {
  const { openDirectory } = place;
  if (openDirectory !== null && !isTrusted(uid) && uid !== openDirectory.uid && !friends.has(uid)) {
    throw new UnsafePathError(`others can write its directory, and it belongs to user ${uid}`);
  }
}

/** The descriptor, once it is known that it may be used. A second name may be that of a file which is for root alone. */
function checked(fd: number, place: Place, flags: number, friends: ReadonlySet<number>): number {
  try {
    const stats = fs.fstatSync(fd);
    checkOwner(stats, place, friends);
    if (stats.nlink > 1 && !stats.isDirectory()) {
      throw new UnsafePathError(
        'others can write its directory, and it is a file with another name elsewhere',
      );
    }
    if ((flags & O_TRUNC) !== 0) {
      fs.ftruncateSync(fd);
    }
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

function tryOpen(file: string, flags: number, mode: number): number | Errno {
  try {
    return fs.openSync(file, flags, mode);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) {
      throw error;
    }
    return errno;
  }
}
