/** What the states mean to a reader: order, tone, and what can be done in each. */
import type { StateName } from '../stream/wire.ts';

/** Worst first: the order of the counts, and of a list sorted by state. */
export const statesBySeverity: readonly StateName[] = [
  'FATAL',
  'UNKNOWN',
  'BACKOFF',
  'STARTING',
  'STOPPING',
  'EXITED',
  'STOPPED',
  'RUNNING',
];

export type Tone = 'good' | 'bad' | 'busy' | 'quiet';

const tones: Readonly<Record<StateName, Tone>> = {
  RUNNING: 'good',
  FATAL: 'bad',
  UNKNOWN: 'bad',
  BACKOFF: 'bad',
  STARTING: 'busy',
  STOPPING: 'busy',
  EXITED: 'quiet',
  STOPPED: 'quiet',
};

/** An exit that was not expected is bad, whatever became of it. */
export function toneOf(state: StateName, expectedExit: boolean): Tone {
  return state === 'EXITED' && !expectedExit ? 'bad' : tones[state];
}

const startable: ReadonlySet<StateName> = new Set(['STOPPED', 'EXITED', 'FATAL']);
const stoppable: ReadonlySet<StateName> = new Set(['RUNNING', 'STARTING', 'BACKOFF']);
const signallable: ReadonlySet<StateName> = new Set(['RUNNING', 'STARTING', 'STOPPING']);

export function canStart(state: StateName): boolean {
  return startable.has(state);
}

export function canStop(state: StateName): boolean {
  return stoppable.has(state);
}

export function canSignal(state: StateName): boolean {
  return signallable.has(state);
}
