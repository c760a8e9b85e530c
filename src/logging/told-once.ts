import type { SinkObserver } from './destinations/destination.ts';

/** Hardly anything is ever wrong. */
const none: readonly string[] = [];

/** What is wrong with a log: told once when it begins, and once when it has passed. */
export class ToldOnce {
  readonly #path: string;
  readonly #observer: Pick<SinkObserver, 'report'>;
  #actions: readonly string[] = none;

  constructor(path: string, observer: Pick<SinkObserver, 'report'>) {
    this.#path = path;
    this.#observer = observer;
  }

  /** An action cannot be done, such as `write to`; `why` is the rest of the sentence. */
  begin(action: string, why: string): void {
    if (!this.#actions.includes(action)) {
      this.#actions = [...this.#actions, action];
      this.#observer.report('error', `cannot ${action} '${this.#path}': ${why}`);
    }
  }

  /** It can be done. */
  end(action: string): void {
    if (this.#actions.includes(action)) {
      this.#actions = this.#actions.filter((other) => other !== action);
      this.#observer.report('info', `can ${action} '${this.#path}' again`);
    }
  }
}
