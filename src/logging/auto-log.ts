import { randomBytes } from 'node:crypto';
import path from 'node:path';

import { repr } from '../config/python/repr.ts';
import { askAll } from '../system/answers.ts';
import type { Errno } from '../system/system.ts';
import type { LogFiles } from './log-files.ts';

/** Permissions of AUTO logs, which may hold secrets in a directory open to all. */
export const autoLogMode = 0o600;

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789_';
const randomLength = 8;
const attempts = 100;

/** Whose output an AUTO log takes. */
export interface AutoLogOwner {
  readonly groupName: string;
  readonly processName: string;
  readonly channel: 'stdout' | 'stderr';
}

/** Where the log is, or the errno's name. */
type Made = (answer: { readonly path: string } | Errno) => void;

function randomName(): string {
  return [...randomBytes(randomLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/**
 * The AUTO logs of one life of the daemon. A process that is removed and added again, as `update` does it with one that
 * changed, goes on in the file it had: each change would leave a file behind that nobody looks at or rotates any more.
 *
 * A name is chosen at once and the file made beside the event loop, as nobody before had it: whoever opens the path after
 * that finds it.
 */
export class AutoLogs {
  readonly #files: Pick<LogFiles, 'create' | 'list' | 'remove'>;
  readonly #childLogDir: string;
  readonly #identifier: string;
  readonly #paths = new Map<string, string>();
  /** All that were chosen in this life, whatever has become of them. */
  readonly #chosen = new Set<string>();
  #isOver = false;

  constructor(files: Pick<LogFiles, 'create' | 'list' | 'remove'>, childLogDir: string, identifier: string) {
    this.#files = files;
    this.#childLogDir = childLogDir;
    this.#identifier = identifier;
  }

  /**
   * The path of the file for a stream of a process, an empty one the first time. `made` is called in a later turn: with another
   * path where something else has come to its place.
   */
  pathFor(owner: AutoLogOwner, made: Made): string {
    const known = this.#paths.get(keyOf(owner));
    const file = known ?? this.#choose(owner);
    this.#make(owner, { file, takesPresent: known !== undefined, attempt: 1 }, made);
    return file;
  }

  /**
   * Removes the AUTO logs that earlier daemons of the same identifier left, with their backups. `cleared` is called with
   * warnings for the activity log.
   *
   * Compat: the pattern is the original's and not anchored at its end, so `x---supervisor-y.log.gz` goes too;
   * but the identifier stands for itself there and is no regular expression. Source: B5.10.
   */
  clear(cleared: (warnings: readonly string[]) => void): void {
    const escaped = this.#identifier.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const pattern = new RegExp(`^.+?---${escaped}-\\S+\\.log\\.{0,1}\\d{0,4}`);
    this.#files.list(this.#childLogDir, (names) => {
      if (this.#isOver) {
        cleared([]);
        return;
      }
      if (typeof names === 'string') {
        cleared(['Could not clear childlog dir']);
        return;
      }
      const files = names
        .filter((name) => pattern.test(name))
        .map((name) => path.join(this.#childLogDir, name))
        .filter((file) => !this.#chosen.has(file));
      askAll(
        files.map((file) => (removed: (warning: string | null) => void) => {
          this.#files.remove(file, (errno) =>
            removed(errno === null ? null : `Failed to clean up ${repr(file)}`),
          );
        }),
        (warnings) => cleared(warnings.filter((warning) => warning !== null)),
      );
    });
  }

  /** The life is over: what is still to be cleared then is for the next one, whose logs are not to be taken for old ones. */
  end(): void {
    this.#isOver = true;
  }

  /** Source: B16.3. */
  #choose(owner: AutoLogOwner): string {
    const { processName, channel } = owner;
    const name = `${processName}-${channel}---${this.#identifier}-${randomName()}.log`;
    const file = path.join(this.#childLogDir, name);
    this.#chosen.add(file);
    this.#paths.set(keyOf(owner), file);
    return file;
  }

  #make(
    owner: AutoLogOwner,
    { file, takesPresent, attempt }: { file: string; takesPresent: boolean; attempt: number },
    made: Made,
  ): void {
    this.#files.create(file, { mode: autoLogMode, takesPresent }, (errno) => {
      if (errno === null) {
        made({ path: file });
      } else if ((takesPresent || errno === 'EEXIST') && attempt < attempts) {
        this.#make(owner, { file: this.#choose(owner), takesPresent: false, attempt: attempt + 1 }, made);
      } else {
        this.#paths.delete(keyOf(owner));
        made(errno);
      }
    });
  }
}

function keyOf({ groupName, processName, channel }: AutoLogOwner): string {
  return `${groupName}:${processName}:${channel}`;
}
