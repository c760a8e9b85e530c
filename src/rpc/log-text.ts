/**
 * Parts of log files as the API answers them.
 *
 * Source: checklist B18.7, B18.17 and B18.18.
 */
import { type LogClient, readFile, type Reading, tailFile } from '../logging/read-log.ts';
import { decodeUtf8 } from '../logging/utf8.ts';
import { takeRoom } from './answer-room.ts';
import { RpcFault } from './faults.ts';
import type { MethodContext } from './method.ts';
import { Utf8Text, type XmlRpcResult } from './xml/value.ts';

/** Who reads logs, and what their texts may take up. */
type LogReading = Pick<MethodContext, 'reader' | 'room' | 'signal'>;

/** The text of a range; rejects with NO_FILE (with the path, if there is one), BAD_ARGUMENTS or FAILED. */
export async function readLogText(context: LogReading, reading: Reading): Promise<XmlRpcResult> {
  const read = await readFile(clientOf(context), reading);
  if (read.ok) {
    return textOf(read.bytes);
  }
  throw new RpcFault(read.fault, read.fault === 'NO_FILE' ? (reading.path ?? undefined) : undefined);
}

/** `[text, next offset, overflow]`; without a file an empty text. */
export async function tailLogText(context: LogReading, reading: Reading): Promise<XmlRpcResult> {
  const tail = await tailFile(clientOf(context), reading);
  return [textOf(tail.bytes), tail.offset, tail.overflow];
}

function clientOf({ reader, room, signal }: LogReading): LogClient {
  return { reader, signal, beforeReading: (bytes) => takeRoom(room, bytes) };
}

/** Larger texts stay outside of the heap until they are sent. */
const largeBytes = 4096;

function textOf(bytes: Uint8Array): XmlRpcResult {
  return bytes.length > largeBytes ? new Utf8Text(bytes) : decodeUtf8(bytes);
}
