/**
 * Jobs on files that threads of the addon carry out, and their answers, which come through the event loop.
 *
 * The loop lives as long as an answer is waited for, and nothing is made before the first job.
 */
import type { Binding, NativeBlock, NativeFileAnswer, NativeFileRequest, NativeInbox } from './binding.ts';
import { type DescriptorWatch, descriptorCalls } from './descriptors.ts';
import { errnoName } from './errno.ts';

/** In the order of native/file-jobs.h. */
const jobKinds = [
  'open',
  'rotate',
  'reopen',
  'clear',
  'remove',
  'stat',
  'close',
  'read',
  'readAt',
  'readOn',
  'readNext',
  'links',
  'create',
  'list',
  'look',
] as const;

/** In the order of native/file-jobs.h, which says what each means. */
const jobOutcomes = ['done', 'failed', 'misplaced', 'removed', 'small', 'same', 'moved', 'own'] as const;

export type FileJobKind = (typeof jobKinds)[number];

export type FileJobRequest = Omit<NativeFileRequest, 'id' | 'kind'> & { readonly kind: FileJobKind };

export interface FileJobAnswer extends Omit<NativeFileAnswer, 'id' | 'outcome' | 'error'> {
  readonly outcome: (typeof jobOutcomes)[number];
  /** The errno's name, or a sentence; empty when nothing went wrong. */
  readonly why: string;
}

type Answered = (answer: FileJobAnswer) => void;

const maxId = 2 ** 32;

export class FileJobs {
  readonly #binding: Binding;
  readonly #waiting = new Map<number, Answered>();
  #answers: NativeFileAnswer[] = [];
  #inbox: NativeInbox | null = null;
  #watch: DescriptorWatch | null = null;
  #lastId = 0;

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Calls `answered` once, in a later turn of the event loop. */
  start(request: FileJobRequest, answered: Answered): void {
    const errno = this.#open() ?? this.#submit(request, answered);
    if (errno !== null) {
      setImmediate(() => answered(failure(errno)));
    }
  }

  /** Closes a descriptor, of which nobody is told. */
  close(fd: number, domain: number): void {
    const request = { id: 0, kind: jobKinds.indexOf('close'), domain, path: '', friends: [], links: [], fd };
    if (
      this.#open() !== null ||
      this.#inbox === null ||
      this.#binding.fileJobStart(this.#inbox.handle, request) < 0
    ) {
      this.#binding.close(fd);
    }
  }

  /** Null without memory. */
  makeBlock(bytes: number): NativeBlock | null {
    const block = this.#binding.blockMake(bytes);
    return typeof block === 'number' ? null : block;
  }

  /** For how long the job of a domain has been running that does so longest; null when none is. */
  runningMs(domain: number): number | null {
    const ms = this.#binding.jobsRunningMs(domain);
    return ms < 0 ? null : ms;
  }

  #submit(request: FileJobRequest, answered: Answered): string | null {
    if (this.#inbox === null) {
      return 'EBADF';
    }
    const id = this.#nextId();
    const kind = jobKinds.indexOf(request.kind);
    const result = this.#binding.fileJobStart(this.#inbox.handle, { ...request, id, kind });
    if (result < 0) {
      return errnoName(-result);
    }
    if (this.#waiting.size === 0) {
      this.#watch?.start('read');
    }
    this.#waiting.set(id, answered);
    return null;
  }

  #nextId(): number {
    do {
      this.#lastId = (this.#lastId + 1) % maxId;
    } while (this.#waiting.has(this.#lastId));
    return this.#lastId;
  }

  /** Null, or the errno's name; then the next job tries it again. */
  #open(): string | null {
    if (this.#inbox !== null) {
      return null;
    }
    const inbox = this.#binding.inboxOpen();
    if (typeof inbox === 'number') {
      return errnoName(-inbox);
    }
    const watch = descriptorCalls(this.#binding).watch(inbox.fd, () => this.#take(inbox));
    if (typeof watch === 'string') {
      return watch;
    }
    this.#inbox = inbox;
    this.#watch = watch;
    return null;
  }

  #take(inbox: NativeInbox): void {
    this.#answers.push(...this.#binding.inboxTake(inbox.handle));
    this.#deliver();
  }

  /** What one throws keeps no other from being told. */
  #deliver(): void {
    try {
      for (let answer = this.#answers.shift(); answer !== undefined; answer = this.#answers.shift()) {
        const answered = this.#waiting.get(answer.id);
        this.#waiting.delete(answer.id);
        if (this.#waiting.size === 0) {
          this.#watch?.stop();
        }
        answered?.(answerOf(answer));
      }
    } finally {
      if (this.#answers.length > 0) {
        setImmediate(() => this.#deliver());
      }
    }
  }
}

function answerOf({ outcome, error, ...rest }: NativeFileAnswer): FileJobAnswer {
  const why = typeof error === 'string' ? error : error === 0 ? '' : errnoName(error);
  return { ...rest, outcome: jobOutcomes[outcome] ?? 'failed', why };
}

function failure(why: string): FileJobAnswer {
  const nothing = {
    fd: null,
    facts: null,
    nextFacts: null,
    isThere: false,
    start: 0,
    bytes: null,
    length: 0,
    own: null,
    links: null,
  };
  return { ...nothing, outcome: 'failed', why };
}
