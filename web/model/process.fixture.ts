/** Processes for tests. */
import type { ProcessView } from '../stream/wire.ts';

/** A running process, changed by `changes`. */
export function makeProcess(name: string, changes: Partial<ProcessView> = {}): ProcessView {
  const [group = name, process = name] = name.split(':');
  return {
    name,
    group,
    process,
    kind: 'program',
    state: 'RUNNING',
    description: '',
    pid: 100,
    startedAtMs: 1_000_000,
    stoppedAtMs: null,
    spawnError: null,
    exit: null,
    restarts: 0,
    cpuPercent: 1,
    memoryBytes: 1024,
    logs: { stdout: `/log/${name}`, stderr: null },
    logBlockedSinceMs: null,
    acceptsStdin: false,
    autostart: true,
    command: `/bin/${process}`,
    priority: 999,
    ...changes,
  };
}
