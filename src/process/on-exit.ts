/** The child has ended: by itself, too soon, or because it was asked to. */
import type { ExitStatus } from '../system/system.ts';
import type { ProcessSettings } from '../config/settings.ts';
import { beginRestart, enterBackoff, enterRunning, giveUpIfSpent } from './enter.ts';
import { describeExit, exitCodeOf } from './exit-status.ts';
import { pidOf, runningAtMs } from './record.ts';
import type { Step } from './step.ts';

/**
 * Shortest time between two starts of a process that are nobody's wish. A program that has nothing to do and ends at
 * once would else be started hundreds of times a second.
 */
const minRestartIntervalMs = 1000;

/** `endedAtMs`: monotonic, and before now where the end of its output was waited for. */
export function onExited(step: Step, pid: number, status: ExitStatus, endedAtMs: number): void {
  if (pid === 0 || pidOf(step.record) !== pid) {
    return;
  }
  const { phase } = step.record;
  step.set({ stoppedAtWallMs: step.context.wallMs });
  switch (phase.state) {
    case 'STARTING':
      if (endedAtMs < runningAtMs(step.record, step.settings)) {
        exitedTooQuickly(step, pid, status);
      } else {
        enterRunning(step, pid);
        exitedByItself(step, pid, status);
      }
      break;
    case 'RUNNING':
      exitedByItself(step, pid, status);
      break;
    case 'STOPPING':
      exitedWhenStopped(step, pid, status);
      break;
    case 'UNKNOWN':
      if (phase.stopWanted) {
        exitedWhenStopped(step, pid, status);
      } else {
        exitedByItself(step, pid, status);
      }
      break;
    case 'STOPPED':
    case 'EXITED':
    case 'FATAL':
    case 'BACKOFF':
      break;
  }
}

function rememberExit(step: Step, status: ExitStatus, expected: boolean): void {
  const atMs = step.context.wallMs;
  step.setExit(
    status.kind === 'exited'
      ? { code: status.code, signal: null, coreDumped: false, expected, atMs }
      : { code: null, signal: status.signal, coreDumped: status.coreDumped, expected, atMs },
  );
}

function exitedTooQuickly(step: Step, pid: number, status: ExitStatus): void {
  rememberExit(step, status, false);
  step.set({ exitStatus: null, spawnError: 'Exited too quickly (process log may have details)' });
  enterBackoff(step, pid);
  step.log('warn', `exited: ${step.settings.name} (${describeExit(status)}; not expected)`);
  giveUpIfSpent(step);
}

function exitedByItself(step: Step, pid: number, status: ExitStatus): void {
  const { name, exitCodes } = step.settings;
  const exitStatus = exitCodeOf(status);
  const expected = exitCodes.includes(exitStatus);
  rememberExit(step, status, expected);
  step.set({ failures: 0, exitStatus });
  if (!expected) {
    step.set({ spawnError: `Bad exit code ${exitStatus}` });
  }
  const earliestMs = step.record.startedAtMs + minRestartIntervalMs;
  const restarts = isRestarted(step.settings, expected) && step.context.mayRestart;
  const isTooSoon = step.context.nowMs < earliestMs;
  step.enter({ state: 'EXITED', restartAtMs: restarts && isTooSoon ? earliestMs : null }, pid, expected);
  step.log(
    expected ? 'info' : 'warn',
    `exited: ${name} (${describeExit(status)}; ${expected ? 'expected' : 'not expected'})`,
  );
  if (restarts && !isTooSoon) {
    beginRestart(step);
  }
}

/** The second after its last start is over, at the end of which a process that ran for less starts again. */
export function restartAfterExit(step: Step): void {
  if (step.context.mayRestart && isRestarted(step.settings, step.record.lastExit?.expected ?? false)) {
    beginRestart(step);
  } else {
    step.set({ phase: { state: 'EXITED', restartAtMs: null } });
  }
}

function isRestarted({ autorestart }: ProcessSettings, expected: boolean): boolean {
  return autorestart === 'always' || (autorestart === 'unexpected' && !expected);
}

function exitedWhenStopped(step: Step, pid: number, status: ExitStatus): void {
  const exitStatus = exitCodeOf(status);
  rememberExit(step, status, true);
  step.set({ failures: 0, exitStatus });
  step.enter({ state: 'STOPPED' }, pid);
  step.log(
    step.settings.exitCodes.includes(exitStatus) ? 'info' : 'warn',
    `stopped: ${step.settings.name} (${describeExit(status)})`,
  );
}
