import type { Stats } from 'node:fs';
import path from 'node:path';

/** Of backups, and of one that is being removed. */
const backupSuffix = /\.(?:\d+|~)$/;

interface Admission {
  /** Null: nobody besides those whose files are always taken. */
  readonly uid: number | null;
  /** Device and inode of each. */
  readonly links: ReadonlySet<string>;
}

/** What is allowed for the path of a log that is not for any other. */
export interface Admitted {
  readonly friends: ReadonlySet<number>;
  readonly isBelieved: (link: Stats) => boolean;
}

/**
 * What a configuration makes good for the paths of its logs, where others can write the directory: files of the users whose
 * programs log there, since logrotate makes them so, and the links that were there when it was read.
 */
export class LogAdmissions {
  readonly #byPath = new Map<string, readonly Admission[]>();

  /**
   * For a path and its backups, or for all that is in a directory, until what it returns is called. `find` is called
   * with what takes the links that are there now.
   */
  admit(logPath: string, uid: number | null, find: (isBelieved: Admitted['isBelieved']) => void): () => void {
    const links = new Set<string>();
    find((link) => links.add(identityOf(link)).size > 0);
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

  of(logPath: string): Admitted {
    const key = path.resolve(logPath);
    const named = this.#byPath.has(key) ? key : key.replace(backupSuffix, '');
    const admissions = [...this.#at(named), ...this.#at(path.dirname(key))];
    return {
      friends: new Set(admissions.map(({ uid }) => uid).filter((uid) => uid !== null)),
      isBelieved: (link) => admissions.some(({ links }) => links.has(identityOf(link))),
    };
  }

  #at(key: string): readonly Admission[] {
    return this.#byPath.get(key) ?? [];
  }
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}
