/** The daemon itself. */
import { availableParallelism, hostname } from 'node:os';
import * as v from 'valibot';
import { toJson } from '../../../config/json.ts';
import { supervisorStateCodes } from '../../../process/states.ts';
import { isDirectlyLocal } from '../../access/directly-local.ts';
import { sendContent } from '../../reply.ts';
import { defineOperation, defineStream, type Operation } from '../operation.ts';
import { Problem } from '../problem.ts';
import { stateSchema } from '../schemas.ts';

export const daemonOperations: readonly Operation[] = [
  defineOperation({
    id: 'getState',
    method: 'GET',
    path: '/state',
    tag: 'daemon',
    summary: 'Tells about the daemon and its machine.',
    answer: stateSchema,
    answerSummary: 'The daemon.',
    handle: ({ host: { rpc } }) => {
      const { control, clock } = rpc;
      return {
        identifier: control.identifier,
        version: control.version,
        pid: control.pid,
        state: { code: supervisorStateCodes[control.state], name: control.state },
        startedAtMs: control.startedAtMs,
        nowMs: clock.wallMs(),
        hostname: hostname(),
        activityLog: control.activityLogPath,
        cpuCount: availableParallelism(),
        containedErrors: control.containedErrors,
      };
    },
  }),
  defineStream({
    id: 'getConfiguration',
    method: 'GET',
    path: '/config',
    tag: 'daemon',
    summary:
      'Tells what the daemon and its active groups are configured as, with the file and line of each value.',
    query: v.object({
      secrets: v.optional(
        v.pipe(
          v.picklist(['shown', 'masked']),
          v.description(
            'Whether variables of environments and options of plugins that look like secrets are shown, which is for programs on a unix socket (others get 403); passwords never are.',
          ),
        ),
      ),
    }),
    // Numbers of any size, which only this project's own writer keeps exact.
    contentType: 'application/json',
    answerSummary: 'The fields of `supervisord --dump-config --origins`.',
    handle: ({ host: { rpc }, query: { secrets = 'masked' }, exchange: { request, response } }) => {
      if (secrets === 'shown' && !isDirectlyLocal(request)) {
        throw new Problem(
          403,
          'Secrets are shown to programs that ask over a unix socket, and to nobody else',
        );
      }
      const body = toJson(rpc.control.describeConfig(secrets));
      sendContent(response, 200, { contentType: 'application/json', body });
    },
  }),
];
