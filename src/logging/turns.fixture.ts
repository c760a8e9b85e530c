/** More than any test needs: something goes on by itself for ever. */
const maxTurns = 10_000;

/** Later turns of the event loop, which a test runs when it likes. */
export class Turns {
  readonly #jobs: (() => void)[] = [];
  readonly later = (job: () => void): void => void this.#jobs.push(job);

  get isIdle(): boolean {
    return this.#jobs.length === 0;
  }

  /** The one that is due; nothing if none is. */
  runOne(): void {
    this.#jobs.shift()?.();
  }

  /** Until nothing is left to do. */
  run(): void {
    for (let count = 0; !this.isIdle; count += 1) {
      if (count > maxTurns) {
        throw new Error('there is always something left to do');
      }
      this.runOne();
    }
  }
}
