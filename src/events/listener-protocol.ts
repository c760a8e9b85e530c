/**
 * What an event listener says on its stdout, as a pure function: (record, bytes) to (record, effects).
 *
 *     ACKNOWLEDGED -- "READY\n" --> READY -- an event is sent --> BUSY -- "RESULT <len>\n<body>" --> ACKNOWLEDGED
 *
 * Anything else leads to UNKNOWN, where everything is ignored until the process is started again. How the output is
 * cut into reads makes no difference.
 * Source: Supervisor manual, "Event Listeners and Event Notifications"; observed, B20.10 and B20.11.
 */
import { parseInteger } from '../config/python/integer.ts';

export type ListenerState = 'ACKNOWLEDGED' | 'READY' | 'BUSY' | 'UNKNOWN';

/** What is thought of an answer; `failed`: the handler itself did not work. */
export type Verdict = 'accepted' | 'rejected' | 'failed';

export interface ListenerRecord {
  readonly state: ListenerState;
  /** What was heard and not yet understood. */
  readonly pending: Buffer;
  /** Length of the answer that has begun; null: its first line is awaited. */
  readonly bodyBytes: number | null;
}

export type ListenerEffect =
  | { readonly type: 'bad-line'; readonly line: Buffer }
  | { readonly type: 'judged'; readonly verdict: Verdict }
  | { readonly type: 'changed'; readonly from: ListenerState; readonly to: ListenerState }
  /** The listener has done with its event, or somebody else is to have it. */
  | { readonly type: 'settled'; readonly event: 'done' | 'returned' };

interface Step {
  readonly record: ListenerRecord;
  readonly effects: readonly ListenerEffect[];
}

/** Judges the body of an answer. */
export type Judge = (body: Buffer) => Verdict;

/** Bytes of a first line after which no end of it is awaited any more. */
export const maxLineBytes = 64 * 1024;
/** Bytes of an answer that is collected. */
export const maxBodyBytes = 1024 * 1024;

const readyToken = Buffer.from('READY\n');
const resultTokenBytes = 'RESULT '.length;
const lineFeed = 0x0a;
const nothing = Buffer.alloc(0);

/** A listener that was just started. */
export const initialListener: ListenerRecord = { state: 'ACKNOWLEDGED', pending: nothing, bodyBytes: null };

/** An event was sent to a READY listener. */
export function eventSent(record: ListenerRecord): ListenerRecord {
  return { ...record, state: 'BUSY' };
}

/** Takes what the listener has written; `chunk` may be overwritten after the call. */
export function hear(record: ListenerRecord, chunk: Uint8Array, judge: Judge): Step {
  if (record.state === 'UNKNOWN') {
    return { record, effects: [] };
  }
  let current: ListenerRecord = { ...record, pending: Buffer.concat([record.pending, chunk]) };
  const effects: ListenerEffect[] = [];
  for (let step = understand(current, judge); step !== null; step = understand(current, judge)) {
    current = step.record;
    effects.push(...step.effects);
  }
  return { record: current, effects };
}

/** One step; null: more has to come first. */
function understand(record: ListenerRecord, judge: Judge): Step | null {
  switch (record.state) {
    case 'ACKNOWLEDGED':
      return readToken(record);
    case 'READY':
      // It has nothing to say before it is given an event.
      return record.pending.length === 0 ? null : violation(record);
    case 'BUSY':
      return record.bodyBytes === null ? readLine(record) : readBody(record, record.bodyBytes, judge);
    case 'UNKNOWN':
      return null;
  }
}

/** Compat: nothing is decided before there are as many bytes as the token has. */
function readToken(record: ListenerRecord): Step | null {
  const { pending } = record;
  if (pending.length < readyToken.length) {
    return null;
  }
  if (!pending.subarray(0, readyToken.length).equals(readyToken)) {
    return violation(record);
  }
  return {
    record: { ...record, state: 'READY', pending: pending.subarray(readyToken.length) },
    effects: [{ type: 'changed', from: record.state, to: 'READY' }],
  };
}

/** Compat: the word RESULT is not looked at, only the number after it. */
function readLine(record: ListenerRecord): Step | null {
  const { pending } = record;
  const end = pending.subarray(0, maxLineBytes).indexOf(lineFeed);
  if (end < 0 && pending.length < maxLineBytes) {
    return null;
  }
  const line = end < 0 ? pending.subarray(0, maxLineBytes) : pending.subarray(0, end);
  const bodyBytes = end < 0 ? null : bodyLength(line);
  if (bodyBytes === null) {
    const { record: after, effects } = violation(record);
    return {
      record: after,
      effects: [{ type: 'bad-line', line }, ...effects, { type: 'settled', event: 'returned' }],
    };
  }
  return { record: { ...record, pending: pending.subarray(end + 1), bodyBytes }, effects: [] };
}

/** Null: not a number that an answer can have. */
function bodyLength(line: Buffer): number | null {
  const length = parseInteger(line.subarray(resultTokenBytes).toString('latin1'));
  return length.ok && length.value >= 0 && length.value <= maxBodyBytes ? length.value : null;
}

function readBody(record: ListenerRecord, bodyBytes: number, judge: Judge): Step | null {
  const { pending } = record;
  if (pending.length < bodyBytes) {
    return null;
  }
  const verdict = judge(pending.subarray(0, bodyBytes));
  const after: Step =
    verdict === 'failed'
      ? violation(record)
      : {
          record: { state: 'ACKNOWLEDGED', pending: pending.subarray(bodyBytes), bodyBytes: null },
          effects: [{ type: 'changed', from: record.state, to: 'ACKNOWLEDGED' }],
        };
  return {
    record: after.record,
    effects: [
      { type: 'judged', verdict },
      ...after.effects,
      { type: 'settled', event: verdict === 'accepted' ? 'done' : 'returned' },
    ],
  };
}

function violation({ state }: ListenerRecord): Step {
  return {
    record: { state: 'UNKNOWN', pending: nothing, bodyBytes: null },
    effects: [{ type: 'changed', from: state, to: 'UNKNOWN' }],
  };
}
