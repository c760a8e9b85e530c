import { describe, expect, it } from 'vitest';
import { ClosedDescriptorError, Descriptor, descriptorIo } from './descriptor.ts';

/** A kernel that gives the lowest free number, and says what was done with which. */
function makeKernel() {
  const done: string[] = [];
  const note =
    (what: string) =>
    (fd: number): number =>
      done.push(`${what} ${fd}`);
  const io = descriptorIo({
    resizePipe: note('resize'),
    pipeBytes: note('size'),
    readAvailable: note('read'),
    writeSome: note('write'),
    setNonBlocking: (fd) => (note('flag')(fd), null),
    close: (fd) => (note('close')(fd), null),
    watch: (fd) => {
      note('watch')(fd);
      return { start: () => null, stop: () => undefined, close: () => void done.push(`unwatch ${fd}`) };
    },
  });
  return { done, io };
}

describe('a descriptor', () => {
  it('is closed once, after what waits for it has ended', () => {
    const { done, io } = makeKernel();
    const fd = new Descriptor(5);
    io.watch(fd, () => undefined);
    io.close(fd);
    io.close(fd);
    expect([done, fd.isOpen]).toEqual([['watch 5', 'unwatch 5', 'close 5'], false]);
  });

  it('reaches the kernel no more once it is closed, whatever is asked of it', () => {
    const { done, io } = makeKernel();
    const fd = new Descriptor(5);
    io.close(fd);
    const buffer = new Uint8Array(1);
    const uses = [
      () => io.readAvailable(fd, buffer),
      () => io.writeSome(fd, buffer, 0),
      () => io.resizePipe(fd, 1),
      () => io.pipeBytes(fd),
      () => io.setNonBlocking(fd, true),
      () => io.watch(fd, () => undefined),
    ];
    for (const use of uses) {
      expect(use).toThrow(ClosedDescriptorError);
    }
    expect(done).toEqual(['close 5']);
  });
});
