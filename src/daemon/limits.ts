/**
 * Resource limits: raising them to what the configuration asks for, and what children get of them.
 *
 * Source: Supervisor manual, `minfds` and `minprocs`; B5.6.
 */
import { readFileSync } from 'node:fs';
import type { DaemonSettings } from '../config/settings.ts';

/** Soft and hard limit; `Infinity` for none. */
export interface ResourceLimit {
  readonly soft: number;
  readonly hard: number;
}

export type LimitedResource = 'NOFILE' | 'NPROC';

/** The calls that read and set limits; setting returns null or the errno's name. */
export interface LimitCalls {
  get(resource: LimitedResource): ResourceLimit;
  set(resource: LimitedResource, limit: ResourceLimit): string | null;
}

export type RaiseResult =
  /** `infos`: lines for the activity log. */
  { readonly ok: true; readonly infos: readonly string[] } | { readonly ok: false; readonly message: string };

interface LimitRow {
  readonly resource: LimitedResource;
  readonly option: 'minfds' | 'minprocs';
  readonly what: string;
}

const limitTable: readonly LimitRow[] = [
  { resource: 'NOFILE', option: 'minfds', what: 'open files' },
  { resource: 'NPROC', option: 'minprocs', what: 'processes' },
];

/**
 * Raises the soft limits to `minfds` and `minprocs`, the hard ones too where they are lower and this is root.
 * `softNofile` is the soft limit of open files that the daemon was started with.
 */
export function raiseLimits(settings: DaemonSettings, calls: LimitCalls, softNofile: number): RaiseResult {
  const infos: string[] = [];
  for (const { resource, option, what } of limitTable) {
    const wanted = settings[option];
    const { soft, hard } = calls.get(resource);
    const startedWith = resource === 'NOFILE' ? Math.min(soft, softNofile) : soft;
    if (startedWith >= wanted) {
      continue;
    }
    if (soft < wanted) {
      const errno = calls.set(resource, { soft: wanted, hard: Math.max(hard, wanted) });
      if (errno !== null) {
        const message =
          `cannot raise the limit of ${what} to ${wanted} as ${option} asks (${errno}): ` +
          `the system allows ${hard}; raise the hard limit or lower ${option}`;
        return { ok: false, message };
      }
    }
    infos.push(`Increased RLIMIT_${resource} limit to ${wanted}`);
  }
  return { ok: true, infos };
}

/**
 * The soft limit of open files this process was started with. Node raises its own to the hard limit before any script
 * runs, so the launcher tells it; null without a launcher, and then the parent's is the best guess.
 */
export function startingSoftNofile(told: number | null, current: ResourceLimit): number {
  return told === null ? inheritedSoftNofile(current) : Math.min(told, current.soft);
}

/**
 * The soft limit of the parent, which handed its own on to us. A parent with another hard limit set ours on purpose,
 * soft and hard alike as service managers do. Without a readable parent (PID 1) the raised one is all there is to know.
 */
export function inheritedSoftNofile(current: ResourceLimit, parentPid = process.ppid): number {
  const parent = readNofile(parentPid);
  return parent === null || parent.hard !== current.hard ? current.soft : Math.min(parent.soft, current.soft);
}

function readNofile(pid: number): ResourceLimit | null {
  try {
    const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
    const [, soft, hard] = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(limits) ?? [];
    return soft === undefined || hard === undefined ? null : { soft: numberOf(soft), hard: numberOf(hard) };
  } catch {
    return null;
  }
}

function numberOf(limit: string): number {
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}
