import path from 'node:path';

import type { Admitted } from '../system/place.ts';

/** Of backups, of one that is being removed, and of a log that a rotation has put aside. */
const backupSuffix = /\.(?:\d+|~0?)$/;

interface Admission {
  /** Null: nobody besides those whose files are always taken. */
  readonly uid: number | null;
  /** Device and inode of each, in turn. */
  links: readonly number[];
  /** Who waits until the links are known; null: they are. */
  waiting: (() => void)[] | null;
  isOver: boolean;
}

/** An admission whose links somebody has gone to look for. */
export interface ExpectedAdmission {
  /** To be called once; then everybody goes on who waits for it. */
  readonly learn: (links: readonly number[]) => void;
  /** It ends, once its links are known. */
  readonly release: () => void;
}

export interface AdmittedNumbers extends Admitted {
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
    const { learn, release } = this.expect(logPath, uid);
    learn(links);
    return release;
  }

  /** As {@link admit}, for who has to wait for the links. */
  expect(logPath: string, uid: number | null): ExpectedAdmission {
    const key = path.resolve(logPath);
    const admission: Admission = { uid, links: [], waiting: [], isOver: false };
    this.#byPath.set(key, [...this.#at(key), admission]);
    const removeIfOver = (): void => {
      if (admission.isOver && admission.waiting === null) {
        this.#remove(key, admission);
      }
    };
    return {
      learn: (links) => {
        const waiting = admission.waiting ?? [];
        admission.links = links;
        admission.waiting = null;
        removeIfOver();
        waiting.forEach((goOn) => goOn());
      },
      release: () => {
        admission.isOver = true;
        removeIfOver();
      },
    };
  }

  /**
   * Calls `known` when all is known that is allowed for the path of a log: within the call, if nothing has to be waited for.
   * Those who wait for one path go on in the order in which they came.
   */
  whenKnown(logPath: string, known: () => void): void {
    const { waiting = null } = this.#for(logPath).find((each) => each.waiting !== null) ?? {};
    if (waiting === null) {
      known();
    } else {
      waiting.push(() => this.whenKnown(logPath, known));
    }
  }

  /** What is allowed for the path of a log that is not for any other. */
  of(logPath: string): AdmittedNumbers {
    const admissions = this.#for(logPath);
    return {
      friends: new Set(admissions.map(({ uid }) => uid).filter((uid) => uid !== null)),
      links: admissions.flatMap(({ links }) => links),
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

  #remove(key: string, admission: Admission): void {
    const rest = this.#at(key).filter((other) => other !== admission);
    if (rest.length === 0) {
      this.#byPath.delete(key);
    } else {
      this.#byPath.set(key, rest);
    }
  }
}
