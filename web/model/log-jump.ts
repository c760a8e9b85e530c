/** Finding the place of a time in a log that may be large, by reading little of it. */
import type { LogPage } from '../stream/wire.ts';
import { splitLines } from './log-line.ts';
import { parseLineTime } from './log-time.ts';

/** Reads a piece of the log, as `GET .../logs/STREAM?offset=&length=` answers. */
export type ReadPiece = (offset: number, length: number) => Promise<LogPage>;

const probeBytes = 16 * 1024;
/** Stack traces and the like: how many pieces without any time are passed over. */
const mostProbes = 8;
/** What is left is near enough: it is read as a whole. */
const closeBytes = 64 * 1024;

/**
 * An offset shortly before the first line of the time or later; null when the lines have no times that are
 * recognised.
 */
export async function findOffsetOfTime(
  timeMs: number,
  size: number,
  read: ReadPiece,
  nowMs: number,
): Promise<number | null> {
  const first = await firstTime(0, size, read, nowMs);
  if (first === null) {
    return null;
  }
  let low = 0;
  let high = size;
  while (high - low > closeBytes) {
    const middle = Math.floor((low + high) / 2);
    const found = await firstTime(middle, high, read, nowMs);
    if (found !== null && found < timeMs) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The time of the first line after an offset that has one. */
async function firstTime(from: number, to: number, read: ReadPiece, nowMs: number): Promise<number | null> {
  let offset = from;
  for (let probe = 0; probe < mostProbes && offset < to; probe += 1) {
    const page = await read(offset, probeBytes);
    const { lines } = splitLines(page.text);
    // The first line of a piece from the middle is the rest of one.
    for (const line of lines.slice(offset === 0 ? 0 : 1)) {
      const timeMs = parseLineTime(line, nowMs);
      if (timeMs !== null) {
        return timeMs;
      }
    }
    if (page.end <= offset) {
      break;
    }
    offset = page.end;
  }
  return null;
}
