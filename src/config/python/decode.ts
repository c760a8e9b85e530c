/**
 * A text file as Python reads it: UTF-8, strictly, with `\r\n` and `\r` read as `\n`.
 *
 * Source: Python library reference, `open`, `io.TextIOWrapper`; positions in error texts by observation.
 */
import { constants } from 'node:buffer';

import type { Refused } from './parsed.ts';

/** The lines up to the first undecodable byte, each with its `\n` (the last may have none). */
export interface DecodedLines {
  readonly lines: readonly string[];
  /** `line` is that of the bad byte, counted from 1. */
  readonly failure: (Refused & { readonly line: number }) | null;
}

/**
 * Compat: the original reads this many bytes at a time, and positions in its error texts count from the start
 * of the piece (with the unfinished character of the one before it).
 */
const chunkSize = 8192;

/** A byte order mark is kept: it is text like any other to the original. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes a whole file. */
export function decodeLines(bytes: Uint8Array): DecodedLines {
  const bad = bytes.length > constants.MAX_STRING_LENGTH ? null : findFailure(bytes);
  if (bad === null) {
    return { lines: splitLines(decoder.decode(bytes)), failure: null };
  }
  // What was read before the failing piece has been seen, up to its last complete line.
  const lines = splitLines(decoder.decode(bytes.subarray(0, bad.seenBytes)).replace(/\r$/, ''));
  const complete = lines.at(-1)?.endsWith('\n') === false ? lines.slice(0, -1) : lines;
  return { lines: complete, failure: { ok: false, message: bad.message, line: lineAt(bytes, bad.position) } };
}

function splitLines(text: string): string[] {
  const normal = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const lines = normal.split('\n');
  const last = lines.pop() ?? '';
  const complete = lines.map((line) => `${line}\n`);
  return last === '' ? complete : [...complete, last];
}

/** The line that a byte stands in; `\r\n`, `\r` and `\n` end one each. */
function lineAt(bytes: Uint8Array, position: number): number {
  let line = 1;
  for (let at = 0; at < position; at += 1) {
    const isEnd = bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a);
    line += isEnd ? 1 : 0;
  }
  return line;
}

interface Failure {
  readonly position: number;
  /** Bytes decoded before the piece with the failure. */
  readonly seenBytes: number;
  readonly message: string;
}

function findFailure(bytes: Uint8Array): Failure | null {
  let position = 0;
  let pieceStart = 0;
  for (let pieceEnd = chunkSize; ; pieceEnd += chunkSize) {
    const end = Math.min(pieceEnd, bytes.length);
    const final = pieceEnd >= bytes.length + chunkSize;
    while (position < end) {
      const step = sequenceAt(bytes, position, end);
      if (step.kind === 'valid') {
        position += step.length;
      } else if (step.kind === 'unfinished' && !final) {
        break;
      } else {
        return { position, seenBytes: pieceStart, message: describe(bytes, position, pieceStart, end, step) };
      }
    }
    if (final) {
      return null;
    }
    pieceStart = position;
  }
}

type Sequence =
  | { readonly kind: 'valid'; readonly length: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'invalid'; readonly reason: 'start' | 'continuation'; readonly length: number };

/** Judges the sequence at `position` as the original's decoder does; its length is what an error covers. */
function sequenceAt(bytes: Uint8Array, position: number, end: number): Sequence {
  const first = bytes[position] ?? 0;
  if (first < 0x80) {
    return { kind: 'valid', length: 1 };
  }
  if (first < 0xc2 || first > 0xf4) {
    return { kind: 'invalid', reason: 'start', length: 1 };
  }
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let offset = 1; offset < length; offset += 1) {
    if (position + offset >= end) {
      return { kind: 'unfinished' };
    }
    const [low, high] = offset === 1 ? secondByteRange(first) : [0x80, 0xbf];
    const byte = bytes[position + offset] ?? 0;
    if (byte < low || byte > high) {
      return { kind: 'invalid', reason: 'continuation', length: offset };
    }
  }
  return { kind: 'valid', length };
}

/** Excludes overlong forms, surrogates and what is beyond U+10FFFF. */
function secondByteRange(first: number): readonly [number, number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}

function describe(
  bytes: Uint8Array,
  position: number,
  pieceStart: number,
  end: number,
  sequence: Exclude<Sequence, { kind: 'valid' }>,
): string {
  const length = sequence.kind === 'unfinished' ? end - position : sequence.length;
  const reason =
    sequence.kind === 'unfinished' ? 'unexpected end of data' : `invalid ${sequence.reason} byte`;
  const from = position - pieceStart;
  const what =
    length === 1
      ? `byte 0x${(bytes[position] ?? 0).toString(16).padStart(2, '0')} in position ${String(from)}`
      : `bytes in position ${String(from)}-${String(from + length - 1)}`;
  return `'utf-8' codec can't decode ${what}: ${reason}`;
}
