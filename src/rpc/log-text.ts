/**
 * Parts of log files as the API answers them.
 *
 * Source: checklist B18.7, B18.17 and B18.18.
 */
import type { LogIo } from '../logging/io.ts';
import { readFile, tailFile } from '../logging/read-log.ts';
import { RpcFault } from './faults.ts';
import type { XmlRpcValue } from './xml/value.ts';

/** The text of a range, or throws NO_FILE (with the path, if there is one), BAD_ARGUMENTS or FAILED. */
export function readLogText(io: LogIo, path: string | null, offset: number, length: number): string {
  const read = readFile(io, path, offset, length);
  if (read.ok) {
    return read.text;
  }
  throw new RpcFault(read.fault, read.fault === 'NO_FILE' ? (path ?? undefined) : undefined);
}

/** `[text, next offset, overflow]`; without a file an empty text. */
export function tailLogText(io: LogIo, path: string | null, offset: number, length: number): XmlRpcValue {
  const tail = tailFile(io, path, offset, length);
  return [tail.text, tail.offset, tail.overflow];
}
