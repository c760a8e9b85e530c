/**
 * The pump of the addon (native/pump.h), with owners for its descriptors. Its threads are started with the first file.
 */
import {
  type Binding,
  type NativePump,
  type NativePumpFile,
  type NativePumpStream,
} from '../native/binding.ts';
import { errnoName } from '../native/errno.ts';
import { Descriptor, type DescriptorIo } from '../system/descriptor.ts';
import type { Errno } from '../system/errno.ts';
import type { OpenedFile } from './open-log.ts';
import type {
  GoOn,
  Pump,
  PumpFile,
  PumpFileFacts,
  PumpFileOwner,
  PumpStream,
  PumpStreamOwner,
} from './pump.ts';
import { tell } from './pump-notes.ts';

const noFacts: PumpFileFacts = { size: 0, seen: 0, reached: 0, busyForMs: 0 };

/** Notes that are taken at a time, of three numbers each. */
const maxNotes = 64;

export class AddonPump implements Pump {
  readonly #binding: Binding;
  readonly #io: Pick<DescriptorIo, 'watch'>;
  readonly #owners = new Map<number, PumpFileOwner | PumpStreamOwner>();
  readonly #notes = new Uint32Array(3 * maxNotes);
  #native: NativePump | null = null;
  /** Kept, since the watch of a descriptor that nobody holds ends. */
  #wake: Descriptor | null = null;
  #lastId = 0;

  constructor(binding: Binding, io: Pick<DescriptorIo, 'watch'>) {
    this.#binding = binding;
    this.#io = io;
  }

  open({ fd, facts }: OpenedFile): PumpFile | Errno {
    const native = this.#start();
    if (typeof native === 'string') {
      return native;
    }
    const id = this.newId();
    const file = this.#binding.pumpAddFile(native, id, fd.number, facts.device, facts.sizeBytes);
    return typeof file === 'number' ? errnoName(-file) : new AddonPumpFile(this, this.#binding, id, file, fd);
  }

  settle(limitMs: number): void {
    if (this.#native !== null) {
      this.#binding.pumpSettle(this.#native, limitMs);
    }
  }

  /** A number for what is told something. */
  newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  admit(id: number, owner: PumpFileOwner | PumpStreamOwner): void {
    this.#owners.set(id, owner);
  }

  /** Nothing is told any more. */
  dismiss(id: number): void {
    this.#owners.delete(id);
  }

  #start(): NativePump | Errno {
    if (this.#native === null) {
      const made = this.#binding.pumpOpen();
      if (typeof made === 'number') {
        return errnoName(-made);
      }
      this.#wake = new Descriptor(made.wakeFd);
      const watch = this.#io.watch(this.#wake, () => this.#hear(made.pump));
      const errno = typeof watch === 'string' ? watch : watch.start('read');
      if (errno !== null) {
        return errno;
      }
      this.#native = made.pump;
    }
    return this.#native;
  }

  #hear(pump: NativePump): void {
    const count = this.#binding.pumpNotes(pump, this.#notes);
    const notes = Array.from(this.#notes.subarray(0, 3 * count));
    for (let at = 0; at < notes.length; at += 3) {
      const [id = 0, events = 0, errno = 0] = notes.slice(at, at + 3);
      this.#tell(id, events, errno);
    }
  }

  /** What one of them throws is an error of nobody's turn but its own, and keeps none of the others from being told. */
  #tell(id: number, events: number, errno: number): void {
    try {
      tell(this.#owners.get(id), events, errno);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }
}

/** After it has been dropped it takes nothing and has nothing: the addon must not see it any more. */
class AddonPumpFile implements PumpFile {
  readonly #pump: AddonPump;
  readonly #binding: Binding;
  readonly #id: number;
  #file: NativePumpFile | null;
  #owner: PumpFileOwner | null = null;
  #fd: Descriptor;
  #streams = 0;

  constructor(pump: AddonPump, binding: Binding, id: number, file: NativePumpFile, fd: Descriptor) {
    this.#pump = pump;
    this.#binding = binding;
    this.#id = id;
    this.#file = file;
    this.#fd = fd;
  }

  own(owner: PumpFileOwner): void {
    this.#owner = owner;
    this.#pump.admit(this.#id, owner);
  }

  get fd(): Descriptor {
    return this.#fd;
  }

  get backlogBytes(): number {
    return this.#file === null ? 0 : this.#binding.pumpBacklog(this.#file);
  }

  get facts(): PumpFileFacts {
    return this.#file === null ? noFacts : this.#binding.pumpFacts(this.#file);
  }

  push(bytes: Uint8Array, maxBytes: number): void {
    if (this.#file !== null) {
      this.#binding.pumpPush(this.#file, bytes, maxBytes, false);
    }
  }

  putBack(bytes: Uint8Array): void {
    if (this.#file !== null) {
      this.#binding.pumpPush(this.#file, bytes, 0, true);
    }
  }

  hold(): boolean {
    return this.#file === null || this.#binding.pumpHold(this.#file) !== 0;
  }

  goOn({ opened, sizeBytes, noLimitForMs = 0, noLookForMs = 0 }: GoOn): Descriptor | null {
    const size = opened?.facts.sizeBytes ?? sizeBytes ?? -1;
    const next = opened?.fd;
    if (this.#file === null) {
      return next ?? null;
    }
    this.#binding.pumpGoOn(this.#file, next?.number ?? -1, size, noLimitForMs, noLookForMs);
    if (next === undefined) {
      return null;
    }
    const former = this.#fd;
    this.#fd = next;
    return former;
  }

  follow(on: boolean): void {
    if (this.#file !== null) {
      this.#binding.pumpFollow(this.#file, on);
    }
  }

  addStream(pipe: Descriptor, maxBytes: number, owner: PumpStreamOwner): PumpStream | Errno {
    if (this.#file === null) {
      return 'EBADF';
    }
    const id = this.#pump.newId();
    const stream = this.#binding.pumpAddStream(this.#file, id, pipe.number, maxBytes);
    if (typeof stream === 'number') {
      return errnoName(-stream);
    }
    this.#pump.admit(id, owner);
    this.#streams += 1;
    return new AddonPumpStream(this.#pump, this.#binding, id, stream, pipe, this);
  }

  get hasStreams(): boolean {
    return this.#streams > 0;
  }

  /** For its streams: one is dropped. */
  lostStream(): void {
    this.#streams -= 1;
    if (this.#streams === 0) {
      this.#owner?.unused();
    }
  }

  drop(): Descriptor {
    if (this.#file !== null) {
      this.#pump.dismiss(this.#id);
      this.#binding.pumpDropFile(this.#file);
      this.#file = null;
    }
    return this.#fd;
  }
}

class AddonPumpStream implements PumpStream {
  readonly #pump: AddonPump;
  readonly #binding: Binding;
  readonly #id: number;
  readonly #pipe: Descriptor;
  #stream: NativePumpStream | null;
  readonly #file: AddonPumpFile;
  #finalBytes = 0;

  constructor(
    pump: AddonPump,
    binding: Binding,
    id: number,
    stream: NativePumpStream,
    pipe: Descriptor,
    file: AddonPumpFile,
  ) {
    this.#file = file;
    this.#pump = pump;
    this.#binding = binding;
    this.#id = id;
    this.#stream = stream;
    this.#pipe = pipe;
  }

  get bytesRead(): number {
    return this.#stream === null ? this.#finalBytes : this.#binding.pumpBytes(this.#stream);
  }

  drain(): boolean {
    return this.#stream === null || this.#binding.pumpDrain(this.#stream) !== 0;
  }

  part(): boolean {
    return this.#stream === null || this.#binding.pumpPart(this.#stream) !== 0;
  }

  drop(): Descriptor | null {
    if (this.#stream === null) {
      return null;
    }
    this.#finalBytes = this.#binding.pumpBytes(this.#stream);
    this.#pump.dismiss(this.#id);
    const fd = this.#binding.pumpDropStream(this.#stream);
    this.#stream = null;
    this.#file.lostStream();
    if (fd < 0) {
      // The pump has closed it.
      this.#pipe.release();
      return null;
    }
    return this.#pipe;
  }
}
