/** Jobs one after the other, each of which depends on what the ones before have left. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { describeError } from '../stream/api.ts';

export class JobQueue {
  readonly #problem = signal<string | null>(null);
  readonly #hasEnded = signal(false);
  #last: Promise<void> = Promise.resolve();

  /** Why the last job failed. */
  get problem(): ReadonlySignal<string | null> {
    return this.#problem;
  }

  /** Whether any job has come to its end, however it ended. */
  get hasEnded(): ReadonlySignal<boolean> {
    return this.#hasEnded;
  }

  /** Does a job when those before are done; rejects as it does. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const done = (async () => {
      await before;
      return job();
    })();
    this.#last = this.#noteEnd(done);
    return done;
  }

  /** The same for a job nobody waits for: what goes wrong is in `problem`. */
  runInBackground(job: () => Promise<void>): void {
    this.run(job).catch(() => undefined);
  }

  async #noteEnd(job: Promise<unknown>): Promise<void> {
    try {
      await job;
      this.#problem.value = null;
    } catch (error) {
      this.#problem.value = describeError(error);
    }
    this.#hasEnded.value = true;
  }
}
