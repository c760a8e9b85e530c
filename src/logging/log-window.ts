/**
 * Parts of a log with their place in the file, for readers who page through it.
 *
 * Texts begin and end on the borders of characters, or of lines when lines were asked for.
 */
import type { LogIo } from './io.ts';
import { type OpenedFile, openForReading } from './open-log.ts';
import { readRange } from './read-range.ts';
import { danglingEnd, danglingStart, decodeUtf8 } from './utf8.ts';

/** A part of a log; `offset` and `end` are its place in bytes. */
export interface LogWindow {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  /** Of the whole file, in bytes. */
  readonly size: number;
}

/** No window is larger. */
export const maxWindowBytes = 1024 * 1024;

const lineFeed = 0x0a;
const chunkBytes = 64 * 1024;

/** From `offset`, or so many bytes before the end where it is negative; null when the log cannot be read. */
export function readWindow(io: LogIo, path: string, offset: number, length: number): LogWindow | null {
  return withLog(io, path, (log) => {
    const size = log.facts.sizeBytes;
    const start = Math.min(offset < 0 ? Math.max(0, size + offset) : offset, size);
    return windowOf(io, log, start, Math.min(start + Math.min(length, maxWindowBytes), size));
  });
}

/** The last `count` lines before the byte `before`, or before the end; null when the log cannot be read. */
export function readLastLines(
  io: LogIo,
  path: string,
  count: number,
  before: number | null,
): LogWindow | null {
  return withLog(io, path, (log) => {
    const end = Math.min(before ?? log.facts.sizeBytes, log.facts.sizeBytes);
    const lowest = Math.max(0, end - maxWindowBytes);
    // The feed that ends the last line begins none.
    let wanted =
      count + (readRange(io, log.fd, Math.max(0, end - 1), Math.min(end, 1))?.[0] === lineFeed ? 1 : 0);
    for (let at = end; at > lowest;) {
      const start = Math.max(lowest, at - chunkBytes);
      const bytes = readRange(io, log.fd, start, at - start);
      if (bytes === null) {
        return null;
      }
      for (let index = bytes.length - 1; index >= 0; index -= 1) {
        if (bytes[index] === lineFeed) {
          wanted -= 1;
          if (wanted === 0) {
            return windowOf(io, log, start + index + 1, end);
          }
        }
      }
      at = start;
    }
    return windowOf(io, log, lowest, end);
  });
}

function withLog(io: LogIo, path: string, read: (log: OpenedFile) => LogWindow | null): LogWindow | null {
  const log = openForReading(io, path);
  if (log === null) {
    return null;
  }
  try {
    return read(log);
  } finally {
    io.close(log.fd);
  }
}

/** Characters that the range cuts are left out at its start, and at its end unless that is the end of the file. */
function windowOf(io: LogIo, log: OpenedFile, start: number, end: number): LogWindow | null {
  const bytes = readRange(io, log.fd, start, end - start);
  if (bytes === null) {
    return null;
  }
  const { sizeBytes: size } = log.facts;
  const head = start === 0 ? 0 : danglingStart(bytes);
  const tail = start + bytes.length === size ? 0 : danglingEnd(bytes);
  const text = decodeUtf8(bytes.subarray(head, bytes.length - tail));
  return { text, offset: start + head, end: start + bytes.length - tail, size };
}
