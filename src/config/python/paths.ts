/**
 * Path functions as `os.path` has them on POSIX systems; `node:path` differs in trailing and double slashes.
 *
 * Source: Python library reference, `os.path`.
 */
import { recordOf } from '../looked-up.ts';
import type { World } from '../world.ts';

/** `os.path.join` of two parts. */
export function joinPath(base: string, path: string): string {
  if (path.startsWith('/')) {
    return path;
  }
  return base === '' || base.endsWith('/') ? base + path : `${base}/${path}`;
}

/** `os.path.split`: what is before the last slash, without trailing slashes unless it is nothing else, and the rest. */
export function splitPath(path: string): readonly [string, string] {
  const slash = path.lastIndexOf('/') + 1;
  const head = path.slice(0, slash);
  const trimmed = withoutTrailingSlashes(head);
  return [trimmed === '' ? head : trimmed, path.slice(slash)];
}

/** `os.path.dirname`. */
export function directoryOf(path: string): string {
  return splitPath(path)[0];
}

/** `os.path.normpath`: no `.`, `..` or empty parts; exactly two leading slashes stay two. */
export function normalizePath(path: string): string {
  if (path === '') {
    return '.';
  }
  const leading = /^\/*/.exec(path)?.[0].length ?? 0;
  const root = leading === 2 ? '//' : '/'.repeat(Math.min(leading, 1));
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') {
      continue;
    }
    if (part !== '..' || (root === '' && kept.length === 0) || kept.at(-1) === '..') {
      kept.push(part);
    } else {
      kept.pop();
    }
  }
  return root + kept.join('/') || '.';
}

/** `os.path.abspath`. */
export function absolutePath(path: string, cwd: string): string {
  return normalizePath(joinPath(cwd, path));
}

/**
 * `os.path.expanduser`: a leading `~` is `$HOME`, or the home of the own user without it; `~name` is that
 * user's home. Without such a user, or where that cannot be told, the text stays.
 */
export function expandUser(path: string, world: Pick<World, 'env' | 'uid' | 'users'>): string {
  if (!path.startsWith('~')) {
    return path;
  }
  const slash = path.indexOf('/', 1);
  const end = slash === -1 ? path.length : slash;
  const home =
    end === 1
      ? (world.env.get('HOME') ?? recordOf(world.users.userById(world.uid))?.home)
      : recordOf(world.users.userByName(path.slice(1, end)))?.home;
  if (home === undefined) {
    return path;
  }
  return withoutTrailingSlashes(home) + path.slice(end) || '/';
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') {
    end -= 1;
  }
  return path.slice(0, end);
}

/** Home expanded, absolute, normal: what the original makes of every path it opens itself. */
export function fullPath(path: string, world: Pick<World, 'env' | 'uid' | 'users' | 'cwd'>): string {
  return absolutePath(expandUser(path, world), world.cwd);
}
