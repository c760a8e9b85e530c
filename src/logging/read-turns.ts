/** So many jobs for one log are asked for at a time. */
const maxAtOnce = 4;

interface Line {
  running: number;
  readonly waiting: Set<() => void>;
}

/**
 * Who reads a log has its turn. A job that has been asked for cannot be taken back, and on a file system that hangs none is
 * ever over; clients that come, wait and go again must not leave one behind each.
 */
export class ReadTurns {
  readonly #lines = new Map<string, Line>();

  /**
   * The answer of a job, which is started when it has its turn among those for the same log. Rejects with the signal's reason once
   * nobody waits any more: what has not been started by then never is, and what has been tells `late` its answer.
   */
  ask<Answer>(
    log: string,
    start: (done: (answer: Answer) => void) => void,
    signal: AbortSignal,
    late: (answer: Answer) => void,
  ): Promise<Answer> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      let hear = (answer: Answer): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(answer);
      };
      const begin = (): void =>
        start((answer) => {
          this.#end(log);
          hear(answer);
        });
      const onAbort = (): void => {
        this.#lines.get(log)?.waiting.delete(begin);
        hear = late;
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#enter(log, begin);
    });
  }

  #enter(log: string, begin: () => void): void {
    const line = this.#lines.get(log) ?? { running: 0, waiting: new Set() };
    this.#lines.set(log, line);
    if (line.running < maxAtOnce) {
      line.running += 1;
      begin();
    } else {
      line.waiting.add(begin);
    }
  }

  #end(log: string): void {
    const line = this.#lines.get(log);
    if (line === undefined) {
      return;
    }
    const [next] = line.waiting;
    if (next !== undefined) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) {
      this.#lines.delete(log);
    }
  }
}
