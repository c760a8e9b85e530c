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
}

/** Compat: `len` counts characters, not bytes: a listener that reads text is what the original's clients are. */
export function encodeEvent({ type, payload }: SupervisorEvent, delivery: Delivery): Buffer {
  const { server, serial, pool, poolSerial } = delivery;
  const header =
    `ver:3.0 server:${server} serial:${serial} pool:${pool} poolserial:${poolSerial} ` +
    `eventname:${type} len:${countCharacters(payload)}`;
  return Buffer.from(`${header}\n${payload}`);
}

function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; count += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}
