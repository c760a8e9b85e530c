/**
 * Reading log files for the API: the offset rules of `readLog` and `tailProcessStdoutLog`.
 *
 * Files are read as they are; texts are their UTF-8, in which a character belongs to the range where it
 * begins (see `utf8.ts`). So a text may be up to 3 bytes longer than asked for, or begin that much later.
 */
import type { LogIo } from './io.ts';
import { type OpenedFile, openForReading } from './open-log.ts';
import { danglingEnd, danglingStart, maxContinuationBytes } from './utf8.ts';
import { readRange } from './read-range.ts';

/** No answer is larger than this, so that a log that is never rotated cannot fill the memory. */
const defaultMaxBytes = 64 * 1024 * 1024;

const nothing = new Uint8Array();

/** Named as the API's faults. */
export type ReadFault = 'BAD_ARGUMENTS' | 'FAILED' | 'NO_FILE';

export type ReadResult =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly fault: ReadFault };

export interface TailResult {
  /** UTF-8. */
  readonly bytes: Uint8Array;
  /** Size of the file: where the next call would go on. */
  readonly offset: number;
  /** The file has grown beyond what was asked for. */
  readonly overflow: boolean;
}

function exists(io: LogIo, path: string | null): path is string {
  return path !== null && typeof io.stat(path) !== 'string';
}

/** Number of the bytes that are the text of the first `length` ones, the rest of the last character included. */
function textEnd(bytes: Uint8Array, length: number): number {
  const dangling = danglingEnd(bytes.subarray(0, length));
  if (dangling === 0) {
    return Math.min(length, bytes.length);
  }
  for (let end = length + 1; end <= bytes.length; end += 1) {
    const isContinuation = ((bytes[end - 1] ?? 0) & 0xc0) === 0x80;
    if (!isContinuation) {
      return length;
    }
    if (danglingEnd(bytes.subarray(0, end)) === 0) {
      return end;
    }
  }
  return bytes.length - danglingEnd(bytes);
}

/** Told how many bytes are about to be read; what it throws keeps them from being read. */
type BeforeReading = (bytes: number) => void;

function readText(
  io: LogIo,
  log: OpenedFile,
  start: number,
  length: number,
  before: BeforeReading,
): Uint8Array | null {
  const available = Math.max(0, Math.min(length, log.facts.sizeBytes - start));
  before(available);
  const bytes = readRange(io, log.fd, start, available + maxContinuationBytes);
  if (bytes === null) {
    return null;
  }
  const wanted = Math.min(available, bytes.length);
  const begin = start === 0 ? 0 : Math.min(danglingStart(bytes), wanted);
  return bytes.subarray(begin, textEnd(bytes, wanted));
}

/**
 * A part of a log: `offset` and `length` from its start, `length` 0 up to its end; or with a negative offset
 * and `length` 0 its last bytes.
 *
 * Source: B18.7, B18.17; `readFile` of the original.
 */
export function readFile(
  io: LogIo,
  path: string | null,
  offset: number,
  length: number,
  before: BeforeReading = () => undefined,
  maxBytes = defaultMaxBytes,
): ReadResult {
  if (!exists(io, path)) {
    return { ok: false, fault: 'NO_FILE' };
  }
  const log = openForReading(io, path);
  if (log === null) {
    return { ok: false, fault: 'FAILED' };
  }
  try {
    if (length < 0 || (offset < 0 && length !== 0)) {
      return { ok: false, fault: 'BAD_ARGUMENTS' };
    }
    const { sizeBytes } = log.facts;
    const start = offset < 0 ? Math.max(0, sizeBytes - Math.min(-offset, maxBytes)) : offset;
    const wanted = length === 0 ? sizeBytes - start : length;
    const bytes = readText(io, log, start, Math.min(wanted, maxBytes), before);
    return bytes === null ? { ok: false, fault: 'FAILED' } : { ok: true, bytes };
  } finally {
    io.close(log.fd);
  }
}

/**
 * The end of a log, for a client that asks again and again with the offset it was given.
 *
 * Compat: the rules are the original's with all their oddities: what is returned is nearly always the last
 * `length` bytes, wherever `offset` points, and nothing only when `offset` is the end of the file.
 * Source: B18.18; `tailFile` of the original.
 */
export function tailFile(
  io: LogIo,
  path: string | null,
  offset: number,
  length: number,
  before: BeforeReading = () => undefined,
  maxBytes = defaultMaxBytes,
): TailResult {
  if (!exists(io, path)) {
    return { bytes: nothing, offset: 0, overflow: false };
  }
  const log = openForReading(io, path);
  if (log === null) {
    return { bytes: nothing, offset, overflow: false };
  }
  try {
    const { sizeBytes } = log.facts;
    const overflow = sizeBytes > offset + length;
    let start = overflow ? sizeBytes - 1 : offset;
    let wanted = length;
    if (start + length > sizeBytes) {
      wanted = start > sizeBytes - 1 ? 0 : length;
      start = sizeBytes - wanted;
    }
    start = Math.max(0, start, sizeBytes - maxBytes);
    const bytes = wanted <= 0 ? nothing : readText(io, log, start, Math.min(wanted, maxBytes), before);
    return bytes === null
      ? { bytes: nothing, offset, overflow: false }
      : { bytes, offset: sizeBytes, overflow };
  } finally {
    io.close(log.fd);
  }
}
