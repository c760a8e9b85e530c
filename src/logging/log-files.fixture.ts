/** Jobs on the paths of logs, carried out by the calls of a `LogIo` in a later turn: with faults that real files do not have. */
import { constants } from 'node:fs';

import type { Errno } from '../system/system.ts';
import { isSameFile, type LogIo } from './io.ts';
import type { LogFiles, ReopenAnswer, RotateAnswer } from './log-files.ts';
import { openForAppend, openForReading } from './open-log.ts';
import { readRange } from './read-range.ts';
import { backupPath } from './rotation.ts';

/** `later` runs a job. */
export function logFilesOver(io: LogIo, later: (job: () => void) => void = setImmediate): LogFiles {
  const unused = (): never => {
    throw new Error('not for this test');
  };
  return {
    open: (path, mode, done) => later(() => done(openForAppend(io, path, mode))),
    rotate: ({ path, fd, maxBytes, backups, mode }, done) =>
      later(() => done(rotate(io, path, { fd, maxBytes, backups, mode }))),
    reopen: (reopening, done) => later(() => done(reopen(io, reopening))),
    clear: (path, mode, done) =>
      later(() => {
        const errno = io.unlink(path);
        if (errno !== null && errno !== 'ENOENT') {
          done({ outcome: 'kept', why: errno });
          return;
        }
        const opened = openForAppend(io, path, mode);
        done(
          typeof opened === 'string' ? { outcome: 'misplaced', why: opened } : { outcome: 'cleared', opened },
        );
      }),
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

type Rotation = Omit<Parameters<LogFiles['rotate']>[0], 'path'>;

function rotate(io: LogIo, path: string, { fd, maxBytes, backups, mode }: Rotation): RotateAnswer {
  const facts = io.fstat(fd);
  if (typeof facts === 'string') {
    return { outcome: 'kept', why: facts };
  }
  if (facts.links === 0) {
    return { outcome: 'removed' };
  }
  if (facts.sizeBytes < maxBytes) {
    return { outcome: 'small', sizeBytes: facts.sizeBytes };
  }
  const errno = moveUp(io, path, backups);
  if (errno !== null) {
    return { outcome: 'kept', why: errno };
  }
  const opened = openForAppend(io, path, mode, backups > 0 ? 0 : constants.O_TRUNC);
  return typeof opened === 'string' ? { outcome: 'misplaced', why: opened } : { outcome: 'rotated', opened };
}

function moveUp(io: LogIo, path: string, backups: number): Errno | null {
  if (backups > 0) {
    io.unlink(backupPath(path, backups));
  }
  for (let index = backups - 1; index >= 0; index -= 1) {
    const errno = io.rename([[index === 0 ? path : backupPath(path, index), backupPath(path, index + 1)]]);
    if (errno !== null) {
      return errno;
    }
  }
  return null;
}

function reopen(
  io: LogIo,
  { path, fd, seenBytes, mode, onlyIfOther }: Parameters<LogFiles['reopen']>[0],
): ReopenAnswer {
  const here = io.fstat(fd);
  const named = io.stat(path);
  if (onlyIfOther && typeof here !== 'string' && typeof named !== 'string' && isSameFile(here, named)) {
    return { outcome: 'same', facts: here };
  }
  const opened = openForAppend(io, path, mode);
  if (typeof opened === 'string') {
    return { outcome: 'failed', why: opened };
  }
  const isRemoved = typeof here !== 'string' && here.links === 0;
  const rest = isRemoved ? readRange(io, fd, seenBytes, Math.max(0, here.sizeBytes - seenBytes)) : null;
  return { outcome: 'opened', opened, rest: rest ?? new Uint8Array(0) };
}
