import type { Readable } from 'node:stream';

import { deadlineMs } from './wait.ts';

const shownOnFailure = 2000;

/** Collects a stream as text and lets a test wait for what it is about to say. */
export class OutputCollector {
  readonly #name: string;
  readonly #listeners = new Set<() => void>();
  #text = '';
  #ended = false;

  /** @param name what the stream is called in failure messages. */
  constructor(name: string, stream: Readable) {
    this.#name = name;
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#notify();
    });
    stream.on('close', () => {
      this.#ended = true;
      this.#notify();
    });
  }

  /** Everything so far. */
  get text(): string {
    return this.#text;
  }

  /**
   * Resolves as soon as the text from `from` on matches.
   *
   * @param from offset in {@link text}; what stood before it does not count.
   * @throws when the stream ends or the deadline passes first, with the end of what was said instead.
   */
  match(pattern: RegExp, from = 0, timeoutMs: number = deadlineMs): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(check);
        action();
      };
      const fail = (why: string): void => {
        const said = this.#text.slice(-shownOnFailure);
        settle(() => {
          reject(new Error(`${this.#name}: ${why} before ${String(pattern)} came; it said:\n${said}`));
        });
      };
      const check = (): void => {
        const found = pattern.exec(this.#text.slice(from));
        if (found !== null) {
          settle(() => {
            resolve(found);
          });
        } else if (this.#ended) {
          fail('ended');
        }
      };
      const timer = setTimeout(() => {
        fail(`${timeoutMs} ms passed`);
      }, timeoutMs);
      this.#listeners.add(check);
      check();
    });
  }

  #notify(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
