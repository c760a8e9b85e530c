import fs from 'node:fs';
import tty from 'node:tty';

import { Descriptor, type DescriptorIo } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { FileFacts, FileKind, LogIo } from './io.ts';

function attempt<T>(call: () => T): T | Errno {
  try {
    return call();
  } catch (error) {
    return errnoOf(error);
  }
}

/** The errno's name of what `node:fs` throws; anything else is a mistake of ours and passes on. */
function errnoOf(error: unknown): Errno {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'errno' in error) {
    return error.code;
  }
  throw error;
}

function attemptVoid(call: () => void): Errno | null {
  return attempt(() => {
    call();
    return null;
  });
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

/** Whether a path names what is never to be moved or removed: a device, a FIFO, a socket, a directory. */
function isNoFile(path: string): boolean {
  const stats = attempt(() => fs.statSync(path, { throwIfNoEntry: false }));
  return typeof stats === 'object' && !stats.isFile();
}

/** The real calls: the addon's on descriptors, Node's on files. */
export function createNodeIo(descriptors: DescriptorIo): LogIo {
  return {
    ...descriptors,
    append: (fd, buffer, offset) => attempt(() => fs.writeSync(fd.number, buffer, offset)),
    readAt: (fd, buffer, position) =>
      attempt(() => fs.readSync(fd.number, buffer, 0, buffer.length, position)),
    open: (path, flags, mode) => attempt(() => new Descriptor(fs.openSync(path, flags, mode))),
    fstat: (fd) => attempt(() => factsOf(fs.fstatSync(fd.number), () => tty.isatty(fd.number))),
    stat: (path) => attempt(() => factsOf(fs.statSync(path), () => false)),
    readlink: (path) => {
      const target = attempt(() => ({ path: fs.readlinkSync(path) }));
      return typeof target === 'string' ? null : target.path;
    },
    list: (path) => attempt(() => fs.readdirSync(path)),
    rename: (from, to) =>
      isNoFile(from) || isNoFile(to) ? 'EINVAL' : attemptVoid(() => fs.renameSync(from, to)),
    unlink: (path) => (isNoFile(path) ? 'EINVAL' : attemptVoid(() => fs.unlinkSync(path))),
  };
}
