/**
 * The pidfile: the daemon's pid and a newline, removed at the end by whoever wrote it.
 *
 * Source: Supervisor manual, `pidfile`; B5.4. A full disk is no reason to go without for ever: it is written when there is
 * room again, and until then there is none rather than an empty one.
 */
import type { LogLevel } from '../config/settings.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { removeOwnFile, writeOwnFile } from '../system/own-file.ts';
import { UnsafePathError } from '../system/path-trust.ts';
import type { SafePaths } from '../system/safe-paths.ts';

export interface PidfileHost {
  readonly clock: Clock;
  readonly paths: SafePaths;
  log(level: LogLevel, message: string): void;
  /** Throws what {@link writeOwnFile} throws. */
  readonly writeFile?: (path: string, text: string) => void;
}

/** What goes by itself after a while: no room, no quota, no descriptor. */
const passing = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

const retryMs = 10_000;

export class Pidfile {
  readonly #path: string;
  readonly #host: PidfileHost;
  #written = false;
  #retry: Timer | null = null;

  constructor(path: string, host: PidfileHost) {
    this.#path = path;
    this.#host = host;
  }

  /** Not being able to write it is reported and does not keep the daemon from running. */
  write(pid: number): void {
    const why = this.#tryWrite(pid);
    if (why === null) {
      this.#host.log('info', `supervisord started with pid ${pid}`);
      return;
    }
    const detail = why instanceof UnsafePathError ? `: ${why.message}` : '';
    this.#host.log('critical', `could not write pidfile ${this.#path}${detail}`);
    if (typeof why === 'string' && passing.has(why)) {
      this.#tryLater(pid);
    }
  }

  /** Does nothing if it was not written; a file that is gone already is no error. */
  remove(): void {
    this.#retry?.cancel();
    if (this.#written) {
      this.#written = false;
      removeOwnFile(this.#host.paths, this.#path);
    }
  }

  #tryLater(pid: number): void {
    const { clock } = this.#host;
    this.#retry = clock.schedule(clock.monotonicMs() + retryMs, () => {
      if (this.#tryWrite(pid) === null) {
        this.#host.log('info', `wrote pidfile ${this.#path}`);
      } else {
        this.#tryLater(pid);
      }
    });
  }

  /** Null, or the errno's name, or why the path is refused. */
  #tryWrite(pid: number): string | UnsafePathError | null {
    const { paths } = this.#host;
    const write = this.#host.writeFile ?? ((path, text): void => writeOwnFile(paths, path, text));
    try {
      write(this.#path, `${pid}\n`);
    } catch (error) {
      if (error instanceof UnsafePathError) {
        return error;
      }
      const errno = (error as NodeJS.ErrnoException).code ?? String(error);
      if (errno === 'ENOSPC' || errno === 'EDQUOT') {
        removeOwnFile(paths, this.#path);
      }
      return errno;
    }
    this.#written = true;
    return null;
  }
}
