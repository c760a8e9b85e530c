/**
 * Descriptors, each with one owner.
 *
 * The kernel gives a number out again as soon as it is closed, so whoever uses a number that it does not hold any more
 * reads, writes or closes what is somebody else's. A {@link Descriptor} is the number together with the right to use
 * it: no part above `native/` holds a bare one. No handle of Node's is made over one either, since those close it at a
 * moment of their own; {@link DescriptorIo.watch} waits without owning.
 */
import type { DescriptorCalls, DescriptorWatch } from '../native/descriptors.ts';
import type { Errno } from './errno.ts';

/** A mistake of ours, kept from reaching the kernel; contained and counted like any other. */
export class ClosedDescriptorError extends Error {
  constructor(number: number) {
    super(`descriptor ${number} is used after it was closed`);
    this.name = 'ClosedDescriptorError';
  }
}

export class Descriptor {
  readonly #number: number;
  #isOpen = true;
  #watch: DescriptorWatch | null = null;

  /** Takes over a number that nobody else holds. */
  constructor(number: number) {
    this.#number = number;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** For a system call that is made at once, never to be kept. Throws once it is closed. */
  get number(): number {
    if (!this.#isOpen) {
      throw new ClosedDescriptorError(this.#number);
    }
    return this.#number;
  }

  /** Joins it to what waits for it, which ends first when it is closed. */
  watchedBy(watch: DescriptorWatch): void {
    this.#watch?.close();
    this.#watch = watch;
  }

  /** Ends the ownership: the number, which the caller closes at once, or null when that has been done. */
  release(): number | null {
    if (!this.#isOpen) {
      return null;
    }
    this.#watch?.close();
    this.#watch = null;
    this.#isOpen = false;
    return this.#number;
  }
}

/** Calls on descriptors that never wait and never throw for an expected failure. */
export interface DescriptorIo {
  /** Asks for a pipe that holds so many bytes; how many it holds now. */
  resizePipe(fd: Descriptor, bytes: number): number | Errno;
  /** How many bytes a pipe holds. */
  pipeBytes(fd: Descriptor): number | Errno;
  /** Fills `buffer` from its start; 0 means the end of the stream, `EAGAIN` that nothing is there yet. */
  readAvailable(fd: Descriptor, buffer: Uint8Array): number | Errno;
  /** Writes from `offset` to the end of `buffer`, as far as it goes; `EAGAIN` when nothing is taken now. */
  writeSome(fd: Descriptor, buffer: Uint8Array, offset: number): number | Errno;
  /** Changes O_NONBLOCK of the open file description, which other processes may share. */
  setNonBlocking(fd: Descriptor, nonBlocking: boolean): Errno | null;
  /**
   * Calls back while a read or a write would not wait, between `start` and `stop`. An end or an error of the stream
   * counts as well: the call then tells. One watch for each descriptor.
   */
  watch(fd: Descriptor, callback: () => void): DescriptorWatch | Errno;
  /** Ends the watch and closes; idempotent. */
  close(fd: Descriptor): void;
}

export function descriptorIo(calls: DescriptorCalls): DescriptorIo {
  return {
    resizePipe: (fd, bytes) => calls.resizePipe(fd.number, bytes),
    pipeBytes: (fd) => calls.pipeBytes(fd.number),
    readAvailable: (fd, buffer) => calls.readAvailable(fd.number, buffer),
    writeSome: (fd, buffer, offset) => calls.writeSome(fd.number, buffer, offset),
    setNonBlocking: (fd, nonBlocking) => calls.setNonBlocking(fd.number, nonBlocking),
    watch: (fd, callback) => {
      const watch = calls.watch(fd.number, callback);
      if (typeof watch !== 'string') {
        fd.watchedBy(watch);
      }
      return watch;
    },
    close: (fd) => {
      const number = fd.release();
      if (number !== null) {
        calls.close(number);
      }
    },
  };
}
