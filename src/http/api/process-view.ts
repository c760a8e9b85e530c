/** Processes as the JSON API shows them. */
import { signalName } from '../../config/signals.ts';
import type { LastExit } from '../../process/record.ts';
import { processStateCodes } from '../../process/states.ts';
import { leastBlockedMs } from '../../rpc/description.ts';
import { freshProcessInfo } from '../../rpc/process-info.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import type { FoundProcess } from '../../rpc/find-processes.ts';
import type { SupervisorControl } from '../../rpc/supervisor-control.ts';
import type { ProcessView } from './schemas.ts';

export function processView(
  { statistics }: SupervisorControl,
  { group, process }: FoundProcess,
  nowMs: number,
): ProcessView {
  const { settings, state, pid, lastExit } = process;
  const groupName = group.settings.name;
  const name = formatNamespec(groupName, settings.name);
  const [, cpuPercent, memoryBytes] = pid === 0 ? [] : (statistics.latest(name, pid) ?? []);
  return {
    name,
    group: groupName,
    process: settings.name,
    kind: settings.kind,
    state,
    stateCode: processStateCodes[state],
    description: freshProcessInfo(groupName, process, nowMs).description,
    pid: pid === 0 ? null : pid,
    startedAtMs: timeOrNull(process.startedAtMs),
    stoppedAtMs: timeOrNull(process.stoppedAtMs),
    spawnError: process.spawnError,
    exit: exitView(lastExit),
    restarts: process.restarts,
    cpuPercent: cpuPercent ?? null,
    memoryBytes: memoryBytes ?? null,
    logs: { stdout: process.stdoutLogPath, stderr: process.stderrLogPath },
    logBlockedSinceMs: process.logBlockedForMs < leastBlockedMs ? null : nowMs - process.logBlockedForMs,
    acceptsStdin: pid !== 0 && !process.isStopping && settings.kind !== 'eventlistener',
    autostart: settings.autostart,
    command: settings.command,
    priority: settings.priority,
  };
}

/** Signals by name, as `SIGKILL`. */
export function exitView(exit: LastExit | null): ProcessView['exit'] {
  return exit === null ? null : { ...exit, signal: exit.signal === null ? null : signalName(exit.signal) };
}

function timeOrNull(ms: number): number | null {
  return ms === 0 ? null : ms;
}
