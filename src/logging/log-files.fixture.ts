/** Jobs on the paths of logs, carried out by the calls of a `TestIo` in a later turn: with faults that real files do not have. */
import fs, { constants } from 'node:fs';

import type { Errno } from '../system/system.ts';
import { type FileFacts, isSameFile } from './io.ts';
import type {
  ClearAnswer,
  LogFiles,
  OpenAnswer,
  Reopening,
  ReopenAnswer,
  RotateAnswer,
  Rotation,
} from './log-files.ts';
import type { TestIo } from './logging.fixture.ts';
import { openForAppend, type OpenedFile } from './open-log.ts';
import { backupPath } from './rotation.ts';

/** `later` runs a job. */
export function logFilesOver(io: TestIo, later: (job: () => void) => void = setImmediate): LogFiles {
  const unused = (): never => {
    throw new Error('not for this test');
  };
  return {
    admit: (path, uid) => io.admit(path, uid),
    open: (path, mode, done) => later(() => done(open(io, path, mode))),
    create: unused,
    list: unused,
    rotate: (rotation, done) => later(() => done(rotate(io, rotation))),
    reopen: (reopening, done) => later(() => done(reopen(io, reopening))),
    clear: (path, mode, done) => later(() => done(clear(io, path, mode))),
    remove: (path, done) => later(() => done(io.unlink(path))),
    stat: (path, done) => later(() => done(factsAt(io, path))),
    isDirectory: unused,
    close: (fd) => io.close(fd),
    read: unused,
    openToRead: unused,
    readAt: unused,
    makeBlock: unused,
    readOn: unused,
    blockedSince: () => null,
  };
}

function open(io: TestIo, path: string, mode: number): OpenAnswer | Errno {
  const own = io.ownDescriptor(path);
  return own === null ? openForAppend(io, path, mode) : { own };
}

/** Only a regular file may take the place of one. */
function openRegular(io: TestIo, path: string, mode: number, extraFlags = 0): OpenedFile | Errno {
  const opened = openForAppend(io, path, mode, extraFlags);
  if (typeof opened !== 'string' && opened.facts.kind !== 'file') {
    io.close(opened.fd);
    return 'EINVAL';
  }
  return opened;
}

function factsAt(io: TestIo, path: string): FileFacts | Errno {
  const fd = io.open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY, 0);
  if (typeof fd === 'string') {
    return fd;
  }
  const facts = io.fstat(fd);
  io.close(fd);
  return facts;
}

/** As native/rotate.c: from the oldest, which is put aside first and removed last, to the log itself. */
function shiftBackups(io: TestIo, path: string, backups: number): Errno | null {
  const pathOf = (index: number): string => (index === 0 ? path : backupPath(path, index));
  const [oldest, aside] = [pathOf(backups), `${path}.~`];
  const fallsOff = fs.existsSync(oldest) && fs.existsSync(pathOf(backups - 1));
  io.unlink(aside);
  let errno = fallsOff ? io.rename(oldest, aside) : null;
  for (let index = backups - 1; index >= 0 && errno === null; index -= 1) {
    errno = io.rename(pathOf(index), pathOf(index + 1));
  }
  if (fallsOff) {
    // Goes back where nothing has come to its place.
    void (errno === null ? io.unlink(aside) : io.rename(aside, oldest));
  }
  return errno;
}

function rotate(io: TestIo, { path, fd, maxBytes, backups, mode }: Rotation): RotateAnswer {
  const facts = io.fstat(fd);
  if (typeof facts !== 'string' && facts.links === 0) {
    return { outcome: 'removed' };
  }
  if (typeof facts !== 'string' && facts.sizeBytes < maxBytes) {
    return { outcome: 'small', sizeBytes: facts.sizeBytes };
  }
  const errno = backups > 0 ? shiftBackups(io, path, backups) : null;
  if (errno !== null) {
    return { outcome: 'kept', why: errno };
  }
  const opened = openRegular(io, path, mode, backups > 0 ? 0 : constants.O_TRUNC);
  return typeof opened === 'string' ? { outcome: 'misplaced', why: opened } : { outcome: 'rotated', opened };
}

function reopen(io: TestIo, { path, fd, seenBytes, mode, onlyIfOther }: Reopening): ReopenAnswer {
  const here = io.fstat(fd);
  const named = factsAt(io, path);
  if (onlyIfOther && typeof here !== 'string' && typeof named !== 'string' && isSameFile(here, named)) {
    return { outcome: 'same', facts: here };
  }
  const opened = openRegular(io, path, mode);
  if (typeof opened === 'string') {
    return { outcome: 'failed', why: opened };
  }
  const isRemoved = typeof here !== 'string' && here.links === 0;
  const rest = Buffer.alloc(isRemoved ? Math.max(0, here.sizeBytes - seenBytes) : 0);
  const count = rest.length === 0 ? 0 : fs.readSync(fd.number, rest, 0, rest.length, seenBytes);
  return { outcome: 'opened', opened, rest: rest.subarray(0, count) };
}

function clear(io: TestIo, path: string, mode: number): ClearAnswer {
  const errno = io.unlink(path);
  if (errno !== null && errno !== 'ENOENT') {
    return { outcome: 'kept', why: errno };
  }
  const opened = openRegular(io, path, mode);
  return typeof opened === 'string' ? { outcome: 'misplaced', why: opened } : { outcome: 'cleared', opened };
}
