/**
 * What the JSON API answers with. Times are wall-clock milliseconds since the epoch, sizes bytes.
 */
import * as v from 'valibot';
import {
  processStateCodes,
  supervisorStateCodes,
  type ProcessState,
  type SupervisorState,
} from '../../process/states.ts';

const processState = v.picklist(Object.keys(processStateCodes) as ProcessState[]);

const lastExit = v.object({
  code: v.nullable(v.number()),
  signal: v.nullable(v.string()),
  coreDumped: v.boolean(),
  expected: v.boolean(),
  atMs: v.number(),
});

const causeInterface = v.picklist(['xml-rpc', 'json-api', 'page', 'signal', 'plugin']);

const causeSchema = v.object({
  interface: causeInterface,
  user: v.nullable(v.string()),
  action: v.string(),
});

export const processViewSchema = v.object({
  name: v.string(),
  group: v.string(),
  process: v.string(),
  kind: v.picklist(['program', 'eventlistener', 'fcgi-program']),
  state: processState,
  stateCode: v.number(),
  description: v.string(),
  pid: v.nullable(v.number()),
  startedAtMs: v.nullable(v.number()),
  stoppedAtMs: v.nullable(v.number()),
  spawnError: v.nullable(v.string()),
  exit: v.nullable(lastExit),
  restarts: v.number(),
  cpuPercent: v.nullable(v.number()),
  memoryBytes: v.nullable(v.number()),
  logs: v.object({ stdout: v.nullable(v.string()), stderr: v.nullable(v.string()) }),
  logBlockedSinceMs: v.nullable(v.number()),
  acceptsStdin: v.boolean(),
  autostart: v.boolean(),
  command: v.string(),
  priority: v.number(),
});

export type ProcessView = v.InferOutput<typeof processViewSchema>;

export const processesSchema = v.object({
  nowMs: v.number(),
  lastEventId: v.number(),
  processes: v.array(processViewSchema),
});

export const historySchema = v.object({
  changes: v.array(
    v.object({
      atMs: v.number(),
      from: processState,
      to: processState,
      pid: v.nullable(v.number()),
      exit: v.nullable(lastExit),
      cause: v.nullable(causeSchema),
    }),
  ),
});

export const statisticsSchema = v.object({
  samples: v.array(v.tuple([v.number(), v.nullable(v.number()), v.number()])),
});

export const groupsSchema = v.object({
  groups: v.array(
    v.object({
      name: v.string(),
      kind: v.picklist(['group', 'eventlistener', 'fcgi-program']),
      priority: v.number(),
      processes: v.array(v.string()),
    }),
  ),
});

const daemonStateSchema = v.object({
  code: v.number(),
  name: v.picklist(Object.keys(supervisorStateCodes) as SupervisorState[]),
});

export const stateSchema = v.object({
  identifier: v.string(),
  version: v.string(),
  pid: v.number(),
  state: daemonStateSchema,
  startedAtMs: v.number(),
  nowMs: v.number(),
  hostname: v.string(),
  activityLog: v.nullable(v.string()),
  cpuCount: v.number(),
  containedErrors: v.number(),
});

export const outcomesSchema = v.object({
  outcomes: v.array(
    v.object({
      name: v.string(),
      ok: v.boolean(),
      fault: v.nullable(v.string()),
      detail: v.string(),
    }),
  ),
});

export type Outcome = v.InferOutput<typeof outcomesSchema>['outcomes'][number];

export const sessionSchema = v.object({
  authenticated: v.boolean(),
  required: v.boolean(),
  user: v.nullable(v.string()),
  token: v.string(),
});

export const logWindowSchema = v.object({
  text: v.string(),
  offset: v.number(),
  end: v.number(),
  size: v.number(),
  path: v.string(),
});

const timelineEntrySchema = v.object({
  id: v.number(),
  atMs: v.number(),
  kind: v.picklist(['state', 'action', 'group', 'daemon']),
  process: v.nullable(v.string()),
  text: v.string(),
  from: v.nullable(processState),
  to: v.nullable(processState),
  interface: v.nullable(causeInterface),
  user: v.nullable(v.string()),
});

export type TimelineEntry = v.InferOutput<typeof timelineEntrySchema>;

export const timelineSchema = v.object({ entries: v.array(timelineEntrySchema) });

export const processConfigSchema = v.object({
  settings: v.record(
    v.string(),
    v.object({ value: v.unknown(), file: v.nullable(v.string()), line: v.nullable(v.number()) }),
  ),
});

export const rereadSchema = v.object({
  added: v.array(v.string()),
  changed: v.array(v.string()),
  removed: v.array(v.string()),
});

/** As `supervisord_ts.planUpdate` and `supervisord_ts.planReload` answer. */
export const planSchema = v.object({
  groups: v.array(v.looseObject({ name: v.string() })),
  needsReload: v.array(v.looseObject({ section: v.string() })),
});

/** As `supervisord_ts.update` answers. */
export const updateSchema = v.object({
  outcomes: v.array(
    v.object({
      group: v.string(),
      process: v.optional(v.string()),
      done: v.string(),
      problem: v.optional(v.string()),
    }),
  ),
});

export const doneSchema = v.object({ ok: v.literal(true) });
