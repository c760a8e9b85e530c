import type { Stats } from 'node:fs';
import path from 'node:path';

/** Of backups, of one that is being removed, and of a log that a rotation has put aside. */
const backupSuffix = /\.(?:\d+|~0?)$/;

interface Admission {
  /** Null: nobody besides those whose files are always taken. */
  readonly uid: number | null;
  /** By device and inode. */
  readonly links: ReadonlyMap<string, LinkId>;
}

type LinkId = Pick<Stats, 'dev' | 'ino'>;

/** What is allowed for the path of a log that is not for any other. */
export interface Admitted {
  readonly friends: ReadonlySet<number>;
  readonly isBelieved: (link: LinkId) => boolean;
}

/** The same in numbers: user ids, and devices and inodes in turn. */
export interface AdmittedNumbers {
  readonly friends: readonly number[];
  readonly links: readonly number[];
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
    const links = new Map<string, LinkId>();
    find(({ dev, ino }) => links.set(identityOf({ dev, ino }), { dev, ino }).size > 0);
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
    const admissions = this.#for(logPath);
    return {
      friends: friendsOf(admissions),
      isBelieved: (link) => admissions.some(({ links }) => links.has(identityOf(link))),
    };
  }

  numbersOf(logPath: string): AdmittedNumbers {
    const admissions = this.#for(logPath);
    return {
      friends: [...friendsOf(admissions)],
      links: admissions.flatMap(({ links }) => [...links.values()].flatMap(({ dev, ino }) => [dev, ino])),
    };
  }

  #for(logPath: string): readonly Admission[] {
    const key = path.resolve(logPath);
    const named = this.#byPath.has(key) ? key : key.replace(backupSuffix, '');
    return [...this.#at(named), ...this.#at(path.dirname(key))];
  }

  #at(key: string): readonly Admission[] {
    return this.#byPath.get(key) ?? [];
  }
}

function friendsOf(admissions: readonly Admission[]): ReadonlySet<number> {
  return new Set(admissions.map(({ uid }) => uid).filter((uid) => uid !== null));
}

function identityOf({ dev, ino }: LinkId): string {
  return `${dev}:${ino}`;
}
