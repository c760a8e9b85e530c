/** The structs that plans and outcomes of updates come in. */
import type { ReplyReader } from './reply-reader.ts';

/** `groups`: whole groups are stopped and added again; `minimal`: only what has to be is restarted. */
export type UpdateMode = 'groups' | 'minimal';

/** An option that differs; values as a configuration file has them, null where there is none. */
export interface ChangedOption {
  readonly option: string;
  /** Of `environment`: the variable that differs. */
  readonly variable: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** `live`, `restart`, `replace` or `members`. */
  readonly applies: string;
  /** Where the new value is written. */
  readonly file: string | null;
  readonly line: number | null;
}

/** An option outside of groups that differs, which a reload takes up. */
export interface ReloadChange {
  readonly section: string;
  /** Null: the section came or went. */
  readonly option: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

export interface ProcessPlan {
  readonly name: string;
  /** `added`, `removed` or `stays`. */
  readonly membership: string;
  /** `start`, `stop`, `restart` or `keep`. */
  readonly action: string;
  readonly options: readonly ChangedOption[];
}

export interface GroupPlan {
  readonly name: string;
  /** `added`, `removed` or `changed`. */
  readonly change: string;
  /** `replace` or `adjust`. */
  readonly how: string;
  readonly options: readonly ChangedOption[];
  readonly processes: readonly ProcessPlan[];
}

export interface UpdateOutcome {
  readonly group: string;
  /** Null: the group as a whole. */
  readonly process: string | null;
  /** What was done or tried, such as `restarted`. */
  readonly done: string;
  readonly problem: string | null;
}

export function readGroupPlan(reply: ReplyReader): GroupPlan {
  return {
    name: reply.member('name').text(),
    change: reply.member('change').text(),
    how: reply.member('how').text(),
    options: reply.member('options').items().map(readChangedOption),
    processes: reply.member('processes').items().map(readProcessPlan),
  };
}

export function readReloadChange(reply: ReplyReader): ReloadChange {
  return {
    section: reply.member('section').text(),
    option: textIfThere(reply, 'option'),
    from: textIfThere(reply, 'from'),
    to: textIfThere(reply, 'to'),
    file: textIfThere(reply, 'file'),
    line: reply.has('line') ? reply.member('line').number() : null,
  };
}

export function readUpdateOutcome(reply: ReplyReader): UpdateOutcome {
  return {
    group: reply.member('group').text(),
    process: textIfThere(reply, 'process'),
    done: reply.member('done').text(),
    problem: textIfThere(reply, 'problem'),
  };
}

function readProcessPlan(reply: ReplyReader): ProcessPlan {
  return {
    name: reply.member('name').text(),
    membership: reply.member('membership').text(),
    action: reply.member('action').text(),
    options: reply.member('options').items().map(readChangedOption),
  };
}

function readChangedOption(reply: ReplyReader): ChangedOption {
  return {
    option: reply.member('option').text(),
    variable: textIfThere(reply, 'variable'),
    from: textIfThere(reply, 'from'),
    to: textIfThere(reply, 'to'),
    applies: reply.member('applies').text(),
    file: textIfThere(reply, 'file'),
    line: reply.has('line') ? reply.member('line').number() : null,
  };
}

function textIfThere(reply: ReplyReader, name: string): string | null {
  return reply.has(name) ? reply.member(name).text() : null;
}
