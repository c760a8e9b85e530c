import type { Descriptor } from '../system/descriptor.ts';
import type { LogIo } from './io.ts';

/** As many bytes as there are from `start`, at most `length`; null when reading fails. */
export function readRange(io: LogIo, fd: Descriptor, start: number, length: number): Uint8Array | null {
  const bytes = Buffer.allocUnsafe(length);
  let count = 0;
  while (count < length) {
    const read = io.readAt(fd, bytes.subarray(count), start + count);
    if (typeof read === 'string') {
      return null;
    }
    if (read === 0) {
      break;
    }
    count += read;
  }
  return bytes.subarray(0, count);
}
