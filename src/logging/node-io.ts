import fs from 'node:fs';
import tty from 'node:tty';

import type { Errno } from '../system/system.ts';
import type { FileFacts, FileKind, LogIo } from './io.ts';

/** The calls Node lacks or wraps in exceptions; the addon has them, with the same answers as {@link LogIo}. */
export type NativeLogIo = Pick<LogIo, 'resizePipe' | 'readAvailable' | 'writeSome' | 'setNonBlocking'>;

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

/** What Node can do by itself. It cannot widen a pipe, or make somebody else's descriptor non-blocking. */
const plainNode: NativeLogIo = {
  resizePipe: () => 'ENOSYS',
  readAvailable: (fd, buffer) => attempt(() => fs.readSync(fd, buffer)),
  writeSome: (fd, buffer, offset) => attempt(() => fs.writeSync(fd, buffer, offset)),
  setNonBlocking: () => 'ENOSYS',
};

/** The real calls; with the addon's where it has better ones. */
export function createNodeIo(native: NativeLogIo = plainNode): LogIo {
  return {
    resizePipe: (fd, bytes) => native.resizePipe(fd, bytes),
    readAvailable: (fd, buffer) => native.readAvailable(fd, buffer),
    writeSome: (fd, buffer, offset) => native.writeSome(fd, buffer, offset),
    setNonBlocking: (fd, nonBlocking) => native.setNonBlocking(fd, nonBlocking),
    append: (fd, buffer, offset) => attempt(() => fs.writeSync(fd, buffer, offset)),
    readAt: (fd, buffer, position) => attempt(() => fs.readSync(fd, buffer, 0, buffer.length, position)),
    open: (path, flags, mode) => attempt(() => fs.openSync(path, flags, mode)),
    close: (fd) => void attempt(() => fs.closeSync(fd)),
    fstat: (fd) => attempt(() => factsOf(fs.fstatSync(fd), () => tty.isatty(fd))),
    stat: (path) => attempt(() => factsOf(fs.statSync(path), () => false)),
    readlink: (path) => {
      const target = attempt(() => ({ path: fs.readlinkSync(path) }));
      return typeof target === 'string' ? null : target.path;
    },
    list: (path) => attempt(() => fs.readdirSync(path)),
    rename: (from, to) => attemptVoid(() => fs.renameSync(from, to)),
    unlink: (path) => attemptVoid(() => fs.unlinkSync(path)),
  };
}
