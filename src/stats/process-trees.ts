/**
 * Which supervised process each process of the machine belongs to: the one it descends from, or, when its parent has
 * ended before it, the one whose process group it is in. So what a program has put into the background still counts.
 */
import type { ProcessUsage } from './stat-line.ts';

/** What a process and everything that belongs to it use together. */
export interface TreeUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

const nothing: TreeUsage = { cpuMs: 0, memoryBytes: 0 };

/** By pid of the supervised processes `roots`; those that are not among `processes` are left out. */
export function sumTrees(
  processes: ReadonlyMap<number, ProcessUsage>,
  roots: ReadonlySet<number>,
): ReadonlyMap<number, TreeUsage> {
  const rootOf = new Map<number, number | null>();
  const sums = new Map<number, TreeUsage>();
  for (const [pid, usage] of processes) {
    const root = findRoot(pid, processes, roots, rootOf);
    if (root !== null) {
      const sum = sums.get(root) ?? nothing;
      sums.set(root, {
        cpuMs: sum.cpuMs + usage.cpuMs,
        memoryBytes: sum.memoryBytes + usage.memoryBytes,
      });
    }
  }
  return sums;
}

/** Goes up until it meets a root, and remembers the answer for everybody on the way. */
function findRoot(
  pid: number,
  processes: ReadonlyMap<number, ProcessUsage>,
  roots: ReadonlySet<number>,
  known: Map<number, number | null>,
): number | null {
  const way: number[] = [];
  let root: number | null = null;
  for (let at = pid; ;) {
    const before = known.get(at);
    if (before !== undefined) {
      root = before;
      break;
    }
    way.push(at);
    // Set at once, so that pids reused between two reads cannot make a circle.
    known.set(at, null);
    if (roots.has(at)) {
      root = at;
      break;
    }
    const usage = processes.get(at);
    if (usage === undefined) {
      break;
    }
    if (roots.has(usage.processGroup)) {
      root = usage.processGroup;
      break;
    }
    at = usage.parent;
  }
  for (const at of way) {
    known.set(at, root);
  }
  return root;
}
