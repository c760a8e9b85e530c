/**
 * The line in `/proc/<pid>/stat`.
 *
 * Source: proc_pid_stat(5).
 */

/** What one process has used, and whose it is. */
export interface ProcessUsage {
  readonly parent: number;
  readonly processGroup: number;
  /** Milliseconds of processor time, that of its children it has waited for included. */
  readonly cpuMs: number;
  /** Resident memory; pages that processes share count for each of them. */
  readonly memoryBytes: number;
}

/** The kernel counts in hundredths of a second for programs, whatever its own clock is. */
const msPerTick = 10;

/** Null for what is no such line. The name in it may contain anything, also spaces and parentheses. */
export function parseStat(line: string, pageBytes: number): ProcessUsage | null {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // Numbered as in the manual page, where the name is field 2.
  const field = (number: number): number => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  const pages = field(24);
  return Number.isInteger(ticks) && Number.isInteger(pages)
    ? { parent: field(4), processGroup: field(5), cpuMs: ticks * msPerTick, memoryBytes: pages * pageBytes }
    : null;
}
