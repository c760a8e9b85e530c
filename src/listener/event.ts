/** What an event listener is told: a header line and a payload, taken apart. */
import type { ConcreteEventType } from '../events/types.ts';

/** Types of the daemon's own; plugins may add others. */
export type EventName = ConcreteEventType | (string & Record<never, never>);

export interface ListenerEvent {
  /** Type of the event, such as `PROCESS_STATE_EXITED`. */
  readonly name: EventName;
  /** `identifier` of the daemon. */
  readonly server: string;
  readonly pool: string;
  /** Number of the event among all of the daemon; one that is delivered again has the same. */
  readonly serial: number;
  /** Number of the event among those of the pool. */
  readonly poolSerial: number;
  /**
   * The `key:value` words of the payload's first line, such as `processname`, `groupname`, `from_state`, `pid`, `expected`,
   * `when`.
   */
  readonly fields: Readonly<Record<string, string>>;
  /** What follows the first line of the payload: output, or what a client has sent. */
  readonly data: string;
  /** All of the payload as it came. */
  readonly payload: string;
}

/**
 * The words of a header or of the first line of a payload.
 *
 * A value goes to the next blank; `type` of a REMOTE_COMMUNICATION may contain some, and is the only one of its line.
 */
function parseFields(line: string): Readonly<Record<string, string>> {
  const words = line.startsWith('type:') ? [line] : line.split(' ');
  return Object.fromEntries(
    words
      .filter((word) => word.includes(':'))
      .map((word) => [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)]),
  );
}

/** Puts an event together from its header line and its payload. Throws when the header is not one. */
export function parseEvent(header: string, payload: string): ListenerEvent {
  const { server = '', pool = '', serial, poolserial, eventname } = parseFields(header);
  if (eventname === undefined) {
    throw new Error(`cannot understand the header ${JSON.stringify(header)}`);
  }
  const [firstLine = ''] = payload.split('\n', 1);
  return {
    name: eventname,
    server,
    pool,
    serial: Number(serial),
    poolSerial: Number(poolserial),
    fields: parseFields(firstLine),
    data: payload.slice(firstLine.length + 1),
    payload,
  };
}
