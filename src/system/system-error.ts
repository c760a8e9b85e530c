/** Errors of system calls as `node:fs` throws them: with the errno's name as `code`. */
import type { Errno } from './errno.ts';

/** The errno's name of what a system call has thrown; null for anything else. */
export function errnoOf(error: unknown): Errno | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'errno' in error
    ? error.code
    : null;
}

/** What the system call would have thrown that another one was made in place of. */
export function systemError(code: Errno): Error {
  return Object.assign(new Error(code), { code, errno: 0 });
}
