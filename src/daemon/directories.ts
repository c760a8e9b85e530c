/** Whether directories are there, asked for beside the event loop and not for ever. */
import type { LogFiles } from '../logging/log-files.ts';
import { askAll, type Question } from '../system/answers.ts';
import type { Clock, Timer } from '../system/clock.ts';

/** So long is waited for all directories together: a quarter of a second, in parts, so that one in which this process stood still counts once. */
const partMs = 50;
const parts = 5;

export class Directories {
  readonly #files: Pick<LogFiles, 'isDirectory'>;
  readonly #clock: Clock;
  /** Those that have been asked for and have not answered. */
  readonly #silent = new Set<string>();

  constructor(files: Pick<LogFiles, 'isDirectory'>, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /**
   * Those of some absolute paths that are no directories. What does not answer in time is taken for one, and until it has
   * answered it is not asked again.
   */
  missingOf(directories: readonly string[]): Promise<ReadonlySet<string>> {
    const asked = directories.filter((directory) => !this.#silent.has(directory));
    const missing = new Set<string>();
    return new Promise((resolve) => {
      const end = (): void => resolve(new Set(missing));
      const stopWaiting = this.#patience(end);
      const questions = asked.map(
        (directory): Question<null> =>
          (answered) =>
            this.#ask(directory, (isThere) => {
              if (isThere === false) {
                missing.add(directory);
              }
              answered(null);
            }),
      );
      askAll(questions, () => {
        stopWaiting();
        end();
      });
    });
  }

  #ask(directory: string, answered: (isThere: boolean | null) => void): void {
    this.#silent.add(directory);
    this.#files.isDirectory(directory, (isThere) => {
      this.#silent.delete(directory);
      answered(isThere);
    });
  }

  /** Calls `over` when it is; returns what ends that. */
  #patience(over: () => void): () => void {
    const timers: Timer[] = [];
    const wait = (left: number): void => {
      const goOn = (): void => (left === 1 ? over() : wait(left - 1));
      timers[0] = this.#clock.schedule(this.#clock.monotonicMs() + partMs, goOn);
    };
    wait(parts);
    return () => timers[0]?.cancel();
  }
}
