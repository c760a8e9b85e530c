/**
 * The pidfile: the daemon's pid and a newline, removed at the end by whoever wrote it.
 *
 * Source: Supervisor manual, `pidfile`; B5.4.
 */
import { rmSync, writeFileSync } from 'node:fs';
import type { LogLevel } from '../config/settings.ts';

export class Pidfile {
  readonly #path: string;
  readonly #log: (level: LogLevel, message: string) => void;
  #written = false;

  constructor(path: string, log: (level: LogLevel, message: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  /** Not being able to write it is reported and does not keep the daemon from running. */
  write(pid: number): void {
    try {
      writeFileSync(this.#path, `${pid}\n`);
    } catch {
      this.#log('critical', `could not write pidfile ${this.#path}`);
      return;
    }
    this.#written = true;
    this.#log('info', `supervisord started with pid ${pid}`);
  }

  /** Does nothing if it was not written; a file that is gone already is no error. */
  remove(): void {
    if (this.#written) {
      this.#written = false;
      rmSync(this.#path, { force: true });
    }
  }
}
