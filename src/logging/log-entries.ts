/** What logs and their backups are as entries of one directory, once a walk has come to it. */
import fs from 'node:fs';
import path from 'node:path';

import { isTrusted } from '../system/path-trust.ts';
import type { Place } from '../system/place.ts';
import { checkOwner } from '../system/safe-paths.ts';
import type { Errno } from '../system/system.ts';
import { errnoOf } from '../system/system-error.ts';
import type { Move } from './io.ts';

/** So many names are rather asked for one by one: a directory such as /tmp may hold any number of others. */
const maxAsked = 16;

const canonicalNumber = /^[1-9]\d*$/;

interface Entry {
  /** False: a device, a FIFO, a socket, a directory, or a link to one; never to be moved or removed. */
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

/** Which of `name` (0), `name.1`, `name.2` and so on are in the directory, up to a number. */
export function numberedAt(place: Place, name: string, last: number): ReadonlySet<number> {
  const names = last > maxAsked ? namesIn(place) : null;
  return names === null ? askForEach(place, name, last) : numbersIn(names, name, last);
}

/** Null when it may be entered but not listed. */
function namesIn(place: Place): readonly string[] | null {
  try {
    return fs.readdirSync(place.pathOf('.'));
  } catch (error) {
    if (errnoOf(error) === 'EACCES') {
      return null;
    }
    throw error;
  }
}

function askForEach(place: Place, name: string, last: number): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (let number = 0; number <= last; number += 1) {
    const entry = place.pathOf(number === 0 ? name : `${name}.${number}`);
    if (fs.lstatSync(entry, { throwIfNoEntry: false }) !== undefined) {
      numbers.add(number);
    }
  }
  return numbers;
}

function numbersIn(names: readonly string[], name: string, last: number): ReadonlySet<number> {
  const numbers = new Set<number>();
  const prefix = `${name}.`;
  for (const other of names) {
    if (other === name) {
      numbers.add(0);
    } else if (other.startsWith(prefix)) {
      const suffix = other.slice(prefix.length);
      const number = Number(suffix);
      if (number > 0 && number <= last && canonicalNumber.test(suffix)) {
        numbers.add(number);
      }
    }
  }
  return numbers;
}

/** As `LogIo.rename`; `directory` is the one that the moves name. */
export function renameAt(
  place: Place,
  directory: string,
  moves: readonly Move[],
  friends: ReadonlySet<number>,
): Errno | null {
  for (const [from, to] of moves) {
    if (path.dirname(from) !== directory || path.dirname(to) !== directory) {
      return 'EXDEV';
    }
    const [source, target] = [place.pathOf(path.basename(from)), place.pathOf(path.basename(to))];
    const moved = lookAt(place, source, friends);
    const inTheWay = lookAt(place, target, friends);
    if (moved?.isLog === false || inTheWay?.isLog === false) {
      return 'EINVAL';
    }
    if (moved !== null) {
      if (inTheWay !== null) {
        return 'EEXIST';
      }
      renameIfThere(source, target);
    }
  }
  return null;
}

/** Others may remove a file at any moment. */
function renameIfThere(source: string, target: string): void {
  try {
    fs.renameSync(source, target);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') {
      throw error;
    }
  }
}
