/** Files that are the daemon's alone and written whole: the pidfile, a profile. Whatever fails is thrown. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { isTrusted, UnsafePathError } from './path-trust.ts';
import type { Place } from './place.ts';
import { openAt, type SafePaths } from './safe-paths.ts';
import { errnoOf } from './system-error.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = fs.constants;
const noFriends: ReadonlySet<number> = new Set();
/** Links of root and the daemon's user are taken as they are: such a file is written once, mostly at the start. */
const nobodyElse = { friends: noFriends, links: 'all' } as const;
const mode = 0o666;
const randomLength = 6;

/** Makes a file, which must not be there yet. */
export function makeOwnFile(paths: SafePaths, file: string, text: string): void {
  paths.at(file, { ...nobodyElse, lastLink: 'keep' }, (place) => {
    writeAndClose(openAt(place, O_WRONLY | O_CREAT | O_EXCL, mode, noFriends), text);
  });
}

/**
 * Writes a file, over what it was. Where others can write the directory another takes its place as a whole, unless that
 * is somebody else's file; a device or a FIFO of ours is written to.
 */
export function writeOwnFile(paths: SafePaths, file: string, text: string): void {
  paths.at(file, { ...nobodyElse, lastLink: 'follow' }, (place) => {
    if (place.openDirectory === null) {
      fs.writeFileSync(place.path, text);
      return;
    }
    const present = fs.lstatSync(place.path, { throwIfNoEntry: false });
    checkOurs(present);
    if (present === undefined || present.isFile()) {
      replace(place, path.basename(file), text);
      return;
    }
    const fd = fs.openSync(place.path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    writeAndClose(fd, text, () => checkOurs(fs.fstatSync(fd)));
  });
}

/** Removes a file, if it is there and ours. A device, such as /dev/null, a FIFO and the like stay, and links to them. */
export function removeOwnFile(paths: SafePaths, file: string): void {
  try {
    paths.at(file, { ...nobodyElse, lastLink: 'keep' }, removeAt);
  } catch (error) {
    // Its directory has gone, or others have put another one there.
    if (!(error instanceof UnsafePathError) && errnoOf(error) !== 'ENOENT') {
      throw error;
    }
  }
}

function removeAt({ path: file, openDirectory }: Place): void {
  const named = fs.lstatSync(file, { throwIfNoEntry: false });
  const isOurs = named !== undefined && (openDirectory === null || isTrusted(named.uid));
  if (isOurs && fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true) {
    fs.rmSync(file, { force: true });
  }
}

function checkOurs(present: fs.Stats | undefined): void {
  if (present !== undefined && !isTrusted(present.uid)) {
    throw new UnsafePathError(`others can write its directory, and it belongs to user ${present.uid}`);
  }
}

function replace(place: Place, name: string, text: string): void {
  const temporary = place.pathOf(`.${name}.${randomBytes(randomLength).toString('hex')}`);
  const fd = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    writeAndClose(fd, text);
    fs.renameSync(temporary, place.path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAndClose(fd: number, text: string, check: () => void = () => undefined): void {
  try {
    check();
    fs.writeFileSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}
