/** The configuration: of one process, and what a change of the file would do and does. */
import * as v from 'valibot';
import type { JsonValue } from '../../../config/json.ts';
import { RpcFault } from '../../../rpc/faults.ts';
import type { XmlRpcValue } from '../../../rpc/xml/value.ts';
import { MethodCaller } from '../call.ts';
import { defineOperation, type Operation } from '../operation.ts';
import { doneSchema, planSchema, processConfigSchema, rereadSchema, updateSchema } from '../schemas.ts';
import { findOne } from '../../../rpc/find-processes.ts';

const mode = v.optional(
  v.pipe(
    v.picklist(['groups', 'minimal']),
    v.description(
      '`groups`: whole groups, as `supervisorctl update` (default); `minimal`: only what has to be.',
    ),
  ),
);

export const configOperations: readonly Operation[] = [
  defineOperation({
    id: 'getProcessConfiguration',
    method: 'GET',
    path: '/processes/{name}/config',
    tag: 'configuration',
    summary:
      'Tells the settings of a process, with the file and line of those that are no defaults; secrets are masked.',
    answer: processConfigSchema,
    answerSummary: 'The settings by option.',
    faults: ['BAD_NAME'],
    handle: ({ host: { rpc }, path }) => {
      const { group, process } = findOne(rpc.control, path['name'] ?? '');
      const described = namedIn(
        namedIn(rpc.control.describeConfig('masked'), 'groups', group.settings.name),
        'processes',
        process.settings.name,
      );
      const { section: _section, origins = {}, ...fields } = described;
      const places = origins as Record<
        string,
        { readonly file: string | null; readonly line: number | null }
      >;
      const settings = Object.entries(fields).map(([option, value]) => [
        option,
        { value: plain(value), file: places[option]?.file ?? null, line: places[option]?.line ?? null },
      ]);
      return {
        settings: Object.fromEntries(settings) as v.InferOutput<typeof processConfigSchema>['settings'],
      };
    },
  }),
  defineOperation({
    id: 'rereadConfiguration',
    method: 'POST',
    path: '/config/reread',
    tag: 'configuration',
    summary: 'Reads the configuration again and tells which groups differ from those that are active.',
    body: v.strictObject({}),
    answer: rereadSchema,
    answerSummary: 'Names of groups.',
    faults: ['CANT_REREAD'],
    handle: async ({ host, exchange, signal }) => {
      const result = await new MethodCaller(host, exchange, signal).call('reloadConfig');
      const [[added, changed, removed]] = result as [[string[], string[], string[]]];
      return { added, changed, removed };
    },
  }),
  defineOperation({
    id: 'planUpdate',
    method: 'GET',
    path: '/config/plan',
    tag: 'configuration',
    summary: 'Reads the configuration and tells what an update would do; nothing is changed.',
    query: v.object({ mode }),
    answer: planSchema,
    answerSummary:
      'The plan, as supervisord_ts.planUpdate answers it, and what needs a reload, as supervisord_ts.planReload does.',
    faults: ['CANT_REREAD', 'FAILED'],
    handle: async ({ host, exchange, query, signal }) => {
      const caller = new MethodCaller(host, exchange, signal);
      const groups = await caller.call('supervisord_ts.planUpdate', query.mode ?? 'groups', []);
      const needsReload = await caller.call('supervisord_ts.planReload');
      return { groups, needsReload } as v.InferOutput<typeof planSchema>;
    },
  }),
  defineOperation({
    id: 'update',
    method: 'POST',
    path: '/config/update',
    tag: 'configuration',
    summary: 'Reads the configuration and acts on it, all of it or nothing.',
    body: v.strictObject({ mode, groups: v.optional(v.pipe(v.array(v.string()), v.maxLength(100_000))) }),
    answer: updateSchema,
    answerSummary: 'What was done, as the method supervisord_ts.update answers it.',
    faults: ['CANT_REREAD', 'BAD_NAME', 'FAILED'],
    handle: async ({ host, exchange, body, signal }) => {
      const caller = new MethodCaller(host, exchange, signal);
      const groups: XmlRpcValue = body.groups ?? [];
      const outcomes = await caller.call('supervisord_ts.update', body.mode ?? 'groups', groups);
      return { outcomes: outcomes as v.InferOutput<typeof updateSchema>['outcomes'] };
    },
  }),
  ...(['reload', 'shutdown'] as const).map((name) =>
    defineOperation({
      id: `${name}Daemon`,
      method: 'POST',
      path: `/daemon/${name}`,
      tag: 'daemon',
      summary:
        name === 'reload'
          ? 'Stops all processes, reads the configuration and starts anew, under the same process id.'
          : 'Stops all processes and then the daemon.',
      body: v.strictObject({}),
      answer: doneSchema,
      answerSummary: 'It has begun.',
      faults: name === 'reload' ? ['CANT_REREAD'] : [],
      handle: async ({ host, exchange, signal }) => {
        await new MethodCaller(host, exchange, signal).call(name === 'reload' ? 'restart' : 'shutdown');
        return { ok: true as const };
      },
    }),
  ),
];

type Described = Readonly<Record<string, JsonValue | undefined>>;

function namedIn(described: JsonValue | Described, list: string, name: string): Described {
  const members = ((described as Described)[list] ?? []) as readonly Described[];
  const found = members.find((member) => member['name'] === name);
  if (found === undefined) {
    throw new RpcFault('BAD_NAME', name);
  }
  return found;
}

/** Whole numbers beyond what JSON readers keep exact become texts. */
function plain(value: JsonValue | undefined): unknown {
  return typeof value === 'bigint' ? String(value) : (value ?? null);
}
