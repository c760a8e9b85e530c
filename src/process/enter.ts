/** Entering a state: what changes in the record, and what is said and done about it. */
import { signalName } from '../config/signals.ts';
import type { Step } from './step.ts';

export function beginStart(step: Step): void {
  const { nowMs, wallMs } = step.context;
  step.set({ spawnError: null, exitStatus: null, startedAtMs: nowMs, startedAtWallMs: wallMs });
  step.enter({ state: 'STARTING', pid: null, stopWanted: false }, 0);
  step.effects.push({ type: 'spawn' });
}

/** The wait in BACKOFF is over. An attempt that the machine's trouble has made necessary is no restart. */
export function retryStart(step: Step): void {
  if (step.record.trouble === null) {
    beginRestart(step);
  } else {
    beginStart(step);
  }
}

/** A start that nobody asked for. */
export function beginRestart(step: Step): void {
  step.set({ restarts: step.record.restarts + 1 });
  beginStart(step);
}

export function enterRunning(step: Step, pid: number): void {
  step.set({ failures: 0 });
  step.enter({ state: 'RUNNING', pid }, pid);
  step.log(
    'info',
    `success: ${step.settings.name} entered RUNNING state, process has stayed up for > than ` +
      `${step.settings.startSecs} seconds (startsecs)`,
  );
}

/** Compat: the BACKOFF event counts the failure that leads to it, so the count is raised first. */
export function enterBackoff(step: Step, pid: number): void {
  const failures = step.record.failures + 1;
  step.set({ failures, trouble: null });
  waitInBackoff(step, pid, failures * 1000);
}

/** Longest time between two attempts on a machine in trouble. */
const maxTroubleDelayMs = 30_000;

/** Waits for the machine, without an end and without counting a failure. Said when it begins, and when it changes. */
export function enterTrouble(step: Step, message: string): void {
  const before = step.record.trouble;
  const attempts = (before?.attempts ?? 0) + 1;
  if (before?.message !== message) {
    step.log('info', `spawnerr: ${message}`);
  }
  step.set({ trouble: { attempts, message } });
  waitInBackoff(step, 0, Math.min(1000 * 2 ** (attempts - 1), maxTroubleDelayMs));
  if (before === null && step.context.mayRestart) {
    step.log(
      'warn',
      `${step.settings.name} is tried again until it can be started: the machine's trouble does not count towards startretries`,
    );
  }
}

/** The machine has let a child come to life. */
export function leaveTrouble(step: Step): void {
  const { trouble } = step.record;
  if (trouble !== null) {
    step.set({ trouble: null });
    step.log(
      'info',
      `${step.settings.name} could be started after ${trouble.attempts} failed attempts: ${trouble.message}`,
    );
  }
}

function waitInBackoff(step: Step, pid: number, delayMs: number): void {
  const retryAtMs = step.context.mayRestart ? step.context.nowMs + delayMs : null;
  step.enter({ state: 'BACKOFF', retryAtMs }, pid);
}

export function giveUpIfSpent(step: Step): void {
  if (step.record.failures > step.settings.startRetries) {
    enterFatal(step);
    step.log(
      'info',
      `gave up: ${step.settings.name} entered FATAL state, too many start retries too quickly`,
    );
  }
}

export function enterFatal(step: Step): void {
  step.set({ failures: 0, trouble: null });
  step.enter({ state: 'FATAL' }, 0);
}

export function beginStop(step: Step, pid: number): void {
  const { stopSignal, stopAsGroup, stopWaitSecs } = step.settings;
  logKill(step, pid, stopSignal, stopAsGroup);
  step.enter({ state: 'STOPPING', pid, killAtMs: step.context.nowMs + stopWaitSecs * 1000 }, pid);
  step.effects.push({ type: 'kill', pid, signal: stopSignal, group: stopAsGroup, intent: 'stop' });
}

export function logKill(step: Step, pid: number, signal: number, group: boolean): void {
  step.log(
    'debug',
    `killing ${step.settings.name} (pid ${pid}) ${group ? 'process group ' : ''}with signal ${signalName(signal)}`,
  );
}
