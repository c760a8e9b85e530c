import path from 'node:path';

import type { LogIo } from '../io.ts';

const byName: Readonly<Record<string, number>> = { '/dev/stdout': 1, '/dev/stderr': 2 };
const byNumber = /^\/(?:dev|proc\/(self|[0-9]+))\/fd\/([0-9]+)$/;
const maxLinks = 8;
/** The descriptors above are those of logs, connections and other programs' input. */
const standardError = 2;

/**
 * The number of the daemon's own descriptor that a path stands for, or null. Symbolic links to such a path
 * count, as container images like to have them in place of a log file; one that somebody else has made only if it leads
 * to standard output or error.
 *
 * Compat: the original opens such a path as a file, which fails for a socket and after dropping privileges,
 * and truncates or rotates what it finds.
 */
export function ownDescriptorOf(io: LogIo, logPath: string): number | null {
  let current = path.resolve(logPath);
  let highest = Number.POSITIVE_INFINITY;
  for (let followed = 0; followed < maxLinks; followed += 1) {
    const named = byName[current];
    if (named !== undefined) {
      return named;
    }
    const numbered = byNumber.exec(current);
    if (numbered !== null) {
      const [, process_, number] = numbered;
      const isOwn = process_ === undefined || process_ === 'self' || Number(process_) === process.pid;
      return isOwn && Number(number) <= highest ? Number(number) : null;
    }
    const link = io.readlink(current);
    if (link === null) {
      return null;
    }
    if (!link.isOurs) {
      highest = standardError;
    }
    current = path.resolve(path.dirname(current), link.target);
  }
  return null;
}
