import path from 'node:path';

const backupSuffix = /\.\d+$/;

/**
 * Whose programs log to which paths. In a directory that others can write, their files are taken for logs as well as the
 * daemon's own: logrotate makes them so.
 */
export class LogOwners {
  readonly #uids = new Map<string, readonly number[]>();

  /** Counts a user in for a path and its backups until what it returns is called. */
  admit(logPath: string, uid: number): () => void {
    const key = path.resolve(logPath);
    this.#uids.set(key, [...(this.#uids.get(key) ?? []), uid]);
    let isAdmitted = true;
    return () => {
      if (isAdmitted) {
        isAdmitted = false;
        this.#dismiss(key, uid);
      }
    };
  }

  of(logPath: string): ReadonlySet<number> {
    const key = path.resolve(logPath);
    return new Set(this.#uids.get(key) ?? this.#uids.get(key.replace(backupSuffix, '')));
  }

  #dismiss(key: string, uid: number): void {
    const uids = this.#uids.get(key) ?? [];
    const rest = uids.toSpliced(uids.indexOf(uid), 1);
    if (rest.length === 0) {
      this.#uids.delete(key);
    } else {
      this.#uids.set(key, rest);
    }
  }
}
