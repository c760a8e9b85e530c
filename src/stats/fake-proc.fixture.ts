import type { ProcReader } from './proc-reader.ts';
import type { ProcessUsage } from './stat-line.ts';

/** A scripted `/proc` for tests. */
export class FakeProc implements ProcReader {
  readonly processes = new Map<number, ProcessUsage>();
  /** How often the list of processes was read. */
  reads = 0;

  set(pid: number, usage: Partial<ProcessUsage>): void {
    this.processes.set(pid, { parent: 1, processGroup: pid, cpuMs: 0, memoryBytes: 0, ...usage });
  }

  pids(): readonly number[] {
    this.reads += 1;
    return [...this.processes.keys()];
  }

  usage(pid: number): ProcessUsage | null {
    return this.processes.get(pid) ?? null;
  }
}
