import path from 'node:path';

const byName: Readonly<Record<string, number>> = { '/dev/stdout': 1, '/dev/stderr': 2 };
const byNumber = /^\/(?:dev|proc\/(self|[0-9]+))\/fd\/([0-9]+)$/;

/**
 * The number of the daemon's own descriptor that a path stands for by its name alone, or null: a link may still lead to one,
 * which turns out when it is opened (native/own-descriptor.h).
 *
 * Compat: the original opens such a path as a file, which fails for a socket and after dropping privileges,
 * and truncates or rotates what it finds.
 */
export function descriptorNamed(logPath: string): number | null {
  const resolved = path.resolve(logPath);
  const named = byName[resolved];
  if (named !== undefined) {
    return named;
  }
  const [, process_, number] = byNumber.exec(resolved) ?? [];
  const isOwn = process_ === undefined || process_ === 'self' || Number(process_) === process.pid;
  return number !== undefined && isOwn ? Number(number) : null;
}
