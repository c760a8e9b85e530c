import type { LogReport } from './destinations/destination.ts';

/** What is wrong with a log: told once when it begins, and once when it has passed. */
export class ToldOnce {
  readonly #path: string;
  readonly #report: LogReport;
  readonly #actions = new Set<string>();

  constructor(path: string, report: LogReport) {
    this.#path = path;
    this.#report = report;
  }

  /** An action cannot be done, such as `write to`; `why` is the rest of the sentence. */
  begin(action: string, why: string): void {
    if (!this.#actions.has(action)) {
      this.#actions.add(action);
      this.#report('error', `cannot ${action} '${this.#path}': ${why}`);
    }
  }

  /** It can be done. */
  end(action: string): void {
    if (this.#actions.delete(action)) {
      this.#report('info', `can ${action} '${this.#path}' again`);
    }
  }
}
