/** The daemon itself, the session with it, and the connection to it. */
import { signal } from '@preact/signals';
import { ApiError, apiUrl, describeError, getJson, readSession, whenUnauthorized } from '../stream/api.ts';
import { EventStream, type ConnectionState } from '../stream/event-stream.ts';
import type {
  DaemonView,
  LogPiece,
  ProcessList,
  SessionView,
  StreamEvents,
  TimelineEntry,
} from '../stream/wire.ts';
import { setDaemonTime } from './clock.ts';
import { addStatistics, putProcess, removeProcess, replaceProcesses } from './processes.ts';

export const daemon = signal<DaemonView | null>(null);
export const session = signal<SessionView | null>(null);
export const needsLogin = signal(false);
export const connection = signal<ConnectionState>('connecting');
/** Why nothing could be read at all. */
export const loadProblem = signal<string | null>(null);

type Listener<T> = (value: T) => void;

const logListeners = new Map<string, Set<Listener<LogPiece>>>();
const activityListeners = new Set<() => void>();
const timelineListeners = new Set<Listener<TimelineEntry>>();
const openListeners = new Set<() => void>();

const stream = new EventStream({
  onEvent: take,
  onState: connectionChanged,
  onRefused: () => void connect(),
});

/** Reads everything once and listens from there; again after a login, or when too much was missed. */
export async function connect(): Promise<void> {
  stream.close();
  try {
    session.value = await readSession();
    if (session.value.required && !session.value.authenticated) {
      needsLogin.value = true;
      return;
    }
    needsLogin.value = false;
    const [state, list] = await Promise.all([
      getJson<DaemonView>(apiUrl(['state'])),
      getJson<ProcessList>(apiUrl(['processes'])),
    ]);
    daemon.value = state;
    setDaemonTime(list.nowMs);
    replaceProcesses(list.processes);
    loadProblem.value = null;
    stream.choose(chosenQuery());
    stream.open(String(list.lastEventId));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) {
      loadProblem.value = describeError(error);
      connection.value = 'lost';
      retryLater();
    }
  }
}

const retryMs = 2000;
let retry: ReturnType<typeof setTimeout> | undefined;

function retryLater(): void {
  clearTimeout(retry);
  retry = setTimeout(() => void connect(), retryMs);
}

/** Looks for the daemon at once, where the page would wait a while. */
export function reconnectNow(): void {
  if (stream.isActive) {
    stream.hurry();
  } else if (!needsLogin.value) {
    clearTimeout(retry);
    void connect();
  }
}

/** The stream is not kept while nobody looks: browsers allow few connections, and tabs are many. */
export function pauseStream(): void {
  clearTimeout(retry);
  stream.close();
}

export function resumeStream(): void {
  if (!stream.isActive && session.value !== null && !needsLogin.value) {
    if (loadProblem.value === null) {
      stream.open();
    } else {
      void connect();
    }
  }
}

/** Hears what is written to a log, until the function returned is called. `key`: `NAMESPEC/stdout`. */
export function listenToLog(key: string, listener: Listener<LogPiece>): () => void {
  const listeners = logListeners.get(key) ?? new Set();
  logListeners.set(key, listeners.add(listener));
  chooseSoon();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      logListeners.delete(key);
    }
    chooseSoon();
  };
}

/** Hears that something was written to the activity log. */
export function listenToActivity(listener: () => void): () => void {
  activityListeners.add(listener);
  chooseSoon();
  return () => {
    activityListeners.delete(listener);
    chooseSoon();
  };
}

export function listenToTimeline(listener: Listener<TimelineEntry>): () => void {
  return added(timelineListeners, listener);
}

/** Called whenever the stream is open (again): something may have been missed. */
export function whenOpen(listener: () => void): () => void {
  return added(openListeners, listener);
}

function added<T>(set: Set<T>, member: T): () => void {
  set.add(member);
  return () => set.delete(member);
}

let choosing = false;

/** Once for all that is chosen in one turn: each choice opens the stream again. */
function chooseSoon(): void {
  if (!choosing) {
    choosing = true;
    setTimeout(() => {
      choosing = false;
      stream.choose(chosenQuery());
    });
  }
}

function chosenQuery(): Readonly<Record<string, string | undefined>> {
  const logs = [...logListeners.keys()].join(',');
  return {
    statistics: '1',
    logs: logs === '' ? undefined : logs,
    activity: activityListeners.size === 0 ? undefined : '1',
  };
}

function connectionChanged(state: ConnectionState): void {
  // A new attempt after a loss is not news until it succeeds.
  if (state !== 'connecting' || connection.value !== 'lost') {
    connection.value = state;
  }
  if (state === 'open') {
    void refreshDaemon();
    for (const listener of openListeners) {
      listener();
    }
  }
}

async function refreshDaemon(): Promise<void> {
  try {
    const before = daemon.peek();
    daemon.value = await getJson<DaemonView>(apiUrl(['state']));
    setDaemonTime(daemon.value.nowMs);
    const { pid, startedAtMs } = daemon.value;
    if (before !== null && (before.pid !== pid || before.startedAtMs !== startedAtMs)) {
      // Another life of the daemon: nothing that was known need be true, nor the token.
      await connect();
    }
  } catch {
    // The stream says soon enough that the daemon is gone.
  }
}

const takers: { readonly [Event in keyof StreamEvents]: Listener<StreamEvents[Event]> } = {
  process: putProcess,
  removed: ({ name }) => removeProcess(name),
  statistics: addStatistics,
  log: (piece) => {
    for (const listener of logListeners.get(`${piece.name}/${piece.stream}`) ?? []) {
      listener(piece);
    }
  },
  activity: () => {
    for (const listener of activityListeners) {
      listener();
    }
  },
  timeline: (entry) => {
    for (const listener of timelineListeners) {
      listener(entry);
    }
  },
  daemon: ({ state }) => {
    if (daemon.value !== null) {
      daemon.value = { ...daemon.value, state };
    }
  },
  reset: () => void connect(),
};

function take(event: string, data: unknown): void {
  if (Object.hasOwn(takers, event)) {
    const taker = takers[event as keyof StreamEvents] as Listener<unknown>;
    taker(data);
  }
}

whenUnauthorized(() => {
  needsLogin.value = true;
  stream.close();
});
