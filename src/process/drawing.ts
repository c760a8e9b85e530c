/**
 * The state machine as a picture, found by walking it: from every state that can be reached, every event is tried.
 * So the drawing in `docs/process-states.md` cannot drift from the code.
 */
import type { ProcessSettings } from '../config/settings.ts';
import type { ProcessState } from './states.ts';
import { deadlineOf, initialRecord, pidOf, type ProcessRecord } from './record.ts';
import type { ProcessEvent } from './step.ts';
import { transition } from './transitions.ts';

/** What leads from one state to another, in the words of the manual. */
export interface Edge {
  readonly from: ProcessState;
  readonly to: ProcessState;
  readonly label: string;
}

interface Action {
  readonly label: string;
  event(record: ProcessRecord): ProcessEvent;
  /** Happens when the record's deadline is reached, not at once. */
  readonly atDeadline?: true;
}

const actions: readonly Action[] = [
  { label: 'start', event: () => ({ type: 'start' }) },
  { label: 'spawned', event: () => ({ type: 'spawned', pid: 2 }) },
  { label: 'spawn fails', event: () => ({ type: 'spawn-failed', message: '', fault: 'program' }) },
  { label: 'machine has no room', event: () => ({ type: 'spawn-failed', message: '', fault: 'machine' }) },
  { label: 'spawn is given up', event: () => ({ type: 'spawn-given-up' }) },
  { label: 'deadline', event: () => ({ type: 'deadline' }), atDeadline: true },
  {
    label: 'exits',
    event: (record) => ({ type: 'exited', pid: pidOf(record), status: { kind: 'exited', code: 0 } }),
  },
  { label: 'stop', event: () => ({ type: 'stop', reason: 'request' }) },
  { label: 'daemon shuts down', event: () => ({ type: 'stop', reason: 'shutdown' }) },
  ...(['stop', 'signal'] as const).map((intent): Action => ({
    label: 'signal cannot be sent',
    event: (record) => ({ type: 'kill-failed', pid: pidOf(record), intent, reason: '' }),
  })),
];

/** Labels that depend on where the step leads, not on the event alone. */
const labelsByStep: Readonly<Record<string, string>> = {
  'STARTING RUNNING': 'up for startsecs',
  'STARTING BACKOFF': 'spawn fails, or exits before startsecs',
  'BACKOFF STARTING':
    'start, or after as many seconds as failures (no room on the machine, up to 30 seconds)',
  'BACKOFF FATAL': 'more than startretries failures, or daemon shuts down',
  'EXITED STARTING': 'start, or autorestart (no sooner than a second after the last start)',
  'EXITED STOPPED': 'stop while it waits to be started again',
  'STOPPING STOPPED': 'exits (SIGKILL every stopwaitsecs until it does)',
  'STARTING STOPPING': 'stop',
  'STARTING STOPPED': 'stop before there is a child',
  'RUNNING STOPPING': 'stop',
  'UNKNOWN STOPPING': 'stop',
  'UNKNOWN STOPPED': 'exits after a stop',
};

/** Every edge of the machine for one set of settings. */
export function edgesOf(settings: ProcessSettings): readonly Edge[] {
  const edges = new Map<string, Edge>();
  const seen = new Set<string>();
  const queue: ProcessRecord[] = [initialRecord];
  for (let record = queue.shift(); record !== undefined; record = queue.shift()) {
    const key = JSON.stringify([record.phase, record.failures]);
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    for (const action of actions) {
      queue.push(tryAction(record, action, settings, edges));
    }
  }
  return [...edges.values()];
}

function tryAction(
  record: ProcessRecord,
  action: Action,
  settings: ProcessSettings,
  edges: Map<string, Edge>,
): ProcessRecord {
  const event = action.event(record);
  const nowMs = action.atDeadline === undefined ? 0 : (deadlineOf(record, settings) ?? 0);
  const next = transition(record, event, { settings, nowMs, wallMs: 0, mayRestart: true });
  for (const effect of next.effects) {
    if (effect.type === 'state-changed') {
      const step = `${effect.from} ${effect.to}`;
      edges.set(step, { from: effect.from, to: effect.to, label: labelsByStep[step] ?? action.label });
    }
  }
  return atOrigin(next.record);
}

/** Moves the record's times back to zero, so that equal situations are recognised as equal. */
function atOrigin(record: ProcessRecord): ProcessRecord {
  const { phase } = record;
  switch (phase.state) {
    case 'STARTING':
      return { ...record, startedAtMs: 0 };
    case 'BACKOFF':
      return { ...record, phase: { state: 'BACKOFF', retryAtMs: 1 } };
    case 'STOPPING':
      return { ...record, phase: { ...phase, killAtMs: 1 } };
    case 'EXITED':
      return { ...record, phase: { ...phase, restartAtMs: phase.restartAtMs === null ? null : 1 } };
    case 'STOPPED':
    case 'RUNNING':
    case 'FATAL':
    case 'UNKNOWN':
      return record;
  }
}

/** A Mermaid state diagram of the edges. */
export function drawStates(edges: readonly Edge[]): string {
  const lines = edges.map(({ from, to, label }) => `    ${from} --> ${to}: ${label}`).sort();
  return ['stateDiagram-v2', '    [*] --> STOPPED', ...lines].join('\n');
}
