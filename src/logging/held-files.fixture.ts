import type { Descriptor } from '../system/descriptor.ts';
import { AwaitedFiles } from './awaited-files.fixture.ts';
import type { ReadingJobs } from './readable-log.ts';

/** The real jobs that read, which begin when a test lets them: as on a file system that hangs. */
export class HeldFiles implements ReadingJobs {
  readonly #real = new AwaitedFiles().files;
  #isHolding = false;
  /** Jobs that have been asked for and not begun. */
  readonly held: (() => void)[] = [];
  /** What answers have brought, with how often each was closed. */
  readonly opened = new Map<Descriptor, number>();

  readonly read: ReadingJobs['read'] = (path, range, done) =>
    this.#begin(() => this.#real.read(path, range, done));

  readonly openToRead: ReadingJobs['openToRead'] = (path, done) =>
    this.#begin(() =>
      this.#real.openToRead(path, (answer) => {
        if ('fd' in answer) {
          this.opened.set(answer.fd, 0);
        }
        done(answer);
      }),
    );

  readonly readAt: ReadingJobs['readAt'] = (fd, position, length, done) =>
    this.#begin(() => this.#real.readAt(fd, position, length, done));

  readonly makeBlock: ReadingJobs['makeBlock'] = (bytes) => this.#real.makeBlock(bytes);

  readonly readOn: ReadingJobs['readOn'] = (following, done) =>
    this.#begin(() =>
      this.#real.readOn(following, (answer) => {
        if (typeof answer !== 'string' && answer.next !== null) {
          this.opened.set(answer.next.fd, 0);
        }
        done(answer);
      }),
    );

  /** From now on. */
  hold(): void {
    this.#isHolding = true;
  }

  /** Lets everything go on that has been held. */
  letGo(): void {
    this.#isHolding = false;
    this.held.splice(0).forEach((begin) => begin());
  }

  close(fd: Descriptor): void {
    this.opened.set(fd, (this.opened.get(fd) ?? 0) + 1);
    this.#real.close(fd);
  }

  /** How often each descriptor has been closed. */
  get closes(): readonly number[] {
    return [...this.opened.values()];
  }

  #begin(begin: () => void): void {
    if (this.#isHolding) {
      this.held.push(begin);
    } else {
      begin();
    }
  }
}
