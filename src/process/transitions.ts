/**
 * The life of one process as a pure function: (record, event, context) to (record, effects).
 *
 * No clock, timer or system call in here. A record is plain data, so it can be written down and read back.
 * The holder (`process.ts`) feeds events in, performs the effects in their order, and arms one timer for
 * {@link deadlineOf} the record. Starting a child is an effect whose outcome returns as an event (`spawned`, `spawn-failed` or
 * `spawn-given-up`), stopping one likewise (`exited`).
 *
 * What leads where is drawn in `docs/process-states.md`, which is generated from this function.
 *
 * In short: a started process is STARTING until it has stayed up for `startsecs`, then RUNNING. One that
 * ends before is in BACKOFF for as many seconds as it has failed in a row, and FATAL once it has failed more than
 * `startretries` times; one that the machine has no room for is in BACKOFF as well, for up to 30 seconds at a time, until there is
 * room, and this counts nothing. One that ends later is EXITED, and started again if `autorestart` says so: at once, or a second after
 * its last start if it ran for less. A stop request sends `stopsignal` and makes it STOPPING; every `stopwaitsecs` after that it is sent SIGKILL, until it has
 * ended and is STOPPED.
 *
 * Source: Supervisor manual, "Subprocesses" (process states), and its daemon's observed behaviour.
 */
import { enterRunning, retryStart } from './enter.ts';
import { onExited, restartAfterExit } from './on-exit.ts';
import { onSpawned, onSpawnFailed, onSpawnGivenUp, onStart } from './on-start.ts';
import { killOverdue, onKillFailed, onSignal, onStop } from './on-stop.ts';
import { deadlineOf, type ProcessRecord } from './record.ts';
import { type Effect, type ProcessEvent, Step, type TransitionContext } from './step.ts';

export interface Transition {
  readonly record: ProcessRecord;
  readonly effects: readonly Effect[];
}

/** The machine itself. An event that means nothing in the current state changes nothing. */
export function transition(
  record: ProcessRecord,
  event: ProcessEvent,
  context: TransitionContext,
): Transition {
  const step = new Step(record, context, 'cause' in event ? event.cause : null);
  switch (event.type) {
    case 'start':
      onStart(step);
      break;
    case 'spawned':
      onSpawned(step, event.pid);
      break;
    case 'spawn-failed':
      onSpawnFailed(step, event.message, event.fault);
      break;
    case 'spawn-given-up':
      onSpawnGivenUp(step);
      break;
    case 'exited':
      onExited(step, event.pid, event.status, event.endedAtMs ?? context.nowMs);
      break;
    case 'stop':
      onStop(step, event.reason);
      break;
    case 'signal':
      onSignal(step, event.signal);
      break;
    case 'kill-failed':
      onKillFailed(step, event.pid, event.intent, event.reason);
      break;
    case 'deadline':
      onDeadline(step);
      break;
  }
  return { record: step.record, effects: step.effects };
}

function onDeadline(step: Step): void {
  const due = deadlineOf(step.record, step.settings);
  if (due === null || step.context.nowMs < due) {
    return;
  }
  const { phase } = step.record;
  switch (phase.state) {
    case 'STARTING':
      if (phase.pid !== null) {
        enterRunning(step, phase.pid);
      }
      break;
    case 'BACKOFF':
      if (step.context.mayRestart) {
        retryStart(step);
      } else {
        step.set({ phase: { state: 'BACKOFF', retryAtMs: null } });
      }
      break;
    case 'EXITED':
      restartAfterExit(step);
      break;
    case 'STOPPING':
      killOverdue(step, phase.pid);
      break;
    case 'STOPPED':
    case 'RUNNING':
    case 'FATAL':
    case 'UNKNOWN':
      break;
  }
}
