/** The readings of the configuration of a running daemon, which are carried out one after the other. */
import type { ReadResult } from './effective-config.ts';

export class Readings {
  readonly #read: () => Promise<ReadResult>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(read: () => Promise<ReadResult>) {
    this.#read = read;
  }

  /**
   * Reads once all that was asked for before is over, and hands what was read to `use`, whose answer comes before the next
   * reading begins. Rejects with what they throw.
   */
  read<Answer>(use: (read: ReadResult) => Answer | Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(async () => use(await this.#read()));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Resolves when nothing is being read, nor about to be. */
  async settled(): Promise<void> {
    for (let last: unknown = null; last !== this.#last;) {
      last = this.#last;
      await last;
    }
  }
}
