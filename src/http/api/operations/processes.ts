/** What is known of processes and groups. */
import * as v from 'valibot';
import { findOne, processesByName } from '../../../rpc/find-processes.ts';
import { formatNamespec } from '../../../rpc/namespec.ts';
import { defineOperation, type Operation } from '../operation.ts';
import { exitView, processView } from '../process-view.ts';
import {
  groupsSchema,
  historySchema,
  processesSchema,
  processViewSchema,
  statisticsSchema,
} from '../schemas.ts';

const maxIntervalMs = 5000;

const processesQuery = v.object({
  interval: v.optional(
    v.pipe(
      v.string(),
      v.digits('expected whole milliseconds'),
      v.transform(Number),
      v.maxValue(maxIntervalMs, `expected at most ${maxIntervalMs} milliseconds`),
      v.description('Milliseconds over which processor time is measured before the answer; at most 5000.'),
    ),
  ),
});

export const processOperations: readonly Operation[] = [
  defineOperation({
    id: 'listProcesses',
    method: 'GET',
    path: '/processes',
    tag: 'processes',
    summary:
      'Tells about all processes, by name of the group, then of the process. Without `interval`, processor time ' +
      'is that since the last measurement, if there was one lately.',
    query: processesQuery,
    answer: processesSchema,
    answerSummary: 'The processes.',
    handle: async ({ host: { rpc }, query: { interval = 0 }, signal }) => {
      await rpc.control.statistics.refresh(interval, signal);
      const nowMs = rpc.clock.wallMs();
      const processes = processesByName(rpc.control).map((found) => processView(rpc.control, found, nowMs));
      return { nowMs, lastEventId: rpc.journal.lastId, processes };
    },
  }),
  defineOperation({
    id: 'getProcess',
    method: 'GET',
    path: '/processes/{name}',
    tag: 'processes',
    summary: 'Tells about one process.',
    query: processesQuery,
    answer: processViewSchema,
    answerSummary: 'The process.',
    faults: ['BAD_NAME'],
    handle: async ({ host: { rpc }, path, query: { interval = 0 }, signal }) => {
      findOne(rpc.control, path['name'] ?? '');
      await rpc.control.statistics.refresh(interval, signal);
      return processView(rpc.control, findOne(rpc.control, path['name'] ?? ''), rpc.clock.wallMs());
    },
  }),
  defineOperation({
    id: 'getProcessHistory',
    method: 'GET',
    path: '/processes/{name}/history',
    tag: 'processes',
    summary: 'Tells the last changes of state of a process.',
    answer: historySchema,
    answerSummary: 'The changes, newest last.',
    faults: ['BAD_NAME'],
    handle: ({ host: { rpc }, path }) => {
      const { process } = findOne(rpc.control, path['name'] ?? '');
      return { changes: process.history.map((change) => ({ ...change, exit: exitView(change.exit) })) };
    },
  }),
  defineOperation({
    id: 'getProcessStatistics',
    method: 'GET',
    path: '/processes/{name}/statistics',
    tag: 'processes',
    summary: 'Tells what a process has used in the last hour, as far as it was measured.',
    answer: statisticsSchema,
    answerSummary: 'Samples of [time, percent of one processor, bytes of memory], oldest first.',
    faults: ['BAD_NAME'],
    handle: ({ host: { rpc }, path }) => {
      const { group, process } = findOne(rpc.control, path['name'] ?? '');
      const name = formatNamespec(group.settings.name, process.settings.name);
      return { samples: rpc.control.statistics.samples(name).map(([...sample]) => sample) };
    },
  }),
  defineOperation({
    id: 'listGroups',
    method: 'GET',
    path: '/groups',
    tag: 'processes',
    summary: 'Lists the active groups with the names of their processes.',
    answer: groupsSchema,
    answerSummary: 'The groups, in the order in which they are started.',
    handle: ({ host: { rpc } }) => ({
      groups: [...rpc.control.groups.values()]
        .sort((a, b) => a.settings.priority - b.settings.priority)
        .map(({ settings, processes }) => ({
          name: settings.name,
          kind: settings.kind,
          priority: settings.priority,
          processes: [...processes.keys()].map((process) => formatNamespec(settings.name, process)),
        })),
    }),
  }),
];
