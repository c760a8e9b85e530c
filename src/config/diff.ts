/**
 * What a new configuration changes in the groups that are active (B21.2, B18.9).
 *
 * Source: Supervisor manual, "update"; what counts as a change by observation.
 */
import { isDeepStrictEqual } from 'node:util';

import type { GroupSettings, LogfileSetting, ProcessSettings, StreamSettings } from './settings.ts';

export interface GroupDiff {
  /** Groups that are only in the new configuration. */
  readonly added: readonly GroupSettings[];
  /** Groups that are in both and differ, as they are in the new one. */
  readonly changed: readonly GroupSettings[];
  /** Groups that are only active. */
  readonly removed: readonly GroupSettings[];
}

/** Compares by name; of several groups with one name the last counts. */
export function diffGroups(current: readonly GroupSettings[], next: readonly GroupSettings[]): GroupDiff {
  const active = new Map(current.map((group) => [group.name, group]));
  const wanted = new Set(next.map((group) => group.name));
  return {
    added: next.filter((group) => !active.has(group.name)),
    changed: next.filter((group) => {
      const before = active.get(group.name);
      return before !== undefined && !sameGroup(before, group);
    }),
    removed: current.filter((group) => !wanted.has(group.name)),
  };
}

function sameGroup(before: GroupSettings, after: GroupSettings): boolean {
  return (
    before.name === after.name &&
    before.priority === after.priority &&
    sameKind(before, after) &&
    before.processes.length === after.processes.length &&
    before.processes.every((process, index) => sameProcess(process, after.processes[index]))
  );
}

function sameKind(before: GroupSettings, after: GroupSettings): boolean {
  if (before.kind === 'fcgi-program' && after.kind === 'fcgi-program') {
    // Compat: of a socket only the address counts, not its owner, mode and backlog.
    return before.socket.url === after.socket.url;
  }
  if (before.kind === 'eventlistener' && after.kind === 'eventlistener') {
    return (
      before.bufferSize === after.bufferSize &&
      before.lengthInBytes === after.lengthInBytes &&
      isDeepStrictEqual(before.resultHandler, after.resultHandler) &&
      isDeepStrictEqual(new Set(before.events), new Set(after.events))
    );
  }
  return before.kind === after.kind;
}

/** Compat: the kind of the program does not count, its group's does. */
function sameProcess(before: ProcessSettings, after: ProcessSettings | undefined): boolean {
  if (after === undefined) {
    return false;
  }
  const { kind: _before, stdout: stdoutBefore, stderr: stderrBefore, ...restBefore } = before;
  const { kind: _after, stdout: stdoutAfter, stderr: stderrAfter, ...restAfter } = after;
  return (
    sameStream(stdoutBefore, stdoutAfter) &&
    sameStream(stderrBefore, stderrAfter) &&
    isDeepStrictEqual(restBefore, restAfter)
  );
}

function sameStream(before: StreamSettings, after: StreamSettings): boolean {
  const { logfile: logfileBefore, ...restBefore } = before;
  const { logfile: logfileAfter, ...restAfter } = after;
  return sameLogfile(logfileBefore, logfileAfter) && isDeepStrictEqual(restBefore, restAfter);
}

/** Compat: whatever log an active process has, an automatic one is no change; from an automatic one to a file is. */
function sameLogfile(before: LogfileSetting, after: LogfileSetting): boolean {
  return after.kind === 'auto' || isDeepStrictEqual(before, after);
}
