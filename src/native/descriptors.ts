import type { Binding } from './binding.ts';
import { errnoName, failureOf } from './errno.ts';

/** Reading and writing without waiting and without exceptions: bytes, or the errno's name. */
export interface DescriptorCalls {
  /** Asks for a pipe that holds so many bytes; how many it holds now. */
  resizePipe(fd: number, bytes: number): number | string;
  /** How many bytes a pipe holds. */
  pipeBytes(fd: number): number | string;
  /** Fills `buffer` from its start; 0 means the end of the stream, `EAGAIN` that nothing is there yet. */
  readAvailable(fd: number, buffer: Uint8Array): number | string;
  /** Writes from `offset` to the end of `buffer`, as far as it goes; `EAGAIN` when nothing is taken now. */
  writeSome(fd: number, buffer: Uint8Array, offset: number): number | string;
  /** Changes O_NONBLOCK of the open file description, which other processes may share. */
  setNonBlocking(fd: number, nonBlocking: boolean): string | null;
  /** Calls back while a read or a write would not wait; only after {@link DescriptorWatch.start}. */
  watch(fd: number, callback: () => void): DescriptorWatch | string;
  close(fd: number): string | null;
}

/** Waits for a descriptor that somebody else owns, who closes this first. */
export interface DescriptorWatch {
  /** Null, or the errno's name. */
  start(direction: 'read' | 'write'): string | null;
  stop(): void;
  /** Idempotent. */
  close(): void;
}

/** The addon's descriptor calls with errno names instead of numbers. */
export function descriptorCalls(binding: Binding): DescriptorCalls {
  return {
    resizePipe: (fd, bytes) => bytesOrErrno(binding.resizePipe(fd, bytes)),
    pipeBytes: (fd) => bytesOrErrno(binding.pipeBytes(fd)),
    readAvailable: (fd, buffer) => bytesOrErrno(binding.readAvailable(fd, buffer)),
    writeSome: (fd, buffer, offset) => bytesOrErrno(binding.writeSome(fd, buffer, offset)),
    setNonBlocking: (fd, nonBlocking) => failureOf(binding.setNonBlocking(fd, nonBlocking)),
    watch: (fd, callback) => watchOf(binding, fd, callback),
    close: (fd) => failureOf(binding.close(fd)),
  };
}

function watchOf(binding: Binding, fd: number, callback: () => void): DescriptorWatch | string {
  const watch = binding.watchOpen(fd, callback);
  return typeof watch === 'number'
    ? errnoName(-watch)
    : {
        start: (direction) => failureOf(binding.watchStart(watch, direction === 'write')),
        stop: () => void binding.watchStop(watch),
        close: () => void binding.watchClose(watch),
      };
}

function bytesOrErrno(result: number): number | string {
  return result < 0 ? errnoName(-result) : result;
}
