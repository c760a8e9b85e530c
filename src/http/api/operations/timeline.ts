/** What has happened, and a stream of what happens. */
import * as v from 'valibot';
import { defineOperation, defineStream, type Operation } from '../operation.ts';
import { Problem } from '../problem.ts';
import { timelineSchema } from '../schemas.ts';
import type { LogName } from '../events/follow-log.ts';
import { serveEvents } from '../events/serve.ts';
import { processLogPath } from './logs.ts';
import { timelineEntry } from '../timeline-entry.ts';

const defaultLimit = 200;
const maxFollowedLogs = 50;

export const timelineOperations: readonly Operation[] = [
  defineOperation({
    id: 'getTimeline',
    method: 'GET',
    path: '/timeline',
    tag: 'events',
    summary:
      'Tells what has happened lately: changes of state, and who asked for what through which interface.',
    query: v.object({
      limit: v.optional(
        v.pipe(
          v.string(),
          v.digits('expected a whole number'),
          v.transform(Number),
          v.description(`Most entries; ${defaultLimit} by default.`),
        ),
      ),
    }),
    answer: timelineSchema,
    answerSummary: 'The newest entries, newest last.',
    handle: ({ host: { rpc }, query: { limit = defaultLimit } }) => ({
      entries: rpc.journal.latest(limit).map(timelineEntry),
    }),
  }),
  defineStream({
    id: 'streamEvents',
    method: 'GET',
    path: '/events',
    tag: 'events',
    summary:
      'Streams what happens as server-sent events: `process`, `removed`, `timeline`, `daemon`, and on request `log`, ' +
      '`activity`, `statistics`. Goes on after the event of the header Last-Event-ID; `reset` when that is too old.',
    query: v.object({
      logs: v.optional(
        v.pipe(
          v.string(),
          v.transform((text) => text.split(',').filter((part) => part !== '')),
          v.maxLength(maxFollowedLogs, `expected at most ${maxFollowedLogs} logs`),
          v.description('Logs to follow, each as `NAME/stdout` or `NAME/stderr`, separated by commas.'),
        ),
      ),
      since: v.optional(
        v.pipe(v.string(), v.description('As Last-Event-ID, for the first connection; the header wins.')),
      ),
      activity: v.optional(v.pipe(v.picklist(['0', '1']), v.description('1: lines of the activity log.'))),
      statistics: v.optional(
        v.pipe(v.picklist(['0', '1']), v.description('1: processor time and memory every two seconds.')),
      ),
    }),
    contentType: 'text/event-stream',
    answerSummary: 'The stream.',
    faults: ['BAD_NAME'],
    handle: async ({ host, exchange, query, signal }) => {
      const logs = (query.logs ?? []).map((text): LogName => {
        const slash = text.lastIndexOf('/');
        const stream = text.slice(slash + 1);
        if (slash === -1 || (stream !== 'stdout' && stream !== 'stderr')) {
          throw new Problem(400, `logs: expected NAME/stdout or NAME/stderr, not ${JSON.stringify(text)}`, {
            fault: 'INCORRECT_PARAMETERS',
          });
        }
        return { name: text.slice(0, slash), stream };
      });
      const lastEventId = exchange.request.headers['last-event-id'];
      const since = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : query.since;
      for (const log of logs) {
        processLogPath(host.rpc.control, { ...log });
      }
      await serveEvents(host, exchange, signal, {
        logs,
        since: since === undefined ? null : Number(since),
        activity: query.activity === '1',
        statistics: query.statistics === '1',
      });
    },
  }),
];
