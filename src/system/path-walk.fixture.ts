/**
 * The model that the walk of the addon (native/paths.c) is compared with.
 *
 * Finds where a path leads, name by name.
 *
 * As long as only root and the daemon's user can change what is on the way it is a path like any other. From the first
 * directory on that others can write, each name is opened by itself, relative to the descriptor of its directory and
 * without following links, so that nothing can be exchanged between a look and what comes of it. Descriptors are opened
 * with O_PATH, which does nothing to what is opened; a path relative to one is `/proc/self/fd/N/name`.
 */
import fs from 'node:fs';
import path from 'node:path';

import { isOpenToOthers, isTrusted, UnsafePathError } from './path-trust.ts';
import type { KeptLink, Place } from './place.ts';
import { errnoOf, systemError } from './system-error.ts';

const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;
/** Node has no name for it; on Linux it is the same wherever Node runs. */
const O_PATH = 0o10000000;

const maxLinks = 40;

export interface WalkOptions {
  /** What a last name that is a link stands for: its target, or itself. */
  readonly lastLink: 'follow' | 'keep';
  readonly friends: ReadonlySet<number>;
  /** Whether a link of root or the daemon's user is where they put it, in a directory whose names others can exchange. */
  readonly isBelieved: (link: fs.Stats) => boolean;
}

export class PathWalk {
  readonly #options: WalkOptions;
  /** The directory it has come to: by its path while only the trusted had a hand in that, then by a descriptor. */
  #at = '/';
  #fd: number | null = null;
  #directory: fs.Stats = fs.lstatSync('/');
  #isAtRoot = true;
  readonly #rest: string[] = [];
  /** Links that were followed though others may have put them there. */
  readonly #detours: Detour[] = [];

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /** Goes along an absolute path, once. Throws errors of the system, and {@link UnsafePathError}. */
  to(file: string): Place {
    this.#rest.push(...namesOf(file));
    this.#judgeRoot();
    let links = 0;
    for (let name = this.#rest.shift(); name !== undefined; name = this.#rest.shift()) {
      if (name === 'proc' && this.#isAtRoot && this.#detours.length === 0) {
        // What look like links there lead to what may have no path. Nobody can put anything in place of a mount.
        return makePlace('/proc', this.#rest.join('/'), { openDirectory: null, found: null, link: null });
      }
      const place = this.#fd === null ? this.#stepByPath(name) : this.#stepByDescriptor(name, this.#fd);
      if (place !== 'link' && place !== 'directory') {
        return place;
      }
      links += place === 'link' ? 1 : 0;
      if (links > maxLinks) {
        throw systemError('ELOOP');
      }
    }
    return this.#arrive('.', null);
  }

  /** Closes what it holds open. */
  close(): void {
    if (this.#fd !== null) {
      fs.closeSync(this.#fd);
      this.#fd = null;
    }
  }

  #beginAgain(target: string): void {
    this.#rest.unshift(...namesOf(target));
    this.close();
    this.#at = '/';
    this.#directory = fs.lstatSync('/');
    this.#judgeRoot();
  }

  #judgeRoot(): void {
    if (isOpenToOthers(this.#directory)) {
      this.#enter(openDirectory('/'));
    }
    this.#isAtRoot = true;
  }

  #stepByPath(name: string): Place | 'link' | 'directory' {
    const entry = path.join(this.#at, name);
    const stats = this.#lookAt(entry);
    if (this.#isToBeFollowed(stats)) {
      return this.#follow(fs.readlinkSync(entry));
    }
    if (this.#rest.length === 0) {
      const link = stats?.isSymbolicLink() === true ? { target: fs.readlinkSync(entry), isOurs: true } : null;
      return this.#arrive(name, stats, link);
    }
    if (stats !== null && stats.isDirectory() && !isOpenToOthers(stats)) {
      this.#at = entry;
      this.#directory = stats;
      this.#isAtRoot = false;
    } else {
      // Nobody else can exchange it. Where it is no directory at all, this says so.
      this.#enter(openDirectory(entry));
    }
    return 'directory';
  }

  /** Where something else is mounted, at that: only a look within has it mounted if that is done when needed. */
  #lookAt(entry: string): fs.Stats | null {
    const stats = fs.lstatSync(entry, { throwIfNoEntry: false }) ?? null;
    return stats !== null && stats.isDirectory() && stats.dev !== this.#directory.dev
      ? fs.lstatSync(`${entry}/.`)
      : stats;
  }

  #stepByDescriptor(name: string, directory: number): Place | 'link' | 'directory' {
    const entry = `${descriptorPath(directory)}/${name}`;
    const fd = openEntry(entry);
    if (fd === null && this.#rest.length > 0) {
      throw systemError('ENOENT');
    }
    const stats = fd === null ? null : fs.fstatSync(fd);
    if (fd !== null && this.#rest.length > 0 && stats?.isDirectory() === true) {
      this.#enterWithin(fd, stats, entry);
      return 'directory';
    }
    let link: KeptLink | null = null;
    try {
      if (fd !== null && stats?.isSymbolicLink() === true) {
        link = { target: fs.readlinkSync(entry), isOurs: this.#isOurs(stats) };
      }
    } finally {
      if (fd !== null) {
        fs.closeSync(fd);
      }
    }
    if (stats !== null && link !== null && this.#isToBeFollowed(stats)) {
      this.#judgeLink(stats);
      return this.#follow(link.target);
    }
    if (this.#rest.length > 0) {
      throw systemError('ENOTDIR');
    }
    return this.#arrive(name, stats, link);
  }

  #isToBeFollowed(stats: fs.Stats | null): boolean {
    const isKept = this.#rest.length === 0 && this.#options.lastLink === 'keep';
    return stats !== null && stats.isSymbolicLink() && !isKept;
  }

  #follow(target: string): 'link' {
    if (path.isAbsolute(target)) {
      this.#beginAgain(target);
    } else {
      this.#rest.unshift(...namesOf(target));
    }
    return 'link';
  }

  /** A second name of a link of theirs is not by them: others can make that. */
  #isOurs({ uid, nlink }: fs.Stats): boolean {
    return this.#openDirectory() === null || (isTrusted(uid) && nlink === 1);
  }

  /**
   * Others cannot make a link of root's, but move one that they find elsewhere: it is as good as one of theirs, unless
   * it is known or nobody can move it.
   */
  #judgeLink(link: fs.Stats): void {
    const directory = this.#openDirectory();
    if (directory === null) {
      return;
    }
    const isOurs = this.#isOurs(link);
    if (isOurs && (keepsNames(directory) || this.#options.isBelieved(link))) {
      return;
    }
    const { uid } = link;
    if (!isOurs && uid !== directory.uid && !this.#options.friends.has(uid)) {
      throw new UnsafePathError(`others can write its directory, and user ${uid} has put a link in its path`);
    }
    this.#detours.push({ uid, directory });
  }

  /** As {@link enter}, and has mounted there what is to be. */
  #enterWithin(fd: number, stats: fs.Stats, entry: string): void {
    if (stats.dev === this.#directory.dev) {
      this.#enter(fd);
      return;
    }
    try {
      this.#enter(openDirectory(entry));
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Takes over the descriptor of a directory. */
  #enter(fd: number): void {
    const isFirst = this.#fd === null;
    this.close();
    this.#fd = fd;
    this.#directory = fs.fstatSync(fd);
    this.#isAtRoot = false;
    if (isFirst && fs.lstatSync(descriptorPath(fd), { throwIfNoEntry: false }) === undefined) {
      throw new UnsafePathError('others can write its directory, which cannot be used safely without /proc');
    }
  }

  #openDirectory(): fs.Stats | null {
    return isOpenToOthers(this.#directory) ? this.#directory : null;
  }

  #arrive(name: string, stats: fs.Stats | null, link: KeptLink | null = null): Place {
    const directory = this.#openDirectory();
    if (!this.#isWithinReach(directory, stats)) {
      throw new UnsafePathError(
        `${this.#whoLed()} has put a link in its path, which leads to what is not theirs`,
      );
    }
    const at = this.#fd === null ? this.#at : descriptorPath(this.#fd);
    return makePlace(at, name, { openDirectory: directory, found: stats, link });
  }

  /** Whether those who may have led here could have put the file here themselves, or it is such as /dev/null. */
  #isWithinReach(directory: fs.Stats | null, found: fs.Stats | null): boolean {
    if (this.#detours.length === 0) {
      return true;
    }
    if (directory === null) {
      return found !== null && found.isCharacterDevice() && isForAll(found);
    }
    return this.#options.friends.has(directory.uid) || this.#detours.every((by) => isInReach(directory, by));
  }

  #whoLed(): string {
    const makers = this.#detours.map(({ uid }) => uid).filter((uid) => !isTrusted(uid));
    return makers.length === 0 ? 'whoever can write its directory' : `user ${makers.join(' and ')}`;
  }
}

function namesOf(file: string): readonly string[] {
  return file.split('/').filter((name) => name !== '' && name !== '.');
}

function makePlace(directory: string, name: string, rest: Omit<Place, 'path' | 'pathOf'>): Place {
  const pathOf = (other: string): string => `${directory === '/' ? '' : directory}/${other}`;
  return { ...rest, path: pathOf(name), pathOf };
}

function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** Whatever it is, opened for nothing but to look at it; null: there is nothing. */
function openEntry(entry: string): number | null {
  try {
    return fs.openSync(entry, O_PATH | O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

/** Unlike what opens just anything, this has mounted what is to be there. */
function openDirectory(entry: string): number {
  return fs.openSync(entry, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

const groupWritable = 0o020;
const worldWritable = 0o002;
/** The bit S_ISVTX, as /tmp has it. */
const sticky = 0o1000;

/** Whether everybody may write it. */
function isForAll({ mode }: fs.Stats): boolean {
  return (mode & worldWritable) !== 0;
}

/** A link in a directory that others can write, and who made it. */
interface Detour {
  readonly uid: number;
  readonly directory: fs.Stats;
}

/** Whether only those can remove or move what is in a directory whose it is. */
function keepsNames({ uid, mode }: fs.Stats): boolean {
  return isTrusted(uid) && (mode & sticky) !== 0;
}

/** Whether who made a detour, or could have, can put any file into a directory and take it away again. */
function isInReach(directory: fs.Stats, { uid, directory: from }: Detour): boolean {
  const modes = (directory.mode & sticky) === 0 ? directory.mode & from.mode : 0;
  return (
    (!isTrusted(directory.uid) && [uid, from.uid].includes(directory.uid)) ||
    (modes & worldWritable) !== 0 ||
    ((modes & groupWritable) !== 0 && directory.gid === from.gid)
  );
}
