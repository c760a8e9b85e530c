import { constants } from 'node:fs';

import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { FileFacts, LogIo } from './io.ts';

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_RDWR, O_WRONLY } = constants;

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
