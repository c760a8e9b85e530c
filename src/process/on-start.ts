/** A start was asked for, and what came of it. */
import {
  beginStart,
  beginStop,
  enterBackoff,
  enterRunning,
  enterTrouble,
  giveUpIfSpent,
  leaveTrouble,
} from './enter.ts';
import { runningAtMs } from './record.ts';
import type { Fault, Step } from './step.ts';

export function onStart(step: Step): void {
  switch (step.record.phase.state) {
    case 'STOPPED':
    case 'EXITED':
    case 'FATAL':
    case 'BACKOFF':
      beginStart(step);
      break;
    case 'STARTING':
    case 'RUNNING':
    case 'STOPPING':
    case 'UNKNOWN':
      step.log('warn', `process '${step.settings.name}' already running`);
      break;
  }
}

export function onSpawned(step: Step, pid: number): void {
  const { phase } = step.record;
  if (phase.state !== 'STARTING' || phase.pid !== null) {
    return;
  }
  const { nowMs, wallMs } = step.context;
  step.log('info', `spawned: '${step.settings.name}' with pid ${pid}`);
  // What a child needs may have taken its time: it counts from now on.
  step.set({ phase: { ...phase, pid }, startedAtMs: nowMs, startedAtWallMs: wallMs });
  leaveTrouble(step);
  if (phase.stopWanted) {
    beginStop(step, pid);
  } else if (nowMs >= runningAtMs(step.record, step.settings)) {
    enterRunning(step, pid);
  }
}

export function onSpawnFailed(step: Step, message: string, fault: Fault): void {
  const { phase } = step.record;
  if (phase.state !== 'STARTING' || phase.pid !== null) {
    return;
  }
  step.set({ spawnError: message });
  if (fault === 'machine' && !phase.stopWanted) {
    enterTrouble(step, message);
    return;
  }
  step.log('info', `spawnerr: ${message}`);
  if (phase.stopWanted) {
    step.set({ failures: 0, trouble: null });
    step.enter({ state: 'STOPPED' }, 0);
  } else {
    enterBackoff(step, 0);
    giveUpIfSpent(step);
  }
}

export function onSpawnGivenUp(step: Step): void {
  const { phase } = step.record;
  if (phase.state !== 'STARTING' || phase.pid !== null) {
    return;
  }
  step.set({ failures: 0, trouble: null });
  step.enter({ state: 'STOPPED' }, 0);
  step.log('info', `stopped: ${step.settings.name} (before it was spawned)`);
}
