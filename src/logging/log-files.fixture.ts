/** Jobs on the paths of logs, carried out by the calls of a `LogIo` in a later turn: with faults that real files do not have. */
import { constants } from 'node:fs';

import type { Errno } from '../system/system.ts';
import { isSameFile, type LogIo } from './io.ts';
import type { ClearAnswer, LogFiles, Reopening, ReopenAnswer, RotateAnswer, Rotation } from './log-files.ts';
import { openForAppend, type OpenedFile, openForReading } from './open-log.ts';
import { readRange } from './read-range.ts';
import { shiftBackups } from './rotation.ts';

/** `later` runs a job. */
export function logFilesOver(io: LogIo, later: (job: () => void) => void = setImmediate): LogFiles {
  const unused = (): never => {
    throw new Error('not for this test');
  };
  return {
    open: (path, mode, done) => later(() => done(openForAppend(io, path, mode))),
    rotate: (rotation, done) => later(() => done(rotate(io, rotation))),
    reopen: (reopening, done) => later(() => done(reopen(io, reopening))),
    clear: (path, mode, done) => later(() => done(clear(io, path, mode))),
    remove: (path, done) => later(() => done(io.unlink(path))),
    stat: (path, done) => later(() => done(io.stat(path))),
    close: (fd) => io.close(fd),
    read: (path, { start, length }, done) =>
      later(() => {
        const log = openForReading(io, path);
        if (log === null) {
          done({ why: 'ENOENT', isThere: false });
          return;
        }
        const from = start < 0 ? Math.max(0, log.facts.sizeBytes + start) : start;
        const bytes = readRange(io, log.fd, from, length);
        io.close(log.fd);
        done(bytes === null ? { why: 'EIO', isThere: true } : { facts: log.facts, start: from, bytes });
      }),
    openToRead: unused,
    readAt: unused,
    readOn: unused,
    blockedSince: () => null,
  };
}

/** Only a regular file may take the place of one. */
function openRegular(io: LogIo, path: string, mode: number, extraFlags = 0): OpenedFile | Errno {
  const opened = openForAppend(io, path, mode, extraFlags);
  if (typeof opened !== 'string' && opened.facts.kind !== 'file') {
    io.close(opened.fd);
    return 'EINVAL';
  }
  return opened;
}

function rotate(io: LogIo, { path, fd, maxBytes, backups, mode }: Rotation): RotateAnswer {
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

function reopen(io: LogIo, { path, fd, seenBytes, mode, onlyIfOther }: Reopening): ReopenAnswer {
  const here = io.fstat(fd);
  const named = io.stat(path);
  if (onlyIfOther && typeof here !== 'string' && typeof named !== 'string' && isSameFile(here, named)) {
    return { outcome: 'same', facts: here };
  }
  const opened = openRegular(io, path, mode);
  if (typeof opened === 'string') {
    return { outcome: 'failed', why: opened };
  }
  const isRemoved = typeof here !== 'string' && here.links === 0;
  const rest = isRemoved ? readRange(io, fd, seenBytes, Math.max(0, here.sizeBytes - seenBytes)) : null;
  return { outcome: 'opened', opened, rest: rest ?? new Uint8Array(0) };
}

function clear(io: LogIo, path: string, mode: number): ClearAnswer {
  const errno = io.unlink(path);
  if (errno !== null && errno !== 'ENOENT') {
    return { outcome: 'kept', why: errno };
  }
  const opened = openRegular(io, path, mode);
  return typeof opened === 'string' ? { outcome: 'misplaced', why: opened } : { outcome: 'cleared', opened };
}
