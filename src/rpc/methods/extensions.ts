/**
 * The `supervisord_ts` namespace: what the original does not have. It is there whenever `supervisor` is, and not listed by
 * `system.listMethods`, so that the list stays the original's.
 */
import type { UpdateOutcome } from '../../group/apply-plan.ts';
import type { DescribedChange, DescribedPlan } from '../../group/describe-plan.ts';
import type { UpdateMode } from '../../group/reconcile.ts';
import { type FaultName, RpcFault } from '../faults.ts';
import { listOf, text, word } from '../json-schema.ts';
import { defineMethod, type Parameter, type RpcMethod } from '../method.ts';
import { arrayParameter, textParameter } from '../parameters.ts';
import { groupPlanSchema, reloadChangeSchema, updateOutcomeSchema } from '../result-schemas.ts';
import type { RpcNamespace } from '../registry.ts';
import type { UpdateRefusal, UpdateRequest } from '../supervisor-control.ts';
import type { XmlRpcStruct, XmlRpcValue } from '../xml/value.ts';

const mode: Parameter<string> = {
  ...textParameter('mode', '`groups`: whole groups, as `update`; `minimal`: only what has to be.'),
  schema: word('groups', 'minimal'),
};
const groups: Parameter<readonly XmlRpcValue[]> = {
  ...arrayParameter('groups', 'Names of groups; empty: all of them.'),
  schema: listOf(text),
};

const refusalFaults: Readonly<Record<UpdateRefusal['reason'], FaultName>> = {
  configuration: 'CANT_REREAD',
  'unknown-group': 'BAD_NAME',
  refused: 'FAILED',
};

const faults: readonly FaultName[] = Object.values(refusalFaults);

const extensionMethods: readonly RpcMethod[] = [
  defineMethod({
    name: 'planUpdate',
    summary: 'Reads the configuration and tells what `update` would do. Nothing is changed.',
    parameters: [mode, groups],
    result: {
      type: 'array',
      schema: listOf(groupPlanSchema),
      summary:
        'A struct for each group: name, change, how, options, processes; with texts as a configuration file has them, and those that have no value left out.',
    },
    faults,
    handle: async ({ control }, ...params) => {
      const result = await control.planUpdate(requestOf(...params));
      return result.ok ? planValue(result.plan) : refuse(result);
    },
  }),
  defineMethod({
    name: 'planReload',
    summary:
      'Reads the configuration and tells what of it no update takes up, but a reload: settings of the daemon, its servers and interfaces. Nothing is changed.',
    parameters: [],
    result: {
      type: 'array',
      schema: listOf(reloadChangeSchema),
      summary:
        'A struct for each option: section, option (unless the section came or went), from, to, file, line; those that have no value are left out.',
    },
    faults: ['CANT_REREAD'],
    handle: async ({ control }) => {
      const result = await control.planReload();
      return result.ok ? result.changes.map((change) => withoutNulls({ ...change })) : refuse(result);
    },
  }),
  defineMethod({
    name: 'update',
    acts: true,
    summary:
      'Reads the configuration and acts on it, all of it or nothing; answers when what had to stop has.',
    parameters: [mode, groups],
    result: {
      type: 'array',
      schema: listOf(updateOutcomeSchema),
      summary:
        'A struct for each thing done: group, process (unless it is the group), done, problem (if any).',
    },
    faults,
    handle: async ({ control }, ...params) => {
      const result = await control.update(requestOf(...params));
      return result.ok ? result.outcomes.map((outcome) => outcomeValue(outcome)) : refuse(result);
    },
  }),
];

export const extensionNamespace: RpcNamespace = {
  name: 'supervisord_ts',
  methods: extensionMethods,
  isListed: false,
};

const modes: readonly UpdateMode[] = ['groups', 'minimal'];

function requestOf(modeName: string, names: readonly XmlRpcValue[]): UpdateRequest {
  const known = modes.find((name) => name === modeName);
  if (known === undefined || !names.every((name) => typeof name === 'string')) {
    throw new RpcFault('INCORRECT_PARAMETERS');
  }
  return { mode: known, groups: names.length === 0 ? null : names };
}

function refuse({ reason, message }: UpdateRefusal): never {
  throw new RpcFault(refusalFaults[reason], message);
}

function planValue({ groups: plans }: DescribedPlan): XmlRpcValue {
  return plans.map(({ options, processes, ...group }) => ({
    ...group,
    options: options.map((option) => changeValue(option)),
    processes: processes.map((process) => ({
      ...process,
      options: process.options.map((option) => changeValue(option)),
    })),
  }));
}

function changeValue(change: DescribedChange): XmlRpcStruct {
  return withoutNulls({ ...change });
}

function outcomeValue(outcome: UpdateOutcome): XmlRpcStruct {
  return withoutNulls({ ...outcome });
}

function withoutNulls(members: Readonly<Record<string, XmlRpcValue>>): XmlRpcStruct {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
