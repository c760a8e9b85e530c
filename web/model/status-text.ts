/** The one thing worth knowing about a process in its state. */
import type { ProcessExit, ProcessView } from '../stream/wire.ts';
import { formatDuration } from './format.ts';

/** How long it runs, why it does not, or since when; and whether its output is kept waiting. */
export function statusText(view: ProcessView, nowMs: number): string {
  const { logBlockedSinceMs } = view;
  const text = stateText(view, nowMs);
  return logBlockedSinceMs === null ? text : `${text}, log blocked for ${ago(logBlockedSinceMs, nowMs)}`;
}

function stateText(view: ProcessView, nowMs: number): string {
  switch (view.state) {
    case 'RUNNING':
      return `up ${ago(view.startedAtMs, nowMs)}`;
    case 'STARTING':
      return 'starting…';
    case 'STOPPING':
      return 'stopping…';
    case 'BACKOFF':
    case 'FATAL':
      return view.spawnError ?? view.description;
    case 'STOPPED':
      return view.stoppedAtMs === null ? 'not started' : `stopped ${ago(view.stoppedAtMs, nowMs)} ago`;
    case 'EXITED':
      return view.stoppedAtMs === null ? 'ended' : `ended ${ago(view.stoppedAtMs, nowMs)} ago`;
    case 'UNKNOWN':
      return 'in no known state';
  }
}

function ago(atMs: number | null, nowMs: number): string {
  return atMs === null ? '' : formatDuration(nowMs - atMs);
}

/** `code 3`, `SIGKILL`, `SIGSEGV, core dumped`. */
export function exitText(exit: ProcessExit): string {
  const how = exit.signal === null ? `code ${exit.code ?? '?'}` : signalName(exit.signal);
  return exit.coreDumped ? `${how}, core dumped` : how;
}

function signalName(signal: string): string {
  return signal.startsWith('SIG') ? signal : `SIG${signal}`;
}
