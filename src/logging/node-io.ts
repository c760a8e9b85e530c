import fs from 'node:fs';
import path from 'node:path';
import tty from 'node:tty';

import { Descriptor, type DescriptorIo } from '../system/descriptor.ts';
import { isTrusted, UnsafePathError } from '../system/path-trust.ts';
import type { PathOptions, Place } from '../system/path-walk.ts';
import { checkOwner, type SafePaths } from '../system/safe-paths.ts';
import type { Errno } from '../system/system.ts';
import { errnoOf } from '../system/system-error.ts';
import type { FileFacts, FileKind, LogIo } from './io.ts';
import { LogAdmissions } from './log-admissions.ts';

/** The errno's name of what was thrown, or why a path is refused; anything else is a mistake of ours and passes on. */
function attempt<T>(call: () => T): T | Errno {
  try {
    return call();
  } catch (error) {
    const reason = error instanceof UnsafePathError ? error.message : errnoOf(error);
    if (reason === null) {
      throw error;
    }
    return reason;
  }
}

function kindOf(stats: fs.Stats, isTerminal: () => boolean): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return isTerminal() ? 'tty' : 'device';
  return 'other';
}

function factsOf(stats: fs.Stats, isTerminal: () => boolean): FileFacts {
  return {
    kind: kindOf(stats, isTerminal),
    sizeBytes: stats.size,
    device: stats.dev,
    inode: stats.ino,
    links: stats.nlink,
  };
}

type LastLink = PathOptions['lastLink'];

/** The real calls: the addon's on descriptors, Node's on files. */
export function createNodeIo(descriptors: DescriptorIo, paths: SafePaths): LogIo {
  const admissions = new LogAdmissions();
  const at = <T>(
    file: string,
    lastLink: LastLink,
    use: (place: Place, friends: ReadonlySet<number>) => T,
  ): T | Errno =>
    attempt(() => {
      const admitted = admissions.of(file);
      return paths.at(file, { lastLink, ...admitted }, (place) => use(place, admitted.friends));
    });
  return {
    ...descriptors,
    append: (fd, buffer, offset) => attempt(() => fs.writeSync(fd.number, buffer, offset)),
    readAt: (fd, buffer, position) =>
      attempt(() => fs.readSync(fd.number, buffer, 0, buffer.length, position)),
    open: (file, flags, mode) =>
      attempt(() => new Descriptor(paths.open(file, flags, mode, admissions.of(file)))),
    fstat: (fd) => attempt(() => factsOf(fs.fstatSync(fd.number), () => tty.isatty(fd.number))),
    stat: (file) => at(file, 'follow', (place) => factsOf(statAt(place), () => false)),
    readlink: (file) => {
      const place = at(file, 'keep', ({ link }) => ({ link }));
      return typeof place === 'string' ? null : place.link;
    },
    list: (directory) => at(directory, 'follow', (place) => fs.readdirSync(place.path)),
    admit: (file, uid) =>
      admissions.admit(file, uid, (isBelieved) => {
        attempt(() => paths.at(file, { ...admissions.of(file), lastLink: 'follow', isBelieved }, () => null));
      }),
    rename: (from, to) =>
      at(from, 'keep', (place, friends) => {
        const target = place.pathOf(path.basename(to));
        if (path.dirname(from) !== path.dirname(to)) {
          return 'EXDEV';
        }
        if (isNoFile(place, place.path, friends) || isNoFile(place, target, friends)) {
          return 'EINVAL';
        }
        fs.renameSync(place.path, target);
        return null;
      }),
    unlink: (file) =>
      at(file, 'keep', (place, friends) => {
        if (isNoFile(place, place.path, friends)) {
          return 'EINVAL';
        }
        fs.unlinkSync(place.path);
        return null;
      }),
  };
}

/** Follows no link that has come there since. */
function statAt({ path: file, openDirectory, found }: Place): fs.Stats {
  return found ?? (openDirectory === null ? fs.statSync(file) : fs.lstatSync(file));
}

/**
 * Whether something is never to be moved or removed: a device, a FIFO, a socket, a directory, or a link to one, unless
 * somebody else made that. Throws when it is not ours.
 */
function isNoFile(place: Place, entry: string, friends: ReadonlySet<number>): boolean {
  if (place.openDirectory !== null) {
    const named = fs.lstatSync(entry, { throwIfNoEntry: false });
    if (named === undefined) {
      return false;
    }
    checkOwner(named, place, friends);
    if (named.isSymbolicLink() && !isTrusted(named.uid)) {
      return false;
    }
  }
  const stats = attempt(() => fs.statSync(entry, { throwIfNoEntry: false }));
  return typeof stats === 'object' && !stats.isFile();
}
