/**
 * What a daemon tells of its processes beyond XML-RPC: processor, memory, restarts and the latest end.
 *
 * Source: `GET /api/v1/processes` of the JSON API.
 */

/** Null: not known, such as for a process that does not run. */
export interface ProcessUsage {
  /** 100 is one whole processor. */
  readonly cpuPercent: number | null;
  /** Resident memory, in bytes. */
  readonly memoryBytes: number | null;
  /** Automatic starts since the daemon started. */
  readonly restarts: number | null;
  readonly exit: ProcessExit | null;
}

/** How a process ended last: with an exit code or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly coreDumped: boolean;
  readonly expected: boolean;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** Reads the answer, by name of the process; null when it says nothing of the kind. */
export function readUsage(body: Buffer): ReadonlyMap<string, ProcessUsage> | null {
  const list = members(parse(body))?.['processes'];
  if (!Array.isArray(list)) {
    return null;
  }
  const usage = new Map<string, ProcessUsage>();
  for (const item of list) {
    const process = members(item);
    const name = process?.['name'];
    if (process !== null && typeof name === 'string') {
      usage.set(name, {
        cpuPercent: numberOrNull(process['cpuPercent']),
        memoryBytes: numberOrNull(process['memoryBytes']),
        restarts: numberOrNull(process['restarts']),
        exit: readExit(process['exit']),
      });
    }
  }
  return usage;
}

function readExit(value: unknown): ProcessExit | null {
  const exit = members(value);
  if (exit === null) {
    return null;
  }
  const signal = exit['signal'];
  return {
    code: numberOrNull(exit['code']),
    signal: typeof signal === 'string' ? signal : null,
    coreDumped: exit['coreDumped'] === true,
    expected: exit['expected'] === true,
    atMs: numberOrNull(exit['atMs']) ?? 0,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
