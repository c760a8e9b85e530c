/**
 * Any order of writes, pipes, ends, reopens, clears, faults, and of what others do to the files: every byte is in one
 * place, once, in the order of its writer, or in a file that somebody has removed, cleared or truncated.
 *
 * Each byte of an example is another one, so that it can be told where each has gone.
 */
import fs from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { makePipe, nodeIo, useTempDir } from './logging.fixture.ts';
import type { PumpStream } from './pump.ts';
import { PumpedFileWorld } from './pumped-file.fixture.ts';
import type { SizeLimits } from './rotation.ts';

const tempDir = useTempDir();
const mostBytes = 250;
const lastBytes = 5;
const writers: readonly SizeLimits[] = [
  { maxBytes: 0, backups: 0 },
  { maxBytes: 7, backups: 40 },
  { maxBytes: 15, backups: 3 },
];

interface Pipe {
  readonly writer: number;
  readonly writeFd: number;
  readonly stream: PumpStream;
  isEnded: boolean;
}

class Example {
  readonly #dir: string;
  readonly #path: string;
  readonly #world: PumpedFileWorld;
  readonly #written: number[][] = [[], [], [], [], []];
  #next = 1;
  readonly #pipes: Pipe[] = [];
  /** Of every file that was ever there; a descriptor keeps it. */
  readonly #inodes = new Map<number, number>();
  readonly #truncated = new Set<number>();
  /** Bytes of files that were removed from where on nothing may be missing. */
  readonly #removedAt = new Map<number, number>();
  readonly #lost = new Set<number>();
  #moves = 0;
  #asked = 0;
  #answered = 0;

  constructor(dir: string, busy: readonly boolean[]) {
    fs.mkdirSync(dir);
    this.#dir = dir;
    this.#path = path.join(dir, 'log');
    this.#world = new PumpedFileWorld(this.#path);
    let turn = 0;
    this.#world.isBusy = () => busy[(turn += 1) % busy.length] ?? false;
    this.#look();
  }

  readonly #steps: Readonly<Record<string, (argument: number) => void>> = {
    write: (argument) => {
      const writer = argument % writers.length;
      const bytes = this.#take(writer, 1 + (argument % 9));
      this.#world.file.write(bytes, writers[writer] ?? { maxBytes: 0, backups: 0 });
    },
    pump: () => this.#world.pumping.runOne(),
    work: () => this.#world.working.runOne(),
    settle: () => this.#settleSlowly(),
    wait: (argument) => this.#world.clock.advance([1, 260, 1000, 11_000][argument % 4] ?? 0),
    openPipe: (argument) => this.#openPipe(argument),
    say: (argument) => this.#say(argument),
    endPipe: (argument) => this.#endPipe(this.#pipes[argument % 2]),
    reopen: () => this.#world.file.reopen(),
    refresh: () => this.#ask((done) => this.#world.file.refresh(done)),
    clear: () => {
      this.#ask((done) =>
        this.#world.file.clear(() => {
          this.#removedAt.clear();
          done();
        }),
      );
    },
    remove: () => {
      const facts = fs.statSync(this.#path, { throwIfNoEntry: false });
      if (facts !== undefined) {
        this.#removedAt.set(facts.ino, facts.size);
        fs.unlinkSync(this.#path);
      }
    },
    move: () => {
      if (fs.existsSync(this.#path)) {
        this.#moves += 1;
        fs.renameSync(this.#path, path.join(this.#dir, `moved${this.#moves}`));
      }
    },
    truncate: () => {
      const facts = fs.statSync(this.#path, { throwIfNoEntry: false });
      if (facts !== undefined) {
        fs.readFileSync(this.#path).forEach((byte) => this.#lost.add(byte));
        this.#truncated.add(facts.ino);
        fs.truncateSync(this.#path);
      }
    },
    full: (argument) => void (this.#world.faults.roomBytes = argument % 12),
    short: (argument) => void (this.#world.faults.maxWriteBytes = 1 + (argument % 4)),
    stale: () => void (this.#world.faults.appendError = 'ESTALE'),
    noOpen: () => void (this.#world.faults.openError = () => 'EMFILE'),
    noRename: (argument) =>
      void (this.#world.faults.renameError = (from) => (from.endsWith(`.${argument % 3}`) ? 'EBUSY' : null)),
    heal: () => this.#heal(),
  };

  /** With what is to come more often. */
  static readonly steps = [
    'write write write write pump pump pump work work settle wait wait openPipe say say endPipe reopen refresh',
    'clear remove move truncate full short stale noOpen noRename heal heal',
  ].flatMap((names) => names.split(' '));

  step(name: string, argument: number): void {
    this.#steps[name]?.(argument);
    this.#look();
  }

  /** All troubles pass, and everything ends. */
  finish(): void {
    this.#heal();
    this.#pipes.forEach((pipe) => this.#endPipe(pipe));
    for (let second = 0; second < 15; second += 1) {
      this.#settleSlowly();
      this.#world.clock.advance(1000);
      if (second < lastBytes) {
        // Only who writes finds out that the file has no name any more.
        this.#world.file.write(this.#take(0, 1, mostBytes + lastBytes), { maxBytes: 0, backups: 0 });
      }
    }
    expect(this.#world.file.backlogBytes).toBe(0);
    let closed = 0;
    this.#world.file.close(() => (closed += 1));
    this.#settleSlowly();
    expect([closed, this.#world.clock.pending, this.#answered]).toEqual([1, 0, this.#asked]);
  }

  check(): void {
    const files = new Map(
      fs.readdirSync(this.#dir).map((name) => [name, [...fs.readFileSync(path.join(this.#dir, name))]]),
    );
    const visible = [...files.values()].flat();
    const seen = new Set(visible);
    expect(visible.length).toBe(seen.size);
    this.#written.forEach((bytes, writer) => this.#checkOrder(files, new Set(bytes), writer));
    const removed = this.#removedBytes(seen);
    expect(this.#written.flat().filter((byte) => !seen.has(byte) && !removed.has(byte))).toEqual([]);
  }

  dispose(): void {
    this.#pipes.filter(({ isEnded }) => !isEnded).forEach(({ writeFd }) => fs.closeSync(writeFd));
    this.#inodes.forEach((fd) => fs.closeSync(fd));
  }

  /** What one has written is in order in each file, and from the oldest backup to the newest. */
  #checkOrder(files: ReadonlyMap<string, readonly number[]>, own: ReadonlySet<number>, writer: number): void {
    const parts = [...files]
      .map(([name, bytes]) => ({ name, bytes: bytes.filter((byte) => own.has(byte)) }))
      .filter(({ bytes }) => bytes.length > 0)
      .toSorted((a, b) => (a.bytes[0] ?? 0) - (b.bytes[0] ?? 0));
    const all = parts.flatMap(({ bytes }) => bytes);
    expect(all, `writer ${writer} in ${JSON.stringify([...files])}`).toEqual(all.toSorted((a, b) => a - b));
    const numbers = parts.flatMap(({ name }) => {
      const number = name === 'log' ? 0 : Number(/^log\.(\d+)$/.exec(name)?.[1]);
      return Number.isNaN(number) ? [] : [number];
    });
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  }

  /** What is in files that have no name any more; what may not be missing is not among it. */
  #removedBytes(seen: ReadonlySet<number>): ReadonlySet<number> {
    const removed = new Set(this.#lost);
    for (const [inode, fd] of this.#inodes) {
      const bytes = [...fs.readFileSync(`/proc/self/fd/${fd}`)];
      const from = this.#truncated.has(inode) ? undefined : this.#removedAt.get(inode);
      if (fs.fstatSync(fd).nlink === 0) {
        bytes.slice(0, from).forEach((byte) => removed.add(byte));
      }
    }
    seen.forEach((byte) => removed.delete(byte));
    return removed;
  }

  #take(writer: number, count: number, most = mostBytes): Uint8Array {
    const bytes = Array.from(
      { length: Math.min(count, Math.max(0, most - this.#next)) },
      (_, index) => this.#next + index,
    );
    this.#next += bytes.length;
    this.#written[writer]?.push(...bytes);
    return Uint8Array.from(bytes);
  }

  #openPipe(argument: number): void {
    if (this.#pipes.length === 2) {
      return;
    }
    const writer = writers.length + this.#pipes.length;
    const { readFd, writeFd } = makePipe(path.join(tempDir(), `pipe${path.basename(this.#dir)}${writer}`));
    const pipe = { writer, writeFd, isEnded: false };
    const ended = (): void => void stream?.drop();
    const stream = this.#world.file.takePipe(readFd, writers[argument % 3] ?? { maxBytes: 0, backups: 0 }, {
      ended,
      parted: () => undefined,
    });
    if (stream === null) {
      nodeIo.close(readFd);
      throw new Error('the pipe was not taken');
    }
    this.#pipes.push({ ...pipe, stream });
  }

  #say(argument: number): void {
    const pipe = this.#pipes[argument % 2];
    if (pipe !== undefined && !pipe.isEnded) {
      fs.writeSync(pipe.writeFd, this.#take(pipe.writer, 1 + (argument % 9)));
    }
  }

  #endPipe(pipe: Pipe | undefined): void {
    if (pipe !== undefined && !pipe.isEnded) {
      pipe.isEnded = true;
      fs.closeSync(pipe.writeFd);
      if (pipe.stream.drain()) {
        pipe.stream.drop();
      }
    }
  }

  #ask(ask: (done: () => void) => void): void {
    this.#asked += 1;
    ask(() => (this.#answered += 1));
  }

  #heal(): void {
    const { faults } = this.#world;
    faults.roomBytes = Number.POSITIVE_INFINITY;
    faults.maxWriteBytes = Number.POSITIVE_INFINITY;
    faults.appendError = null;
    faults.openError = () => null;
    faults.renameError = () => null;
  }

  #settleSlowly(): void {
    const { pumping, working } = this.#world;
    while (!pumping.isIdle || !working.isIdle) {
      pumping.runOne();
      this.#look();
      working.runOne();
      this.#look();
    }
  }

  /** Keeps what has come into being, whatever becomes of it. */
  #look(): void {
    for (const name of fs.readdirSync(this.#dir)) {
      const fd = fs.openSync(path.join(this.#dir, name), 'r');
      const { ino } = fs.fstatSync(fd);
      if (this.#inodes.has(ino)) {
        fs.closeSync(fd);
      } else {
        this.#inodes.set(ino, fd);
      }
    }
  }
}

it('a file that is pumped into has every byte once, whatever happens to it', () => {
  let round = 0;
  const step = fc.tuple(fc.constantFrom(...Example.steps), fc.nat(100));
  const busy = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 12 })
    .filter((answers) => answers.includes(false));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), busy, (steps, answers) => {
      round += 1;
      const example = new Example(tempDir(`round${round}`), answers);
      try {
        steps.forEach(([name, argument]) => example.step(name, argument));
        example.finish();
        example.check();
      } finally {
        example.dispose();
      }
    }),
    { numRuns: 200 },
  );
});
