import path from 'node:path';

import type { NativeBlock } from '../native/binding.ts';
import type { FileJobAnswer, FileJobRequest, FileJobs } from '../native/file-jobs.ts';
import type { Clock } from '../system/clock.ts';
import { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/errno.ts';
import type { FileFacts } from './io.ts';
import type { AdmittedNumbers, LogAdmissions } from './log-admissions.ts';
import { LogDomains } from './log-domains.ts';
import type {
  ClearAnswer,
  Creation,
  FollowedPart,
  Following,
  LogFiles,
  LogPart,
  OpenAnswer,
  ReadRange,
  ReopenAnswer,
  Reopening,
  RotateAnswer,
  Rotation,
  Unreadable,
} from './log-files.ts';
import type { OpenedFile } from './open-log.ts';

const nothing = new Uint8Array();
/** Of a descriptor that was opened elsewhere: no device has it. */
const unknownDevice = 0;
/** Stands for whatever lies in a directory: no log has such a name. */
const inside = '\0';
/** Why a job was not begun. */
const nothingAsked: ReadonlySet<Errno> = new Set(['EAGAIN', 'EBADF', 'EMFILE', 'ENFILE', 'ENOMEM']);

type Job = Omit<FileJobRequest, 'domain' | 'path' | 'friends' | 'links'>;

/** The real ones, which the addon carries out. */
export class NodeLogFiles implements LogFiles {
  readonly #jobs: FileJobs;
  readonly #admissions: LogAdmissions;
  readonly #clock: Clock;
  readonly #domains = new LogDomains();
  readonly #deviceOf = new WeakMap<Descriptor, number>();

  constructor(jobs: FileJobs, admissions: LogAdmissions, clock: Clock) {
    this.#jobs = jobs;
    this.#admissions = admissions;
    this.#clock = clock;
  }

  admit(file: string, uid: number | null): () => void {
    const resolved = path.resolve(file);
    const before = this.#admissions.of(resolved);
    const { learn, release } = this.#admissions.expect(file, uid);
    this.#startNow(resolved, { kind: 'links' }, before, ({ links }) => learn(links ?? []));
    return release;
  }

  open(file: string, mode: number, done: (answer: OpenAnswer | Errno) => void): void {
    this.#start(file, { kind: 'open', mode }, (answer) => {
      const { own, why } = answer;
      done(own === null ? (this.#openedBy(answer) ?? why) : { own });
    });
  }

  create(file: string, creation: Creation, done: (errno: Errno | null) => void): void {
    this.#start(file, { kind: 'create', ...creation }, ({ outcome, why }) =>
      done(outcome === 'done' ? null : why),
    );
  }

  list(directory: string, done: (names: readonly string[] | Errno) => void): void {
    this.#start(directory, { kind: 'list' }, ({ outcome, why, bytes }) =>
      done(outcome === 'done' ? namesIn(bytes ?? nothing) : why),
    );
  }

  rotate({ path: file, fd, ...limits }: Rotation, done: (answer: RotateAnswer) => void): void {
    this.#start(file, { kind: 'rotate', fd: fd.number, ...limits }, (answer) => {
      const { outcome, why, facts } = answer;
      const opened = this.#openedBy(answer);
      if (opened !== null) {
        done({ outcome: 'rotated', opened });
      } else if (outcome === 'removed') {
        done({ outcome });
      } else if (outcome === 'small' && facts !== null) {
        done({ outcome, sizeBytes: facts.sizeBytes });
      } else {
        done({ outcome: outcome === 'misplaced' ? outcome : 'kept', why });
      }
    });
  }

  reopen(reopening: Reopening, done: (answer: ReopenAnswer) => void): void {
    const { path: file, fd, seenBytes: position, mode, onlyIfOther } = reopening;
    this.#start(file, { kind: 'reopen', fd: fd.number, position, mode, onlyIfOther }, (answer) => {
      const { outcome, why, facts, bytes } = answer;
      const opened = this.#openedBy(answer);
      if (opened !== null) {
        done({ outcome: 'opened', opened, rest: bytes ?? nothing });
      } else if (outcome === 'same' && facts !== null) {
        done({ outcome, facts });
      } else {
        done({ outcome: 'failed', why });
      }
    });
  }

  clear(file: string, mode: number, done: (answer: ClearAnswer) => void): void {
    this.#start(file, { kind: 'clear', mode }, (answer) => {
      const opened = this.#openedBy(answer);
      const outcome = answer.outcome === 'misplaced' ? answer.outcome : 'kept';
      done(opened === null ? { outcome, why: answer.why } : { outcome: 'cleared', opened });
    });
  }

  remove(file: string, done: (answer: Errno | null) => void): void {
    this.#start(file, { kind: 'remove' }, ({ outcome, why }) => done(outcome === 'done' ? null : why));
  }

  stat(file: string, done: (answer: FileFacts | Errno) => void): void {
    this.#start(file, { kind: 'stat' }, ({ facts, why }) => done(facts ?? why));
  }

  isDirectory(directory: string, done: (answer: boolean | null) => void): void {
    const within = path.join(path.resolve(directory), inside);
    const domain = this.#domains.begin(within);
    this.#jobs.start({ kind: 'look', friends: [], links: [], domain, path: directory }, ({ facts, why }) => {
      this.#domains.end(within, facts?.device ?? null);
      done(facts === null && nothingAsked.has(why) ? null : facts?.kind === 'directory');
    });
  }

  close(fd: Descriptor): void {
    const number = fd.release();
    if (number !== null) {
      this.#jobs.close(number, this.#deviceOf.get(fd) ?? unknownDevice);
    }
  }

  read(file: string, { start, length }: ReadRange, done: (answer: LogPart | Unreadable) => void): void {
    this.#start(file, { kind: 'read', position: start, length }, ({ facts, bytes, start, why, isThere }) =>
      done(facts === null || bytes === null ? { why, isThere } : { facts, start, bytes }),
    );
  }

  openToRead(file: string, done: (answer: OpenedFile | Unreadable) => void): void {
    this.#start(file, { kind: 'read', keepsOpen: true }, (answer) =>
      done(this.#openedBy(answer) ?? { why: answer.why, isThere: answer.isThere }),
    );
  }

  readAt(fd: Descriptor, position: number, length: number, done: (answer: Uint8Array | Errno) => void): void {
    const domain = this.#deviceOf.get(fd) ?? unknownDevice;
    const request = { domain, path: '', friends: [], links: [], fd: fd.number, position, length };
    this.#jobs.start({ kind: 'readAt', ...request }, ({ bytes, why }) => done(bytes ?? why));
  }

  makeBlock(bytes: number): NativeBlock | null {
    return this.#jobs.makeBlock(bytes);
  }

  readOn(following: Following, done: (answer: FollowedPart | Errno) => void): void {
    const { path: file, fd, position, length, block } = following;
    const request = { fd: fd.number, position, length, ...(block === null ? {} : { block: block.handle }) };
    const answered = (answer: FileJobAnswer): void => {
      const { outcome, facts, nextFacts, why } = answer;
      const bytes = block === null ? answer.bytes : block.bytes.subarray(0, answer.length);
      const next = nextFacts === null ? null : this.#openedBy({ ...answer, facts: nextFacts });
      done(outcome !== 'done' || facts === null ? why : { facts, bytes: bytes ?? nothing, next });
    };
    this.#start(file, { kind: 'readOn', ...request }, (answer) => {
      if (answer.outcome === 'moved') {
        // The one that came next is looked for when no rotation moves it meanwhile.
        this.#start(file, { kind: 'readNext', ...request }, answered);
      } else {
        answered(answer);
      }
    });
  }

  blockedSince(file: string): number | null {
    const domain = this.#domains.of(path.resolve(file));
    const ms = domain === null ? null : this.#jobs.runningMs(domain);
    return ms === null ? null : this.#clock.monotonicMs() - ms;
  }

  #start(file: string, job: Job, answered: (answer: FileJobAnswer) => void): void {
    const resolved = path.resolve(file);
    this.#admissions.whenKnown(resolved, () =>
      this.#startNow(resolved, job, this.#admissions.of(resolved), answered),
    );
  }

  #startNow(
    resolved: string,
    job: Job,
    { friends, links }: AdmittedNumbers,
    answered: (answer: FileJobAnswer) => void,
  ): void {
    const domain = this.#domains.begin(resolved);
    this.#jobs.start({ ...job, friends: [...friends], links, domain, path: resolved }, (answer) => {
      this.#domains.end(resolved, answer.facts?.device ?? null);
      answered(answer);
    });
  }

  /** Takes over what an answer brings. */
  #openedBy({ fd, facts }: FileJobAnswer): OpenedFile | null {
    if (fd === null || facts === null) {
      return null;
    }
    const descriptor = new Descriptor(fd);
    this.#deviceOf.set(descriptor, facts.device);
    return { fd: descriptor, facts };
  }
}

/** Each has a NUL behind it. */
function namesIn(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes).toString().split('\0').slice(0, -1).toSorted();
}
