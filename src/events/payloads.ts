/**
 * Builders of events: one for each shape of payload.
 *
 * Source: Supervisor manual, "Event Types"; the payloads are the same to the byte (checklist B20.1 to B20.7).
 */
import { bytesRepr } from '../config/python/bytes-repr.ts';
import type { ConcreteEventType, SupervisorEvent } from './types.ts';

/** The process an event speaks of. */
export interface EventSource {
  readonly processName: string;
  readonly groupName: string;
}

/** The states that have an event each. */
type ReportedState = ConcreteEventType extends infer Type
  ? Type extends `PROCESS_STATE_${infer State}`
    ? State
    : never
  : never;

/** A change of state as the state machine reports it. */
export interface ProcessStateChange {
  readonly from: ReportedState;
  readonly to: ReportedState;
  readonly pid: number;
  /** Failed starts in a row. */
  readonly tries: number;
  /** Whether the exit code is one of `exitcodes`. */
  readonly expected: boolean;
}

/** What a state's event tells besides names and `from_state`. */
const stateDetails: Readonly<Record<ReportedState, (change: ProcessStateChange) => string>> = {
  STARTING: ({ tries }) => ` tries:${tries}`,
  BACKOFF: ({ tries }) => ` tries:${tries}`,
  RUNNING: ({ pid }) => ` pid:${pid}`,
  STOPPING: ({ pid }) => ` pid:${pid}`,
  STOPPED: ({ pid }) => ` pid:${pid}`,
  EXITED: ({ expected, pid }) => ` expected:${expected ? 1 : 0} pid:${pid}`,
  FATAL: () => '',
  UNKNOWN: () => '',
};

export function processStateEvent(source: EventSource, change: ProcessStateChange): SupervisorEvent {
  return {
    type: `PROCESS_STATE_${change.to}`,
    payload: `${sourceFields(source)} from_state:${change.from}${stateDetails[change.to](change)}`,
  };
}

export function processLogEvent(
  source: EventSource,
  channel: 'stdout' | 'stderr',
  pid: number,
  data: Uint8Array,
): SupervisorEvent {
  return {
    type: channel === 'stdout' ? 'PROCESS_LOG_STDOUT' : 'PROCESS_LOG_STDERR',
    payload: `${sourceFields(source)} pid:${pid} channel:${channel}\n${eventText(data)}`,
  };
}

export function processCommunicationEvent(
  source: EventSource,
  channel: 'stdout' | 'stderr',
  pid: number,
  data: Uint8Array,
): SupervisorEvent {
  return {
    type: channel === 'stdout' ? 'PROCESS_COMMUNICATION_STDOUT' : 'PROCESS_COMMUNICATION_STDERR',
    payload: `${sourceFields(source)} pid:${pid}\n${eventText(data)}`,
  };
}

export function remoteCommunicationEvent(type: string, data: string): SupervisorEvent {
  return { type: 'REMOTE_COMMUNICATION', payload: `type:${type}\n${data}` };
}

export function supervisorStateChangeEvent(state: 'RUNNING' | 'STOPPING'): SupervisorEvent {
  return { type: `SUPERVISOR_STATE_CHANGE_${state}`, payload: '' };
}

/** Seconds between two events of a `TICK_*` type. */
export type TickPeriodSecs = 5 | 60 | 3600;

/** `whenSecs`: the multiple of the period, in seconds since the epoch. */
export function tickEvent(periodSecs: TickPeriodSecs, whenSecs: number): SupervisorEvent {
  return { type: `TICK_${periodSecs}`, payload: `when:${whenSecs}` };
}

export function processGroupEvent(change: 'ADDED' | 'REMOVED', groupName: string): SupervisorEvent {
  return { type: `PROCESS_GROUP_${change}`, payload: `groupname:${groupName}\n` };
}

function sourceFields({ processName, groupName }: EventSource): string {
  return `processname:${processName} groupname:${groupName}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Compat: output that is not UTF-8 is shown as Python would print the bytes, after `Undecodable: `. */
export function eventText(data: Uint8Array): string {
  try {
    return utf8.decode(data);
  } catch {
    return `Undecodable: ${bytesRepr(data)}`;
  }
}
