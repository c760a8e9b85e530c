/**
 * The JSON API: what can be read, as the XML-RPC methods of the same purpose answer it.
 */
import { toJson } from '../config/json.ts';
import { allProcessInfo } from '../rpc/process-info.ts';
import { describeState } from '../rpc/methods/daemon.ts';
import type { RpcHost } from '../rpc/dispatch.ts';
import { queryOf } from './exchange.ts';
import { sendContent } from './reply.ts';
import type { Route } from './routes.ts';

/** Path below `/api/v1` and what is answered there, as JSON text. */
const resources: Readonly<Record<string, (host: RpcHost, query: URLSearchParams) => string>> = {
  '/processes': ({ control, clock }) => JSON.stringify(allProcessInfo(control, clock.wallMs())),
  '/state': ({ control }) =>
    JSON.stringify({ ...describeState(control), containedErrors: control.containedErrors }),
  '/config': ({ control }, query) =>
    toJson(control.describeConfig(query.get('secrets') === 'shown' ? 'shown' : 'masked')),
};

export function jsonRoutes(host: RpcHost): readonly Route[] {
  return Object.entries(resources).map(([path, read]) => ({
    path: `/api/v1${path}`,
    match: 'exact',
    methods: ['GET'],
    handle: ({ request, response }) => {
      const body = read(host, queryOf(request.url ?? ''));
      sendContent(response, 200, { contentType: 'application/json', body });
    },
  }));
}
