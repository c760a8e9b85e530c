/** Everything that the JSON API can be asked, as one table. */
import { packageVersion } from '../../system/version.ts';
import { sendContent } from '../reply.ts';
import { describeApi } from './openapi.ts';
import { defineStream, type Operation } from './operation.ts';
import { actionOperations, stdinOperation } from './operations/actions.ts';
import { configOperations } from './operations/config.ts';
import { daemonOperations } from './operations/daemon.ts';
import { processOperations } from './operations/processes.ts';
import { logOperations } from './operations/logs.ts';
import { sessionOperations } from './operations/session.ts';
import { timelineOperations } from './operations/timeline.ts';

export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...daemonOperations,
  ...actionOperations,
  stdinOperation,
  ...processOperations,
  ...logOperations,
  ...configOperations,
  ...timelineOperations,
  descriptionOperation(),
];

/** The description of all of them, itself included; made when it is asked for the first time. */
function descriptionOperation(): Operation {
  let document: string | null = null;
  return defineStream({
    id: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    tag: 'daemon',
    summary: 'Describes this API.',
    contentType: 'application/json',
    answerSummary: 'An OpenAPI 3.1 document.',
    handle: ({ exchange: { response } }) => {
      document ??= JSON.stringify(describeApi(operations, packageVersion), null, 2);
      sendContent(response, 200, { contentType: 'application/json', body: document });
    },
  });
}
