/**
 * The pidfile: the daemon's pid and a newline, removed at the end by whoever wrote it.
 *
 * Source: Supervisor manual, `pidfile`; B5.4. A full disk is no reason to go without for ever: it is written when there is
 * room again, and until then there is none rather than an empty one.
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import type { LogLevel } from '../config/settings.ts';
import type { Clock, Timer } from '../system/clock.ts';

export interface PidfileHost {
  readonly clock: Clock;
  log(level: LogLevel, message: string): void;
  /** Throws what `writeFileSync` throws. */
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
    const errno = this.#tryWrite(pid);
    if (errno === null) {
      this.#host.log('info', `supervisord started with pid ${pid}`);
      return;
    }
    this.#host.log('critical', `could not write pidfile ${this.#path}`);
    if (passing.has(errno)) {
      this.#tryLater(pid);
    }
  }

  /** Does nothing if it was not written; a file that is gone already is no error. */
  remove(): void {
    this.#retry?.cancel();
    if (this.#written) {
      this.#written = false;
      removeFile(this.#path);
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

  /** Null, or the errno's name. */
  #tryWrite(pid: number): string | null {
    try {
      (this.#host.writeFile ?? writeFileSync)(this.#path, `${pid}\n`);
    } catch (error) {
      const errno = (error as NodeJS.ErrnoException).code ?? String(error);
      if (errno === 'ENOSPC' || errno === 'EDQUOT') {
        removeFile(this.#path);
      }
      return errno;
    }
    this.#written = true;
    return null;
  }
}

/** Removes a file; a device, such as /dev/null, a FIFO and the like stay. */
function removeFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    rmSync(path, { force: true });
  }
}
