import fs from 'node:fs';
import tty from 'node:tty';

import type { NativeSeen } from '../native/binding.ts';
import { Descriptor, type DescriptorIo } from '../system/descriptor.ts';
import { UnsafePathError } from '../system/path-trust.ts';
import type { SafePaths } from '../system/safe-paths.ts';
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

const kinds = new Map<number, FileKind>([
  [fs.constants.S_IFREG, 'file'],
  [fs.constants.S_IFDIR, 'directory'],
  [fs.constants.S_IFIFO, 'fifo'],
  [fs.constants.S_IFSOCK, 'socket'],
]);

function kindOf(mode: number, isTerminal: () => boolean): FileKind {
  const type = mode & fs.constants.S_IFMT;
  if (type === fs.constants.S_IFCHR) return isTerminal() ? 'tty' : 'device';
  return kinds.get(type) ?? 'other';
}

function factsOf(stats: NativeSeen, isTerminal: () => boolean): FileFacts {
  return {
    kind: kindOf(stats.mode, isTerminal),
    sizeBytes: stats.size,
    device: stats.dev,
    inode: stats.ino,
    links: stats.nlink,
  };
}

/** The real calls: the addon's on descriptors, Node's on files. `admissions` are shared with whoever else uses the paths. */
export function createNodeIo(
  descriptors: DescriptorIo,
  paths: SafePaths,
  admissions = new LogAdmissions(),
): LogIo {
  return {
    ...descriptors,
    append: (fd, buffer, offset) => attempt(() => fs.writeSync(fd.number, buffer, offset)),
    open: (file, flags, mode) =>
      attempt(() => new Descriptor(paths.open(file, flags, mode, admissions.of(file)))),
    fstat: (fd) => attempt(() => factsOf(fs.fstatSync(fd.number), () => tty.isatty(fd.number))),
    ownDescriptor: (file) => paths.ownDescriptor(file, admissions.of(file)),
    admit: (file, uid) => admissions.admit(file, uid, paths.linksOn(file, admissions.of(file).friends)),
  };
}
