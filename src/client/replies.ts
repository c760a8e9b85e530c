/**
 * The structs that methods answer with, member names as in the API.
 *
 * Source: Supervisor manual, "XML-RPC API"; replies of the original daemon (checklist B18.12 to B18.18).
 */
import type { ReplyReader } from './reply-reader.ts';
import type * as methods from './rpc-methods.ts';

/** The daemon's own state, such as 1 and `RUNNING`. */
export type SupervisorStateInfo = Described<methods.SupervisorState>;

/** One process; times in seconds since the epoch, 0 for never. */
export type ProcessInfo = Described<Omit<methods.ProcessInfo, 'logfile'>>;

/** One process as configured. Older daemons leave out some members. */
export type ConfigInfo = Pick<
  methods.ConfigInfo,
  'name' | 'group' | 'inuse' | 'autostart' | 'group_prio' | 'process_prio'
>;

/** How a method that acts on many processes went for one of them. */
export type ProcessOutcome = methods.ProcessOutcome;

/** Names of states are texts: another daemon may have states of its own. */
type Described<Struct> = {
  readonly [Member in keyof Struct]: Member extends 'statename' ? string : Struct[Member];
};

/** Names of groups whose configuration differs from what is active. */
export interface ConfigChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Part of a log, and where to go on. */
export interface LogTail {
  readonly text: string;
  /** Size of the log, the offset for the next call. */
  readonly offset: number;
  /** More was written than was asked for. */
  readonly overflow: boolean;
}

export function readSupervisorState(reply: ReplyReader): SupervisorStateInfo {
  return { statecode: reply.member('statecode').number(), statename: reply.member('statename').text() };
}

export function readProcessInfo(reply: ReplyReader): ProcessInfo {
  return {
    name: reply.member('name').text(),
    group: reply.member('group').text(),
    description: reply.member('description').text(),
    start: reply.member('start').number(),
    stop: reply.member('stop').number(),
    now: reply.member('now').number(),
    state: reply.member('state').number(),
    statename: reply.member('statename').text(),
    spawnerr: reply.member('spawnerr').text(),
    exitstatus: reply.member('exitstatus').number(),
    stdout_logfile: reply.member('stdout_logfile').text(),
    stderr_logfile: reply.member('stderr_logfile').text(),
    pid: reply.member('pid').number(),
  };
}

export function readConfigInfo(reply: ReplyReader): ConfigInfo {
  return {
    name: reply.member('name').text(),
    group: reply.member('group').text(),
    inuse: reply.member('inuse').boolean(),
    autostart: reply.member('autostart').boolean(),
    group_prio: reply.member('group_prio').number(),
    process_prio: reply.member('process_prio').number(),
  };
}

export function readOutcome(reply: ReplyReader): ProcessOutcome {
  return {
    name: reply.member('name').text(),
    group: reply.member('group').text(),
    status: reply.member('status').number(),
    description: reply.member('description').text(),
  };
}

/** The reply is an array of one array of three arrays. */
export function readConfigChanges(reply: ReplyReader): ConfigChanges {
  const lists = reply.item(0);
  return {
    added: lists.item(0).texts(),
    changed: lists.item(1).texts(),
    removed: lists.item(2).texts(),
  };
}

export function readLogTail(reply: ReplyReader): LogTail {
  return { text: reply.item(0).text(), offset: reply.item(1).number(), overflow: reply.item(2).boolean() };
}
