/** Look-ups in /proc: who runs, whose child it is, and whether it is still the same process. */
import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot. */
  readonly startTicks: number;
}

export interface ProcessEntry extends ProcessIdentity {
  readonly parentPid: number;
  readonly processGroup: number;
  readonly session: number;
  /** Letter as in `ps`: `R`, `S`, `Z`... */
  readonly state: string;
  /** Command line, or the bare name in brackets where there is none. */
  readonly command: string;
}

/** One process, or null when there is none with that number. Source: proc(5), `/proc/pid/stat`. */
export function readProcess(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    // The name in parentheses may itself contain blanks and parentheses.
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const number = (index: number): number => Number(fields[index]);
    return {
      pid,
      state: fields[0] ?? '?',
      parentPid: number(1),
      processGroup: number(2),
      session: number(3),
      startTicks: number(19),
      command: commandLine === '' ? `[${name}]` : commandLine,
    };
  } catch {
    return null;
  }
}

/** All processes that can be seen. */
export function readProcessTable(): readonly ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== null);
}

export function childrenOf(pid: number): readonly ProcessEntry[] {
  return readProcessTable().filter((entry) => entry.parentPid === pid);
}

/** Children, their children and so on; not the process itself. */
export function descendantsOf(pid: number): readonly ProcessEntry[] {
  const table = readProcessTable();
  const found: ProcessEntry[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = table.filter((entry) => parents.has(entry.parentPid));
    found.push(...children);
    parents = new Set(children.map((entry) => entry.pid));
  }
  return found;
}

/** Whether this very process still runs; one that has ended but was not waited for yet does not. */
export function isRunning(identity: ProcessIdentity): boolean {
  const entry = readProcess(identity.pid);
  return entry !== null && entry.startTicks === identity.startTicks && entry.state !== 'Z';
}

/** Processes that were started with this variable in their environment, as far as we may read it. */
export function processesWithVariable(assignment: string): readonly ProcessEntry[] {
  return readProcessTable().filter((entry) => environmentOf(entry.pid).includes(assignment));
}

/** The environment a process was started with, as `KEY=value` entries; empty when it cannot be read. */
export function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
