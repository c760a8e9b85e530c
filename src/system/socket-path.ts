/** What the name of a unix socket may be, and what may have it. */
import type { Stats } from 'node:fs';

/** `sun_path` of Linux without its final NUL. Source: unix(7). */
const maxPathBytes = 107;

/** In the original's words. */
export const socketPathTooLong = 'AF_UNIX path too long';

/** Node cuts a longer path off in silence, and binds or connects to what has the shorter name. */
export function isSocketPathTooLong(path: string): boolean {
  return Buffer.byteLength(path) > maxPathBytes;
}

/**
 * Whether what has the name may be removed to make room for a socket: a socket, or an empty file, which scripts like to
 * put there so that the name exists.
 */
export function isReplaceableBySocket(found: Stats): boolean {
  return found.isSocket() || (found.isFile() && found.size === 0);
}
