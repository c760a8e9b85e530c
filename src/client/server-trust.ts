/**
 * Whether whoever serves a unix socket may be told a password.
 *
 * Where everybody can write the directory, as in /tmp, a stranger can take the socket's name before the daemon does, and
 * waits for root's supervisorctl to call. So the kernel is asked who listens: root and our own user may know. Anybody else
 * must be whose socket it is, at a path that nobody but they, root and we can change.
 */
import { statSync } from 'node:fs';
import type { Binding } from '../native/binding.ts';
import { loadBinding } from '../native/index.ts';
import { directoriesOnTheWay } from '../system/path-directories.ts';
import { isOpenToOthers, isTrusted } from '../system/path-trust.ts';
import { UntrustedServerError } from './errors.ts';

/**
 * @param fd of the connection to the socket; null where it is not known.
 * @throws UntrustedServerError
 */
export function checkServer(path: string, fd: number | null): void {
  const binding = addon();
  const peer = fd === null ? undefined : binding?.peerOf(fd);
  if (typeof peer === 'object') {
    if (!isTrusted(peer.uid) && !isServerOf(path, peer.uid)) {
      throw new UntrustedServerError(path, { uid: peer.uid, name: nameOf(binding, peer.uid) });
    }
  } else if (!isOutOfReach(path)) {
    throw new UntrustedServerError(path, null);
  }
}

/** Null where it cannot be loaded: a client needs it for nothing else. */
function addon(): Binding | null {
  try {
    return loadBinding();
  } catch {
    return null;
  }
}

/**
 * Whether the socket of a path is that user's, and the path too. It is known that they listen: in a directory of theirs
 * others may have rights as well, who would listen under their own names.
 */
function isServerOf(path: string, uid: number): boolean {
  return attempt(
    () =>
      statSync(path).uid === uid &&
      directoriesOnTheWay(path).every((directory) => directory.uid === uid || !isOpenToOthers(directory)),
  );
}

const writableByOthers = 0o022;

/** Whether only the socket's owner, root and we could have put it there. */
function isOutOfReach(path: string): boolean {
  return attempt(() => {
    const { uid } = statSync(path);
    return directoriesOnTheWay(path).every(
      (directory) =>
        !isOpenToOthers(directory) || (directory.uid === uid && (directory.mode & writableByOthers) === 0),
    );
  });
}

/** False also where the path cannot be looked at, or leads nowhere any more. */
function attempt(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

function nameOf(binding: Binding | null, uid: number): string | null {
  const user = binding?.userById(uid);
  return typeof user === 'object' && user !== null ? user.name : null;
}
