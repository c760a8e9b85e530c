/** A stop or a signal was asked for, took too long, or could not be sent. */
import { signalName } from '../config/signals.ts';
import { beginStop, enterFatal, logKill } from './enter.ts';
import { SIGKILL } from './exit-status.ts';
import { pidOf } from './record.ts';
import type { KillIntent, Step } from './step.ts';

/** Shortest time between two SIGKILLs, so that `stopwaitsecs=0` is no busy loop. */
const minKillIntervalMs = 1000;

export function onStop(step: Step, reason: 'request' | 'shutdown'): void {
  const { phase } = step.record;
  switch (phase.state) {
    case 'STARTING':
      if (phase.pid === null) {
        step.set({ phase: { ...phase, stopWanted: true } });
      } else {
        beginStop(step, phase.pid);
      }
      break;
    case 'RUNNING':
    case 'UNKNOWN':
      beginStop(step, phase.pid);
      break;
    case 'BACKOFF':
      if (reason === 'shutdown') {
        enterFatal(step);
      } else {
        step.log('debug', `Attempted to kill ${step.settings.name}, which is in BACKOFF state.`);
        step.set({ failures: 0, trouble: null });
        step.enter({ state: 'STOPPED' }, 0);
      }
      break;
    case 'EXITED':
      if (phase.restartAtMs === null) {
        logNotRunning(step);
      } else if (reason === 'shutdown') {
        step.set({ phase: { state: 'EXITED', restartAtMs: null } });
      } else {
        step.enter({ state: 'STOPPED' }, 0);
      }
      break;
    case 'STOPPED':
    case 'FATAL':
      logNotRunning(step);
      break;
    case 'STOPPING':
      break;
  }
}

function logNotRunning(step: Step): void {
  const { name, stopSignal } = step.settings;
  step.log('debug', `attempted to kill ${name} with sig ${signalName(stopSignal)} but it wasn't running`);
}

export function onSignal(step: Step, signal: number): void {
  const { name } = step.settings;
  const { phase } = step.record;
  const pid = pidOf(step.record);
  if (pid === 0) {
    step.log('debug', `attempted to send ${name} sig ${signalName(signal)} but it wasn't running`);
  } else if (phase.state !== 'UNKNOWN') {
    step.log('debug', `sending ${name} (pid ${pid}) sig ${signalName(signal)}`);
    step.effects.push({ type: 'kill', pid, signal, group: false, intent: 'signal' });
  }
}

export function onKillFailed(step: Step, pid: number, intent: KillIntent, reason: string): void {
  if (pid === 0 || pidOf(step.record) !== pid) {
    return;
  }
  const { name } = step.settings;
  step.log(
    'critical',
    intent === 'stop'
      ? `unknown problem killing ${name} (${pid}):${reason}`
      : `unknown problem sending sig ${name} (${pid}):${reason}`,
  );
  const { phase } = step.record;
  const stopWanted = intent === 'stop' || phase.state === 'STOPPING';
  step.enter({ state: 'UNKNOWN', pid, stopWanted }, pid);
}

export function killOverdue(step: Step, pid: number): void {
  const { name, killAsGroup, stopWaitSecs } = step.settings;
  const intervalMs = Math.max(stopWaitSecs * 1000, minKillIntervalMs);
  step.log('warn', `killing '${name}' (${pid}) with SIGKILL`);
  logKill(step, pid, SIGKILL, killAsGroup);
  step.enter({ state: 'STOPPING', pid, killAtMs: step.context.nowMs + intervalMs }, pid);
  step.effects.push({ type: 'kill', pid, signal: SIGKILL, group: killAsGroup, intent: 'stop' });
}
