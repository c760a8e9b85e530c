/** A stream of a {@link FakePump}: a real pipe, read in the turns of the pump. */
import type { DescriptorWatch } from '../native/descriptors.ts';
import { pumpEvents } from '../native/binding.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { FakePumpFile } from './fake-pump.fixture.ts';
import type { PumpStream, PumpStreamOwner } from './pump.ts';
import { tellStream } from './pump-notes.ts';

const maxDrainBytes = 1024 * 1024;

/** What has become of an attempt to move something. */
type Moved = 'some' | 'nothing' | 'held' | 'over';

export class FakePumpStream implements PumpStream {
  readonly #file: FakePumpFile;
  readonly #owner: PumpStreamOwner;
  readonly #pipe: Descriptor;
  readonly #watch: DescriptorWatch;
  #maxBytes: number;
  #state: 'flowing' | 'ended' | 'parted' = 'flowing';
  #isPartWanted = false;
  #drained = 0;
  events = 0;
  bytesRead = 0;
  isDraining = false;

  constructor(file: FakePumpFile, pipe: Descriptor, maxBytes: number, owner: PumpStreamOwner) {
    this.#file = file;
    this.#pipe = pipe;
    this.#maxBytes = maxBytes;
    this.#owner = owner;
    const watch = file.pump.io.watch(pipe, () => this.#hasSomething());
    if (typeof watch === 'string') {
      throw new Error(`cannot watch a pipe: ${watch}`);
    }
    this.#watch = watch;
    file.pump.wake();
  }

  get isFlowing(): boolean {
    return this.#state === 'flowing';
  }

  limit(maxBytes: number): void {
    this.#maxBytes = maxBytes;
  }

  drain(): boolean {
    this.isDraining = true;
    this.#file.pump.wake();
    return !this.isFlowing;
  }

  part(): boolean {
    if (this.isFlowing && this.#file.pump.isBusy()) {
      this.#isPartWanted = true;
      this.#file.pump.wake();
      return false;
    }
    this.#part();
    return true;
  }

  drop(): Descriptor | null {
    if (this.isFlowing) {
      throw new Error('a stream is dropped that still flows');
    }
    this.#file.pump.forget(this);
    this.#file.lost(this);
    return this.#state === 'ended' ? null : this.#pipe;
  }

  tell(): void {
    const { events } = this;
    this.events = 0;
    tellStream(this.#owner, events);
  }

  /** The rest of a child that has ended, as far as the file takes it. */
  empty(): void {
    while (this.isFlowing) {
      const moved = this.#drained >= maxDrainBytes ? 'nothing' : this.#move();
      if (moved === 'held') {
        return;
      }
      if (moved === 'nothing') {
        this.#end();
      }
    }
  }

  /** What is in the pipe, and waits for more. */
  moveOnce(): void {
    if (this.isFlowing && this.#move() !== 'held' && this.isFlowing) {
      this.#watch.start('read');
    }
  }

  /** The turn is over. */
  leave(): void {
    if (this.#isPartWanted && this.isFlowing) {
      this.#part();
      this.events |= pumpEvents.parted;
    }
  }

  #hasSomething(): void {
    this.#watch.stop();
    this.#file.pump.wake();
  }

  #move(): Moved {
    if (!this.#file.isReadyForPipes()) {
      return 'held';
    }
    const buffer = Buffer.alloc(this.#file.mostToRead(this.#maxBytes));
    const count = this.#file.pump.io.readAvailable(this.#pipe, buffer);
    if (typeof count === 'number' && count > 0) {
      this.bytesRead += count;
      this.#drained += this.isDraining ? count : 0;
      this.#file.write(buffer.subarray(0, count), this.#maxBytes);
      return 'some';
    }
    if (count === 'EAGAIN') {
      return 'nothing';
    }
    this.#end();
    return 'over';
  }

  #end(): void {
    this.#file.pump.io.close(this.#pipe);
    this.#state = 'ended';
    this.events |= this.isDraining || this.#isPartWanted ? pumpEvents.ended : 0;
  }

  #part(): void {
    if (this.isFlowing) {
      this.#watch.close();
      this.#state = 'parted';
    }
  }
}
