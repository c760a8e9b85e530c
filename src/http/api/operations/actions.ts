/**
 * What can be done to processes: to one, to all of a group, to many by name, or to all.
 *
 * Each action is made from one record, for each of the three addresses.
 */
import * as v from 'valibot';
import { findGroup, findOne, findProcessOrGroup, processesByPriority } from '../../../rpc/find-processes.ts';
import { formatNamespec } from '../../../rpc/namespec.ts';
import type { SupervisorControl } from '../../../rpc/supervisor-control.ts';
import type { XmlRpcValue } from '../../../rpc/xml/value.ts';
import type { Exchange } from '../../exchange.ts';
import { MethodCaller, outcomesOf } from '../call.ts';
import type { ApiHost } from '../host.ts';
import { defineOperation, type Operation } from '../operation.ts';
import { type Outcome, outcomesSchema } from '../schemas.ts';

const wait = v.optional(
  v.pipe(
    v.boolean(),
    v.description('Answer only when it is done: running or failed, or ended. Default: true.'),
  ),
);
const signal = v.pipe(v.string(), v.maxLength(20), v.description('By name, as `HUP`, or number.'));
const maxNames = 100_000;
const names = v.pipe(
  v.union([v.literal('all'), v.pipe(v.array(v.string()), v.maxLength(maxNames))]),
  v.description('Names of processes, or `all`.'),
);

/** What is given in the body besides the names. */
interface Options {
  readonly wait?: boolean | undefined;
  readonly signal?: string | undefined;
}

interface Action {
  readonly name: 'start' | 'stop' | 'restart' | 'signal' | 'clear';
  readonly verb: string;
  /** Of the body. */
  readonly options: v.ObjectEntries;
  one(caller: MethodCaller, name: string, options: Options): Promise<XmlRpcValue>;
  /** All of a group; by default one after the other. */
  group?(caller: MethodCaller, group: string, options: Options): Promise<XmlRpcValue>;
  all?(caller: MethodCaller, options: Options): Promise<XmlRpcValue>;
  /** It is carried out to its end also when the client has gone away meanwhile. */
  readonly isLasting?: true;
}

const actions: readonly Action[] = [
  {
    name: 'start',
    verb: 'Starts',
    options: { wait },
    one: (caller, name, options) => caller.call('startProcess', name, options.wait ?? true),
    group: (caller, group, options) => caller.call('startProcessGroup', group, options.wait ?? true),
    all: (caller, options) => caller.call('startAllProcesses', options.wait ?? true),
  },
  {
    name: 'stop',
    verb: 'Stops',
    options: { wait },
    one: (caller, name, options) => caller.call('stopProcess', name, options.wait ?? true),
    group: (caller, group, options) => caller.call('stopProcessGroup', group, options.wait ?? true),
    all: (caller, options) => caller.call('stopAllProcesses', options.wait ?? true),
  },
  {
    name: 'restart',
    verb: 'Stops and starts',
    options: { wait },
    isLasting: true,
    one: async (caller, name, options) => {
      const stopped = await caller.outcomeOf(name, () => caller.call('stopProcess', name));
      return stopped.ok || stopped.fault === 'NOT_RUNNING'
        ? caller.call('startProcess', name, options.wait ?? true)
        : caller.call('stopProcess', name);
    },
  },
  {
    name: 'signal',
    verb: 'Sends a signal to',
    options: { signal },
    one: (caller, name, options) => caller.call('signalProcess', name, options.signal ?? ''),
    group: (caller, group, options) => caller.call('signalProcessGroup', group, options.signal ?? ''),
    all: (caller, options) => caller.call('signalAllProcesses', options.signal ?? ''),
  },
  {
    name: 'clear',
    verb: 'Empties the logs of',
    options: {},
    one: (caller, name) => caller.call('clearProcessLogs', name),
    all: (caller) => caller.call('clearAllProcessLogs'),
  },
];

const answerSummary = 'What became of each process concerned.';

export const actionOperations: readonly Operation[] = actions.flatMap((action) => [
  onProcess(action),
  onGroup(action),
  onMany(action),
]);

function onProcess(action: Action): Operation {
  return defineOperation({
    id: `${action.name}Process`,
    method: 'POST',
    path: `/processes/{name}/${action.name}`,
    tag: 'actions',
    summary: `${action.verb} a process.`,
    body: v.strictObject(action.options),
    answer: outcomesSchema,
    answerSummary,
    faults: ['BAD_NAME'],
    handle: async ({ host, exchange, path, body, signal: abort }) => {
      const { group, process } = findOne(host.rpc.control, path['name'] ?? '');
      const name = formatNamespec(group.settings.name, process.settings.name);
      const caller = callerOf(action, host, exchange, abort);
      return { outcomes: [await caller.outcomeOf(name, () => action.one(caller, name, body))] };
    },
  });
}

function onGroup(action: Action): Operation {
  return defineOperation({
    id: `${action.name}Group`,
    method: 'POST',
    path: `/groups/{name}/${action.name}`,
    tag: 'actions',
    summary: `${action.verb} the processes of a group.`,
    body: v.strictObject(action.options),
    answer: outcomesSchema,
    answerSummary,
    faults: ['BAD_NAME'],
    handle: async ({ host, exchange, path, body, signal: abort }) => {
      const group = findGroup(host.rpc.control, path['name'] ?? '');
      const caller = callerOf(action, host, exchange, abort);
      const { name } = group.settings;
      const members = [...group.processes.keys()].map((process) => formatNamespec(name, process));
      return {
        outcomes:
          action.group === undefined
            ? await each(action, caller, members, body)
            : outcomesOf(await action.group(caller, name, body)),
      };
    },
  });
}

function onMany(action: Action): Operation {
  return defineOperation({
    id: `${action.name}Processes`,
    method: 'POST',
    path: `/processes/${action.name}`,
    tag: 'actions',
    summary: `${action.verb} processes by name, or all of them.`,
    body: v.strictObject({ names, ...action.options }),
    answer: outcomesSchema,
    answerSummary,
    handle: async ({ host, exchange, body, signal: abort }) => {
      const caller = callerOf(action, host, exchange, abort);
      const { names: given, ...options } = body;
      if (given !== 'all') {
        return { outcomes: await each(action, caller, namesOf(host.rpc.control, given), options) };
      }
      return {
        outcomes:
          action.all === undefined
            ? await each(action, caller, allNames(host.rpc.control), options)
            : outcomesOf(await action.all(caller, options)),
      };
    },
  });
}

async function each(
  action: Action,
  caller: MethodCaller,
  concerned: readonly string[],
  options: Options,
): Promise<Outcome[]> {
  return [...(await caller.forEach(concerned, (name) => action.one(caller, name, options)))];
}

/** With `group:*` resolved; unknown names stay, to have their own outcome. */
function namesOf(control: SupervisorControl, given: readonly string[]): readonly string[] {
  const all = given.flatMap((name) => {
    const found = control.groups.get(name.replace(/:\*?$/, ''));
    return name.endsWith(':*') && found !== undefined
      ? [...found.processes.keys()].map((process) => formatNamespec(found.settings.name, process))
      : [canonical(control, name)];
  });
  return [...new Set(all)];
}

/** `web:web` is `web`. */
function canonical(control: SupervisorControl, name: string): string {
  try {
    const { group, process } = findProcessOrGroup(control, name);
    return process === null ? name : formatNamespec(group.settings.name, process.settings.name);
  } catch {
    return name;
  }
}

function allNames(control: SupervisorControl): readonly string[] {
  return processesByPriority(control).map(({ group, process }) =>
    formatNamespec(group.settings.name, process.settings.name),
  );
}

function callerOf(action: Action, host: ApiHost, exchange: Exchange, abort: AbortSignal): MethodCaller {
  const lasting = action.isLasting === true ? new AbortController().signal : abort;
  return new MethodCaller(host, exchange, lasting);
}

export const stdinOperation: Operation = defineOperation({
  id: 'sendProcessStdin',
  method: 'POST',
  path: '/processes/{name}/stdin',
  tag: 'actions',
  summary: 'Writes a text to the stdin of a process.',
  maxBodyBytes: 4 * 1024 * 1024,
  body: v.strictObject({ text: v.string() }),
  answer: outcomesSchema,
  answerSummary,
  faults: ['BAD_NAME'],
  handle: async ({ host, exchange, path, body, signal: abort }) => {
    const { group, process } = findOne(host.rpc.control, path['name'] ?? '');
    const name = formatNamespec(group.settings.name, process.settings.name);
    const caller = new MethodCaller(host, exchange, abort);
    const outcome = await caller.outcomeOf(name, () => caller.call('sendProcessStdin', name, body.text));
    return { outcomes: [outcome] };
  },
});
