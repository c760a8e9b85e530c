/**
 * The struct that `getProcessInfo` answers.
 *
 * Source: Supervisor manual, `getProcessInfo`; checklist B18.15. Members in the original's order.
 */
import { processStateCodes, type ProcessState } from '../process/states.ts';
import { describeProcess, leastBlockedMs } from './description.ts';
import { processesByName } from './find-processes.ts';
import type { ControlledProcess, SupervisorControl } from './supervisor-control.ts';
import { keepEncoding } from './xml/encode.ts';

/** A type alias, not an interface, so that it is an XmlRpcStruct too. */
export type ProcessInfo = {
  readonly name: string;
  readonly group: string;
  /** Whole seconds since the epoch; 0: never. */
  readonly start: number;
  readonly stop: number;
  readonly now: number;
  readonly state: number;
  readonly statename: ProcessState;
  readonly spawnerr: string;
  /** -1: ended by a signal; 0 also when there is none. */
  readonly exitstatus: number;
  /** Older name of stdout_logfile. */
  readonly logfile: string;
  readonly stdout_logfile: string;
  readonly stderr_logfile: string;
  readonly pid: number;
  readonly description: string;
};

/** The latest answer about each process. */
const latest = new WeakMap<ControlledProcess, ProcessInfo>();

/**
 * `nowMs` is wall-clock time.
 *
 * While nothing changes, which is up to a second, the answer is the same object, and is encoded once.
 */
export function processInfo(group: string, process: ControlledProcess, nowMs: number): ProcessInfo {
  const before = latest.get(process);
  if (before !== undefined && isCurrent(before, group, process, nowMs)) {
    return before;
  }
  const info = freshProcessInfo(group, process, nowMs);
  latest.set(process, keepEncoding(info));
  return info;
}

/** Whether {@link freshProcessInfo} would say the same; without making anything, since it is asked so often. */
function isCurrent(info: ProcessInfo, group: string, process: ControlledProcess, nowMs: number): boolean {
  return (
    info.now === toXmlRpcSeconds(nowMs) &&
    info.statename === process.state &&
    info.pid === process.pid &&
    info.start === toXmlRpcSeconds(process.startedAtMs) &&
    info.stop === toXmlRpcSeconds(process.stoppedAtMs) &&
    info.spawnerr === (process.spawnError ?? '') &&
    info.exitstatus === (process.exitStatus ?? 0) &&
    info.stdout_logfile === (process.stdoutLogPath ?? '') &&
    info.stderr_logfile === (process.stderrLogPath ?? '') &&
    info.name === process.settings.name &&
    info.group === group
  );
}

/** As {@link processInfo}, made anew. */
export function freshProcessInfo(group: string, process: ControlledProcess, nowMs: number): ProcessInfo {
  const { state, pid } = process;
  const { name } = process.settings;
  const start = toXmlRpcSeconds(process.startedAtMs);
  const stop = toXmlRpcSeconds(process.stoppedAtMs);
  const now = toXmlRpcSeconds(nowMs);
  const stdoutLogPath = process.stdoutLogPath ?? '';
  const { spawnError } = process;
  return {
    name,
    group,
    start,
    stop,
    now,
    state: processStateCodes[state],
    statename: state,
    spawnerr: spawnError ?? '',
    exitstatus: process.exitStatus ?? 0,
    logfile: stdoutLogPath,
    stdout_logfile: stdoutLogPath,
    stderr_logfile: process.stderrLogPath ?? '',
    pid,
    description: describeProcess({
      name,
      state,
      pid,
      spawnError,
      startSecs: start,
      stopSecs: stop,
      nowSecs: now,
      logBlockedSinceSecs: blockedSinceSecs(process, nowMs),
    }),
  };
}

function blockedSinceSecs({ logBlockedForMs }: ControlledProcess, nowMs: number): number | null {
  return logBlockedForMs < leastBlockedMs ? null : toXmlRpcSeconds(nowMs - logBlockedForMs);
}

/** The latest answer about all processes. */
const latestOfAll = new WeakMap<SupervisorControl, readonly ProcessInfo[]>();

/** Every process, by name of the group, then of the process; the same array while nothing changes. */
export function allProcessInfo(control: SupervisorControl, nowMs: number): readonly ProcessInfo[] {
  const all = processesByName(control).map(({ group, process }) =>
    processInfo(group.settings.name, process, nowMs),
  );
  const before = latestOfAll.get(control);
  if (before?.length === all.length && before.every((info, index) => info === all[index])) {
    return before;
  }
  latestOfAll.set(control, keepEncoding(all));
  return all;
}

const maxInt = 2 ** 31 - 1;

/** Compat: an XML-RPC integer ends in January 2038; later times are held there. */
function toXmlRpcSeconds(wallMs: number): number {
  return Math.min(Math.floor(wallMs / 1000), maxInt);
}
