/**
 * A pump over the calls of a `LogIo`, with the rules of the real one (native/pump-move.c, pump-lane.c) and no thread: what it
 * does it does in a later turn, and what it tells of that in one later still. So whoever acts in between acts on what
 * is no longer true, as beside a thread.
 */
import { pumpEvents } from '../native/binding.ts';
import type { Clock } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/errno.ts';
import { FakePumpStream } from './fake-pump-stream.fixture.ts';
import type { LogIo } from './io.ts';
import type { OpenedFile } from './open-log.ts';
import { tellFile } from './pump-notes.ts';
import type {
  GoOn,
  Pump,
  PumpFile,
  PumpFileFacts,
  PumpFileOwner,
  PumpStream,
  PumpStreamOwner,
} from './pump.ts';

const lookMs = 250;
const lookBytes = 8 * 1024 * 1024;
const bufferBytes = 1024 * 1024;
const leastReadBytes = 64 * 1024;

export interface FakePumpOptions {
  /** Runs a turn. */
  readonly later: (turn: () => void) => void;
  /** Whether the file is in the middle of something when it is asked to hold, and a stream when it is to part. */
  readonly isBusy: () => boolean;
}

export class FakePump implements Pump {
  readonly io: LogIo;
  readonly clock: Clock;
  readonly #options: FakePumpOptions;
  /** Why the next file, or stream, is not taken; null: it is. */
  refusal: Errno | null = null;
  readonly #subjects = new Set<FakePumpFile | FakePumpStream>();
  #isAwake = false;

  constructor(io: LogIo, clock: Clock, options: Partial<FakePumpOptions> = {}) {
    this.io = io;
    this.clock = clock;
    this.#options = { later: setImmediate, isBusy: () => false, ...options };
  }

  open(opened: OpenedFile): PumpFile | Errno {
    return this.refusal ?? this.add(new FakePumpFile(this, opened));
  }

  settle(): void {
    this.#files().forEach((file) => file.work());
  }

  isBusy(): boolean {
    return this.#options.isBusy();
  }

  wake(): void {
    if (!this.#isAwake) {
      this.#isAwake = true;
      this.#options.later(() => {
        this.#isAwake = false;
        this.turn();
      });
    }
  }

  turn(): void {
    for (const subject of this.#subjects) {
      subject.tell();
    }
    this.#files().forEach((file) => file.work());
    if ([...this.#subjects].some(({ events }) => events !== 0)) {
      this.wake();
    }
  }

  add<T extends FakePumpFile | FakePumpStream>(subject: T): T {
    this.#subjects.add(subject);
    return subject;
  }

  /** Nothing is told any more. */
  forget(subject: FakePumpFile | FakePumpStream): void {
    this.#subjects.delete(subject);
    subject.events = 0;
  }

  #files(): readonly FakePumpFile[] {
    return [...this.#subjects].filter((subject) => subject instanceof FakePumpFile);
  }
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly maxBytes: number;
}

export class FakePumpFile implements PumpFile {
  readonly pump: FakePump;
  #owner: PumpFileOwner | null = null;
  fd: Descriptor;
  events = 0;
  #errno: Errno = '';
  isHeld = false;
  #isHoldWanted = false;
  #isFollowed = false;
  #size: number;
  #seen: number;
  #reached = 0;
  #lookAtMs = Number.NEGATIVE_INFINITY;
  #noLimitUntilMs = Number.NEGATIVE_INFINITY;
  #queue: Chunk[] = [];
  readonly streams = new Set<FakePumpStream>();
  busyForMs = 0;
  #isDropped = false;

  constructor(pump: FakePump, { fd, facts }: OpenedFile) {
    this.pump = pump;
    this.fd = fd;
    this.#size = facts.sizeBytes;
    this.#seen = facts.sizeBytes;
  }

  own(owner: PumpFileOwner): void {
    this.#owner = owner;
  }

  get backlogBytes(): number {
    this.#mustBeThere();
    return this.#queue.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  get facts(): PumpFileFacts {
    this.#mustBeThere();
    return { size: this.#size, seen: this.#seen, reached: this.#reached, busyForMs: this.busyForMs };
  }

  get hasStreams(): boolean {
    return this.streams.size > 0;
  }

  push(bytes: Uint8Array, maxBytes: number): void {
    this.#mustBeThere();
    this.#queue.push({ bytes: Uint8Array.prototype.slice.call(bytes), maxBytes });
    this.pump.wake();
  }

  putBack(bytes: Uint8Array): void {
    this.putInFront(bytes, 0);
  }

  hold(): boolean {
    this.#mustBeThere();
    if (!this.isHeld && this.pump.isBusy()) {
      this.#isHoldWanted = true;
      this.pump.wake();
      return false;
    }
    this.isHeld = true;
    this.#isHoldWanted = false;
    this.events &= ~pumpEvents.held;
    return true;
  }

  goOn({ opened, sizeBytes, noLimitForMs = 0, noLookForMs = 0 }: GoOn): Descriptor | null {
    this.#mustBeThere();
    const nowMs = this.pump.clock.monotonicMs();
    const former = opened === undefined ? null : this.fd;
    const size = opened?.facts.sizeBytes ?? sizeBytes;
    if (opened !== undefined) {
      this.fd = opened.fd;
      this.#lookAtMs = Number.NEGATIVE_INFINITY;
    }
    if (size !== undefined) {
      this.#size = size;
      this.#seen = size;
    }
    if (noLimitForMs > 0) {
      this.#noLimitUntilMs = nowMs + noLimitForMs;
    }
    if (noLookForMs > 0) {
      this.#lookAtMs = nowMs + noLookForMs;
    }
    this.isHeld = false;
    this.pump.wake();
    return former;
  }

  follow(on: boolean): void {
    this.#mustBeThere();
    this.#isFollowed = on;
  }

  addStream(pipe: Descriptor, maxBytes: number, owner: PumpStreamOwner): PumpStream | Errno {
    if (this.pump.refusal !== null) {
      return this.pump.refusal;
    }
    const stream = new FakePumpStream(this, pipe, maxBytes, owner);
    this.streams.add(stream);
    return this.pump.add(stream);
  }

  lost(stream: FakePumpStream): void {
    this.streams.delete(stream);
    if (!this.hasStreams) {
      this.#owner?.unused();
    }
  }

  drop(): Descriptor {
    if (!this.isHeld || this.hasStreams) {
      throw new Error('a file is dropped that is not held, or has streams');
    }
    this.pump.forget(this);
    this.#isDropped = true;
    return this.fd;
  }

  tell(): void {
    const { events } = this;
    this.events = 0;
    if (this.#owner !== null) {
      tellFile(this.#owner, events, this.#errno);
    }
  }

  /** What a lane does with a file that is ready, and then with pipes that have something. */
  work(): void {
    this.#flush();
    const streams = [...this.streams];
    streams.filter(({ isDraining }) => isDraining).forEach((stream) => stream.empty());
    if (!streams.some(({ isDraining, isFlowing }) => isDraining && isFlowing)) {
      streams.forEach((stream) => stream.moveOnce());
    }
    this.#leave();
    streams.forEach((stream) => stream.leave());
  }

  isOpenToWrites(): boolean {
    if (this.isHeld) {
      return false;
    }
    const nowMs = this.pump.clock.monotonicMs();
    if (nowMs < this.#lookAtMs && this.#size - this.#seen < lookBytes) {
      return true;
    }
    this.#lookAtMs = nowMs + lookMs;
    const facts = this.pump.io.fstat(this.fd);
    if (typeof facts !== 'string' && facts.links === 0) {
      this.#hold(pumpEvents.removed);
      return false;
    }
    if (typeof facts !== 'string') {
      this.#size = facts.sizeBytes;
      this.#seen = facts.sizeBytes;
    }
    return true;
  }

  /** Whether all that was pushed is written, and it is not held. */
  isReadyForPipes(): boolean {
    this.#flush();
    return this.isOpenToWrites() && this.#queue.length === 0;
  }

  mostToRead(maxBytes: number): number {
    const room = Math.max(0, maxBytes - this.#size);
    return maxBytes === 0 ? bufferBytes : Math.min(bufferBytes, Math.max(room, leastReadBytes));
  }

  /** What came through a pipe; its rest goes in front of what waits. */
  write(bytes: Uint8Array, maxBytes: number): void {
    const { count, errno } = this.#writeAll(bytes);
    if (count < bytes.length) {
      this.putInFront(bytes.subarray(count), maxBytes);
    }
    this.#count(count, errno, true, maxBytes);
  }

  putInFront(bytes: Uint8Array, maxBytes: number): void {
    this.#queue.unshift({ bytes: Uint8Array.prototype.slice.call(bytes), maxBytes });
  }

  /** The real one is memory that has been freed. */
  #mustBeThere(): void {
    if (this.#isDropped) {
      throw new Error('a file of the pump is used after it was dropped');
    }
  }

  #flush(): void {
    for (let [first] = this.#queue; first !== undefined && this.isOpenToWrites(); [first] = this.#queue) {
      const { count, errno } = this.#writeAll(first.bytes);
      const isWhole = count === first.bytes.length;
      this.#queue[0] = { ...first, bytes: first.bytes.subarray(count) };
      if (isWhole) {
        this.#queue.shift();
        this.events |= this.#queue.length === 0 ? pumpEvents.empty : 0;
      }
      this.#count(count, errno, isWhole, first.maxBytes);
      this.#leave();
    }
  }

  #writeAll(bytes: Uint8Array): { readonly count: number; readonly errno: Errno | null } {
    let count = 0;
    while (count < bytes.length) {
      const written = this.pump.io.append(this.fd, bytes, count);
      if (typeof written === 'number' && written > 0) {
        count += written;
      } else if (written !== 'EINTR') {
        return { count, errno: typeof written === 'string' ? written : 'ENOSPC' };
      }
    }
    return { count, errno: null };
  }

  #count(bytes: number, errno: Errno | null, isWhole: boolean, maxBytes: number): void {
    this.#size += bytes;
    this.events |= bytes > 0 && this.#isFollowed ? pumpEvents.written : 0;
    if (errno !== null) {
      this.#errno = errno;
      this.#hold(pumpEvents.failed);
    } else if (isWhole && maxBytes > 0 && this.#size >= maxBytes && this.#isLimited) {
      this.#reached = maxBytes;
      this.#hold(pumpEvents.sizeReached);
    }
  }

  get #isLimited(): boolean {
    return this.pump.clock.monotonicMs() >= this.#noLimitUntilMs;
  }

  #hold(event: number): void {
    this.isHeld = true;
    this.events |= event;
  }

  #leave(): void {
    if (this.#isHoldWanted) {
      this.#isHoldWanted = false;
      this.#hold(pumpEvents.held);
    }
  }
}
