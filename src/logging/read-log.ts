/**
 * Reading log files for the API: the offset rules of `readLog` and `tailProcessStdoutLog`.
 *
 * Files are read as they are; texts are their UTF-8, in which a character belongs to the range where it
 * begins (see `utf8.ts`). So a text may be up to 3 bytes longer than asked for, or begin that much later.
 */
import type { LogReader } from './log-reader.ts';
import type { ReadableLog } from './readable-log.ts';
import { danglingEnd, danglingStart, maxContinuationBytes } from './utf8.ts';

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

/** What is asked for. */
export interface Reading {
  /** Null: there is no such log. */
  readonly path: string | null;
  readonly offset: number;
  readonly length: number;
}

/** Who asks. */
export interface LogClient {
  readonly reader: LogReader;
  /** Ends the wait, which rejects with its reason. */
  readonly signal: AbortSignal;
  /** Told how many bytes are about to be read; what it throws keeps them from being read. */
  readonly beforeReading: (bytes: number) => void;
  /** Most bytes of an answer; 64 MiB unless given. */
  readonly maxBytes?: number;
}

async function readText(
  { beforeReading, signal }: LogClient,
  log: ReadableLog,
  start: number,
  length: number,
): Promise<Uint8Array | null> {
  const available = Math.max(0, Math.min(length, log.facts.sizeBytes - start));
  signal.throwIfAborted();
  beforeReading(available);
  const bytes = await log.readRange(start, available + maxContinuationBytes, signal);
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
export async function readFile(client: LogClient, { path, offset, length }: Reading): Promise<ReadResult> {
  if (path === null) {
    return { ok: false, fault: 'NO_FILE' };
  }
  const log = await client.reader.open(path, client.signal);
  if ('why' in log) {
    return { ok: false, fault: log.isThere ? 'FAILED' : 'NO_FILE' };
  }
  try {
    if (length < 0 || (offset < 0 && length !== 0)) {
      return { ok: false, fault: 'BAD_ARGUMENTS' };
    }
    const { maxBytes = defaultMaxBytes } = client;
    const { sizeBytes } = log.facts;
    const start = offset < 0 ? Math.max(0, sizeBytes - Math.min(-offset, maxBytes)) : offset;
    const wanted = length === 0 ? sizeBytes - start : length;
    const bytes = await readText(client, log, start, Math.min(wanted, maxBytes));
    return bytes === null ? { ok: false, fault: 'FAILED' } : { ok: true, bytes };
  } finally {
    log.close();
  }
}

/**
 * The end of a log, for a client that asks again and again with the offset it was given.
 *
 * Compat: the rules are the original's with all their oddities: what is returned is nearly always the last
 * `length` bytes, wherever `offset` points, and nothing only when `offset` is the end of the file.
 * Source: B18.18; `tailFile` of the original.
 */
export async function tailFile(client: LogClient, { path, offset, length }: Reading): Promise<TailResult> {
  const unread = { bytes: nothing, offset, overflow: false };
  if (path === null) {
    return { ...unread, offset: 0 };
  }
  const log = await client.reader.open(path, client.signal);
  if ('why' in log) {
    return log.isThere ? unread : { ...unread, offset: 0 };
  }
  try {
    const { maxBytes = defaultMaxBytes } = client;
    const { sizeBytes } = log.facts;
    const overflow = sizeBytes > offset + length;
    let start = overflow ? sizeBytes - 1 : offset;
    let wanted = length;
    if (start + length > sizeBytes) {
      wanted = start > sizeBytes - 1 ? 0 : length;
      start = sizeBytes - wanted;
    }
    start = Math.max(0, start, sizeBytes - maxBytes);
    const bytes = wanted <= 0 ? nothing : await readText(client, log, start, Math.min(wanted, maxBytes));
    return bytes === null ? unread : { bytes, offset: sizeBytes, overflow };
  } finally {
    log.close();
  }
}
