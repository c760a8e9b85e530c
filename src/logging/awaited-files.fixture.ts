import type { NativeBlock } from '../native/binding.ts';
import { FileJobs } from '../native/file-jobs.ts';
import { loadBinding } from '../native/index.ts';
import { LogAdmissions } from './log-admissions.ts';
import type {
  ClearAnswer,
  FollowedPart,
  LogFiles,
  LogPart,
  OpenAnswer,
  ReopenAnswer,
  RotateAnswer,
  Unreadable,
} from './log-files.ts';
import { realClock } from './logging.fixture.ts';
import { NodeLogFiles } from './node-log-files.ts';
import type { OpenedFile } from './open-log.ts';

type Done<T> = (answer: T) => void;

/** What a call hands to its last argument. */
function answerOf<T>(call: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve) => {
    call(resolve);
  });
}

/** The real jobs, awaited. Descriptors that answers bring are closed by {@link AwaitedFiles.closeAll}. */
export class AwaitedFiles {
  readonly admissions = new LogAdmissions();
  readonly files: LogFiles = new NodeLogFiles(new FileJobs(loadBinding()), this.admissions, realClock);
  readonly #opened: OpenedFile[] = [];

  async open(file: string, mode = 0o644): Promise<OpenedFile | string> {
    const answer = await answerOf<OpenAnswer | string>((done) => this.files.open(file, mode, done));
    return typeof answer === 'object' && 'own' in answer ? `descriptor ${answer.own}` : this.#keep(answer);
  }

  /** Opens what must open. */
  async mustOpen(file: string): Promise<OpenedFile> {
    const opened = await this.open(file);
    if (typeof opened === 'string') {
      throw new Error(opened);
    }
    return opened;
  }

  async rotate(file: string, { fd }: OpenedFile, backups: number, maxBytes = 1): Promise<RotateAnswer> {
    const rotation = { path: file, fd, maxBytes, backups, mode: 0o644 };
    return this.#keepOf(await answerOf((done) => this.files.rotate(rotation, done)));
  }

  /** Rotates a log, as the one who has `open` open; what came of it. */
  async shift(file: string, backups: number, open = file): Promise<string> {
    const answer = await this.rotate(file, await this.mustOpen(open), backups);
    return 'why' in answer ? `${answer.outcome}: ${answer.why}` : answer.outcome;
  }

  async reopen(
    file: string,
    { fd }: OpenedFile,
    seenBytes: number,
    onlyIfOther = false,
  ): Promise<ReopenAnswer> {
    const reopening = { path: file, fd, seenBytes, mode: 0o644, onlyIfOther };
    return this.#keepOf(await answerOf((done) => this.files.reopen(reopening, done)));
  }

  async clear(file: string): Promise<ClearAnswer> {
    return this.#keepOf(await answerOf((done) => this.files.clear(file, 0o644, done)));
  }

  remove(file: string): Promise<string | null> {
    return answerOf((done) => this.files.remove(file, done));
  }

  read(file: string, start: number, length: number): Promise<LogPart | Unreadable> {
    return answerOf((done) => this.files.read(file, { start, length }, done));
  }

  async openToRead(file: string): Promise<OpenedFile | Unreadable> {
    return this.#keep(await answerOf((done) => this.files.openToRead(file, done)));
  }

  async readOn(
    file: string,
    { fd }: OpenedFile,
    position: number,
    block: NativeBlock | null = null,
  ): Promise<FollowedPart | string> {
    const answer = await answerOf<FollowedPart | string>((done) =>
      this.files.readOn({ path: file, fd, position, length: 100, block }, done),
    );
    if (typeof answer !== 'string' && answer.next !== null) {
      this.#keep(answer.next);
    }
    return answer;
  }

  closeAll(): void {
    this.#opened.splice(0).forEach(({ fd }) => this.files.close(fd));
  }

  #keep<T>(answer: T | OpenedFile): T | OpenedFile {
    if (typeof answer === 'object' && answer !== null && 'fd' in answer) {
      this.#opened.push(answer);
    }
    return answer;
  }

  #keepOf<T extends object>(answer: T | { readonly opened: OpenedFile }): T {
    if ('opened' in answer) {
      this.#keep(answer.opened);
    }
    return answer as T;
  }
}
