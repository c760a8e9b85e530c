/**
 * An event as it is written to a listener: a header line and the payload.
 *
 * Source: Supervisor manual, "Event Notification Protocol"; B20.
 */
import type { SupervisorEvent } from './types.ts';

export interface Delivery {
  /** `identifier` of the daemon. */
  readonly server: string;
  readonly pool: string;
  readonly serial: number;
  readonly poolSerial: number;
  /** `len` counts bytes. */
  readonly lengthInBytes: boolean;
}

/** Compat: `len` counts characters unless asked otherwise: listeners that read text are what the original's are. */
export function encodeEvent({ type, payload }: SupervisorEvent, delivery: Delivery): Buffer {
  const { server, serial, pool, poolSerial, lengthInBytes } = delivery;
  const length = lengthInBytes ? Buffer.byteLength(payload) : countCharacters(payload);
  const header =
    `ver:3.0 server:${server} serial:${serial} pool:${pool} poolserial:${poolSerial} ` +
    `eventname:${type} len:${length}`;
  return Buffer.from(`${header}\n${payload}`);
}

function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; count += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}
