/**
 * Parts of log files as the API answers them.
 *
 * Source: checklist B18.7, B18.17 and B18.18.
 */
import type { LogIo } from '../logging/io.ts';
import { readFile, tailFile } from '../logging/read-log.ts';
import { decodeUtf8 } from '../logging/utf8.ts';
import { type AnswerRoom, takeRoom } from './answer-room.ts';
import { RpcFault } from './faults.ts';
import { Utf8Text, type XmlRpcResult } from './xml/value.ts';

/** How logs are read, and what their texts may take up. */
interface LogReading {
  readonly io: LogIo;
  readonly room: AnswerRoom;
}

/** The text of a range, or throws NO_FILE (with the path, if there is one), BAD_ARGUMENTS or FAILED. */
export function readLogText(
  { io, room }: LogReading,
  path: string | null,
  offset: number,
  length: number,
): XmlRpcResult {
  const read = readFile(io, path, offset, length, (bytes) => takeRoom(room, bytes));
  if (read.ok) {
    return textOf(read.bytes);
  }
  throw new RpcFault(read.fault, read.fault === 'NO_FILE' ? (path ?? undefined) : undefined);
}

/** `[text, next offset, overflow]`; without a file an empty text. */
export function tailLogText(
  { io, room }: LogReading,
  path: string | null,
  offset: number,
  length: number,
): XmlRpcResult {
  const tail = tailFile(io, path, offset, length, (bytes) => takeRoom(room, bytes));
  return [textOf(tail.bytes), tail.offset, tail.overflow];
}

/** Larger texts stay outside of the heap until they are sent. */
const largeBytes = 4096;

function textOf(bytes: Uint8Array): XmlRpcResult {
  return bytes.length > largeBytes ? new Utf8Text(bytes) : decodeUtf8(bytes);
}
