/**
 * The types of events, as a tree: whoever subscribes to a type gets the events of all types below it.
 *
 * An abstract type only groups others, no event is ever of it. Names are those of the configuration
 * (`events=`) and of the `eventname` header.
 * Source: Supervisor manual, "Event Types".
 */

interface EventTypeRow {
  /** Null: the root. */
  readonly parent: string | null;
  readonly abstract: boolean;
  readonly summary: string;
}

/** The table; order as in the manual, parents before their children. */
export const eventTypes = {
  EVENT: { parent: null, abstract: true, summary: 'Every event.' },
  PROCESS_STATE: { parent: 'EVENT', abstract: true, summary: 'A process changed its state.' },
  PROCESS_STATE_STARTING: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process is being started.',
  },
  PROCESS_STATE_RUNNING: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process has stayed up for `startsecs`.',
  },
  PROCESS_STATE_BACKOFF: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process could not be started or ended too soon, and will be tried again.',
  },
  PROCESS_STATE_STOPPING: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process has been sent its stop signal.',
  },
  PROCESS_STATE_EXITED: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A running process ended by itself.',
  },
  PROCESS_STATE_STOPPED: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process ended because it was asked to.',
  },
  PROCESS_STATE_FATAL: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process failed to start more than `startretries` times; nothing more is tried.',
  },
  PROCESS_STATE_UNKNOWN: {
    parent: 'PROCESS_STATE',
    abstract: false,
    summary: 'A process could not be signalled, so its state is not known.',
  },
  PROCESS_COMMUNICATION: {
    parent: 'EVENT',
    abstract: true,
    summary: 'A process sent text between the communication marks.',
  },
  PROCESS_COMMUNICATION_STDOUT: {
    parent: 'PROCESS_COMMUNICATION',
    abstract: false,
    summary: 'Text between the communication marks on stdout.',
  },
  PROCESS_COMMUNICATION_STDERR: {
    parent: 'PROCESS_COMMUNICATION',
    abstract: false,
    summary: 'Text between the communication marks on stderr.',
  },
  PROCESS_LOG: { parent: 'EVENT', abstract: true, summary: 'A process wrote output.' },
  PROCESS_LOG_STDOUT: {
    parent: 'PROCESS_LOG',
    abstract: false,
    summary: 'Output on stdout, with `stdout_events_enabled`.',
  },
  PROCESS_LOG_STDERR: {
    parent: 'PROCESS_LOG',
    abstract: false,
    summary: 'Output on stderr, with `stderr_events_enabled`.',
  },
  REMOTE_COMMUNICATION: {
    parent: 'EVENT',
    abstract: false,
    summary: 'A client called `sendRemoteCommEvent`.',
  },
  SUPERVISOR_STATE_CHANGE: {
    parent: 'EVENT',
    abstract: true,
    summary: 'The daemon itself changed its state.',
  },
  SUPERVISOR_STATE_CHANGE_RUNNING: {
    parent: 'SUPERVISOR_STATE_CHANGE',
    abstract: false,
    summary: 'The daemon has started.',
  },
  SUPERVISOR_STATE_CHANGE_STOPPING: {
    parent: 'SUPERVISOR_STATE_CHANGE',
    abstract: false,
    summary: 'The daemon begins to shut down or to restart.',
  },
  TICK: { parent: 'EVENT', abstract: true, summary: 'Time passed.' },
  TICK_5: { parent: 'TICK', abstract: false, summary: 'Every 5 seconds.' },
  TICK_60: { parent: 'TICK', abstract: false, summary: 'Every 60 seconds.' },
  TICK_3600: { parent: 'TICK', abstract: false, summary: 'Every 3600 seconds.' },
  PROCESS_GROUP: { parent: 'EVENT', abstract: true, summary: 'The set of active groups changed.' },
  PROCESS_GROUP_ADDED: { parent: 'PROCESS_GROUP', abstract: false, summary: 'A group became active.' },
  PROCESS_GROUP_REMOVED: {
    parent: 'PROCESS_GROUP',
    abstract: false,
    summary: 'A group is no longer active.',
  },
} as const satisfies Readonly<Record<string, EventTypeRow>>;

/** Any type, abstract ones included: what can be subscribed to. */
export type EventTypeName = keyof typeof eventTypes;

/** A type that events are really of. */
export type ConcreteEventType = {
  [Name in EventTypeName]: (typeof eventTypes)[Name]['abstract'] extends false ? Name : never;
}[EventTypeName];

/** A type that a plugin declares. */
export type OwnEventType = string & { readonly [ownEventType]: true };
declare const ownEventType: unique symbol;

/** What an event is of. */
export type EventKind =
  | { readonly type: ConcreteEventType }
  | {
      readonly type: OwnEventType;
      /** The type that this one stands below. */
      readonly parent: EventTypeName;
    };

/** One event, ready to be sent: built once, so that what it tells is what was true when it happened. */
export type SupervisorEvent = EventKind & {
  /** Text after the header line of an event notification. */
  readonly payload: string;
};

/** The type of that name: one of the table, or else one of a plugin. */
export function eventTypeNamed(name: string): EventTypeName | OwnEventType {
  return isEventType(name) ? name : (name as OwnEventType);
}

/** Whether `name` is a type of the table; exact, upper case. */
export function isEventType(name: string): name is EventTypeName {
  return Object.hasOwn(eventTypes, name);
}

/** Whether an event is of a type, or of one below it. */
export function isOfType(event: EventKind, type: EventTypeName | OwnEventType): boolean {
  if (event.type === type) {
    return true;
  }
  const known = 'parent' in event ? event.parent : event.type;
  return isEventType(type) && isEventOfType(known, type);
}

/** Whether `type` is `ancestor` or stands below it. */
export function isEventOfType(type: EventTypeName, ancestor: EventTypeName): boolean {
  for (let current: EventTypeName | null = type; current !== null; current = eventTypes[current].parent) {
    if (current === ancestor) {
      return true;
    }
  }
  return false;
}
