/** A start was asked for, and what came of it. */
import { beginStart, beginStop, enterBackoff, enterRunning, giveUpIfSpent } from './enter.ts';
import { runningAtMs } from './record.ts';
import type { Step } from './step.ts';

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
  step.log('info', `spawned: '${step.settings.name}' with pid ${pid}`);
  step.set({ phase: { ...phase, pid } });
  if (phase.stopWanted) {
    beginStop(step, pid);
  } else if (step.context.nowMs >= runningAtMs(step.record, step.settings)) {
    enterRunning(step, pid);
  }
}

export function onSpawnFailed(step: Step, message: string): void {
  const { phase } = step.record;
  if (phase.state !== 'STARTING' || phase.pid !== null) {
    return;
  }
  step.set({ spawnError: message });
  step.log('info', `spawnerr: ${message}`);
  if (phase.stopWanted) {
    step.set({ failures: 0 });
    step.enter({ state: 'STOPPED' }, 0);
  } else {
    enterBackoff(step, 0);
    giveUpIfSpent(step);
  }
}
