import path from 'node:path';

import type { Admitted } from '../system/place.ts';

/** Of backups, of one that is being removed, and of a log that a rotation has put aside. */
const backupSuffix = /\.(?:\d+|~0?)$/;

interface Admission {
  /** Null: nobody besides those whose files are always taken. */
  readonly uid: number | null;
  /** Device and inode of each, in turn. */
  readonly links: readonly number[];
}

interface AdmittedNumbers extends Admitted {
  readonly links: readonly number[];
}

/**
 * What a configuration makes good for the paths of its logs, where others can write the directory: files of the users whose
 * programs log there, since logrotate makes them so, and the links that were there when it was read.
 */
export class LogAdmissions {
  readonly #byPath = new Map<string, readonly Admission[]>();

  /**
   * For a path and its backups, or for all that is in a directory, until what it returns is called. `links` are those that are
   * on the path now, as {@link Admitted} has them.
   */
  admit(logPath: string, uid: number | null, links: readonly number[]): () => void {
    const key = path.resolve(logPath);
    const admission = { uid, links };
    this.#byPath.set(key, [...this.#at(key), admission]);
    return () => {
      const rest = this.#at(key).filter((other) => other !== admission);
      if (rest.length === 0) {
        this.#byPath.delete(key);
      } else {
        this.#byPath.set(key, rest);
      }
    };
  }

  /** What is allowed for the path of a log that is not for any other. */
  of(logPath: string): AdmittedNumbers {
    const key = path.resolve(logPath);
    const named = this.#byPath.has(key) ? key : key.replace(backupSuffix, '');
    const admissions = [...this.#at(named), ...this.#at(path.dirname(key))];
    return {
      friends: new Set(admissions.map(({ uid }) => uid).filter((uid) => uid !== null)),
      links: admissions.flatMap(({ links }) => links),
    };
  }

  #at(key: string): readonly Admission[] {
    return this.#byPath.get(key) ?? [];
  }
}
