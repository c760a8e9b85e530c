/**
 * Parts of a log with their place in the file, for readers who page through it.
 *
 * Texts begin and end on the borders of characters, or of lines when lines were asked for.
 */
import type { LogReader } from './log-reader.ts';
import type { ReadableLog } from './readable-log.ts';
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

/** Who asks for a part of which log. */
export interface WindowRequest {
  readonly reader: LogReader;
  readonly path: string;
  /** Ends the wait, which rejects with its reason. */
  readonly signal: AbortSignal;
}

/** From `offset`, or so many bytes before the end where it is negative; null when the log cannot be read. */
export async function readWindow(
  { reader, path, signal }: WindowRequest,
  offset: number,
  length: number,
): Promise<LogWindow | null> {
  const wanted = Math.min(length, maxWindowBytes);
  const part = await reader.read(path, { start: offset, length: wanted }, signal);
  if ('why' in part) {
    return null;
  }
  const size = part.facts.sizeBytes;
  const start = Math.min(part.start, size);
  return windowOf(part.bytes.subarray(0, size - start), start, size);
}

/** The last `count` lines before the byte `before`, or before the end; null when the log cannot be read. */
export async function readLastLines(
  { reader, path, signal }: WindowRequest,
  count: number,
  before: number | null,
): Promise<LogWindow | null> {
  const log = await reader.open(path, signal);
  if ('why' in log) {
    return null;
  }
  try {
    const size = log.facts.sizeBytes;
    const end = Math.min(before ?? size, size);
    const start = await startOfLines(log, count, end, signal);
    const bytes = start === null ? null : await log.readRange(start, end - start, signal);
    return start === null || bytes === null ? null : windowOf(bytes, start, size);
  } finally {
    log.close();
  }
}

/** Where the last lines before `end` begin, or how far back it is looked for that; null when the log cannot be read. */
async function startOfLines(
  log: ReadableLog,
  count: number,
  end: number,
  signal: AbortSignal,
): Promise<number | null> {
  const lowest = Math.max(0, end - maxWindowBytes);
  let wanted = count;
  for (let at = end; at > lowest;) {
    const start = Math.max(lowest, at - chunkBytes);
    const bytes = await log.readRange(start, at - start, signal);
    if (bytes === null) {
      return null;
    }
    // The feed that ends the last line begins none.
    wanted += at === end && bytes.at(-1) === lineFeed ? 1 : 0;
    for (let index = bytes.length - 1; index >= 0; index -= 1) {
      if (bytes[index] === lineFeed) {
        wanted -= 1;
        if (wanted === 0) {
          return start + index + 1;
        }
      }
    }
    at = start;
  }
  return lowest;
}

/** Characters that the range cuts are left out at its start, and at its end unless that is the end of the file. */
function windowOf(bytes: Uint8Array, start: number, size: number): LogWindow {
  const head = start === 0 ? 0 : danglingStart(bytes);
  const tail = start + bytes.length === size ? 0 : danglingEnd(bytes);
  const text = decodeUtf8(bytes.subarray(head, bytes.length - tail));
  return { text, offset: start + head, end: start + bytes.length - tail, size };
}
