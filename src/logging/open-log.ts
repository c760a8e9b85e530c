import { constants } from 'node:fs';

import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { FileFacts, LogIo } from './io.ts';

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

export interface OpenedFile {
  readonly fd: Descriptor;
  readonly facts: FileFacts;
}

/**
 * Opens a path for appending, creating it with `mode`, whatever kind of file it is and without ever waiting
 * for a reader. Readable too where permitted, so that a file removed under us can be read back.
 */
export function openForAppend(io: LogIo, path: string, mode: number, extraFlags = 0): OpenedFile | Errno {
  const flags = O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | extraFlags;
  // Through /proc it may be the pipe of another process, whose reader must not be mistaken for ourselves.
  let fd = path.startsWith('/proc/') ? 'EACCES' : io.open(path, flags | O_RDWR, mode);
  if (fd === 'EACCES') {
    fd = io.open(path, flags | O_WRONLY, mode);
  }
  if (typeof fd === 'string') {
    return fd;
  }
  const facts = io.fstat(fd);
  if (typeof facts === 'string') {
    io.close(fd);
    return facts;
  }
  return { fd, facts };
}

/**
 * Opens a log for reading; null when it is not there, a directory, or may not be read.
 *
 * A device, FIFO, socket or terminal has no past, and reading it would block, or take what is for somebody else. So it is
 * never opened, and reads as an empty file that does not grow.
 */
export function openForReading(io: LogIo, path: string): OpenedFile | null {
  const named = io.stat(path);
  if (typeof named !== 'string' && named.kind !== 'file' && named.kind !== 'directory') {
    const nothing = io.open('/dev/null', O_RDONLY, 0);
    return typeof nothing === 'string' ? null : { fd: nothing, facts: { ...named, sizeBytes: 0 } };
  }
  const fd = io.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
  if (typeof fd === 'string') {
    return null;
  }
  const facts = io.fstat(fd);
  if (typeof facts === 'string' || facts.kind !== 'file') {
    io.close(fd);
    return null;
  }
  return { fd, facts };
}
