/**
 * Which processes a request speaks of, and in which order.
 *
 * Source: checklist B8.3, B15.3 and B18.15, and the order of the original's answers.
 */
import { RpcFault } from './faults.ts';
import { parseNamespec } from './namespec.ts';
import type { ControlledGroup, ControlledProcess, SupervisorControl } from './supervisor-control.ts';

export interface FoundProcess {
  readonly group: ControlledGroup;
  readonly process: ControlledProcess;
}

/** The group, or throws BAD_NAME. */
export function findGroup(control: SupervisorControl, name: string): ControlledGroup {
  const group = control.groups.get(name);
  if (group === undefined) {
    throw new RpcFault('BAD_NAME', name);
  }
  return group;
}

/** The process, or the whole group when the name means that (`process` is null); throws BAD_NAME. */
export function findProcessOrGroup(
  control: SupervisorControl,
  name: string,
): FoundProcess | { readonly group: ControlledGroup; readonly process: null } {
  const namespec = parseNamespec(name);
  const group = control.groups.get(namespec.group);
  const process = namespec.process === null ? null : group?.processes.get(namespec.process);
  if (group === undefined || process === undefined) {
    throw new RpcFault('BAD_NAME', name);
  }
  return process === null ? { group, process } : { group, process };
}

/** The one process of that name with its group; throws BAD_NAME also for a whole group. */
export function findOne(control: SupervisorControl, name: string): FoundProcess {
  const found = findProcessOrGroup(control, name);
  if (found.process === null) {
    throw new RpcFault('BAD_NAME', name);
  }
  return found;
}

/** As {@link findOne}, without the group. */
export function findProcess(control: SupervisorControl, name: string): ControlledProcess {
  return findOne(control, name).process;
}

/** Ascending priority; those of equal priority as they are configured. */
export function processesOfGroup(group: ControlledGroup): readonly FoundProcess[] {
  return [...group.processes.values()]
    .map((process) => ({ group, process }))
    .sort((a, b) => a.process.settings.priority - b.process.settings.priority);
}

/** Group by group, ascending priority of both; groups of equal priority as they were added. */
export function processesByPriority(control: SupervisorControl): readonly FoundProcess[] {
  return [...control.groups.values()]
    .sort((a, b) => a.settings.priority - b.settings.priority)
    .flatMap((group) => processesOfGroup(group));
}

/** By name of the group, then of the process. */
export function processesByName(control: SupervisorControl): readonly FoundProcess[] {
  const found: FoundProcess[] = [];
  for (const [, group] of sortedByKey(control.groups)) {
    for (const [, process] of sortedByKey(group.processes)) {
      found.push({ group, process });
    }
  }
  return found;
}

function sortedByKey<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
