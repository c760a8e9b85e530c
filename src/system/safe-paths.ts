/**
 * Opening files in directories that others can write.
 *
 * A program that owns its log directory could put a link to any file of the machine where its log was, and a daemon that
 * is root would write there, or hand out `/etc/shadow` as the log. So every path is walked (`native/paths.c`), and what is
 * found in a directory that others can write must be a file of one of those who may be meant. Nothing is remembered from
 * one call to the next. Where nobody else can write, neither in the directory nor above it, it costs a look at each.
 */
import fs from 'node:fs';
import path from 'node:path';

import type { Binding, NativePlace, NativeSeen, NativeWalk } from '../native/binding.ts';
import { errnoName } from '../native/errno.ts';
import type { Errno } from './errno.ts';
import { isTrusted, UnsafePathError } from './path-trust.ts';
import { type Admitted, descriptorPath, type PathOptions, type Place, placeOf } from './place.ts';
import { errnoOf, systemError } from './system-error.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_TRUNC } = fs.constants;

/** How often others may remove a file and make it again while it is being opened. */
const openAttempts = 10;

type WalkCalls = Pick<Binding, 'walkPath' | 'ownDescriptor' | 'close'>;

/** With links that are known one by one. */
interface AdmittedLinks extends Admitted {
  readonly links: readonly number[];
}

export class SafePaths {
  readonly #calls: WalkCalls;

  constructor(calls: WalkCalls) {
    this.#calls = calls;
  }

  /** Hands `use` the place a path leads to. Throws errors of the system and {@link UnsafePathError}. */
  at<T>(file: string, options: PathOptions, use: (place: Place) => T): T {
    const { error, place } = this.#walk(file, options);
    if (place === null) {
      throw typeof error === 'string' ? new UnsafePathError(error) : systemError(errnoName(error));
    }
    try {
      checkUsable(place);
      return use(placeOf(place));
    } finally {
      this.#close(place);
    }
  }

  /** Opens a file as `open` does; the descriptor is the caller's. Throws as {@link at} does. */
  open(file: string, flags: number, mode: number, admitted: Admitted): number {
    const lastLink = (flags & O_NOFOLLOW) === 0 ? 'follow' : 'keep';
    return this.at(file, { lastLink, ...admitted }, (place) => openAt(place, flags, mode, admitted.friends));
  }

  /** The links of root and the daemon's user on a path that are followed only where they are believed; see {@link Admitted}. */
  linksOn(file: string, friends: ReadonlySet<number>): readonly number[] {
    const { place, believed } = this.#walk(file, { lastLink: 'follow', friends, links: 'all' });
    if (place !== null) {
      this.#close(place);
    }
    return believed;
  }

  /** The descriptor of this process that a path stands for, links followed; null: none. */
  ownDescriptor(file: string, { friends, links }: AdmittedLinks): number | null {
    const number = this.#calls.ownDescriptor(path.resolve(file), [...friends], links);
    return number < 0 ? null : number;
  }

  #walk(file: string, { lastLink, friends, links }: PathOptions): NativeWalk {
    const isAll = links === 'all';
    const known = isAll ? [] : links;
    return this.#calls.walkPath(path.resolve(file), lastLink === 'keep', [...friends], known, isAll);
  }

  #close({ fd }: NativePlace): void {
    if (fd !== null) {
      this.#calls.close(fd);
    }
  }
}

/** What is relative to a descriptor has a path in /proc only. */
function checkUsable({ fd }: NativePlace): void {
  if (fd !== null && fs.lstatSync(descriptorPath(fd), { throwIfNoEntry: false }) === undefined) {
    throw new UnsafePathError('others can write its directory, which cannot be used safely without /proc');
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

/** Throws unless a file may be opened: it is nobody's but ours and our friends'. */
function checkOwner({ uid }: Pick<NativeSeen, 'uid'>, place: Place, friends: ReadonlySet<number>): void {
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
