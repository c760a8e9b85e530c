/**
 * The JSON API: what can be read, as the XML-RPC methods of the same purpose answer it.
 */
import { allProcessInfo } from '../rpc/process-info.ts';
import { describeState } from '../rpc/methods/daemon.ts';
import type { RpcHost } from '../rpc/dispatch.ts';
import { sendContent } from './reply.ts';
import type { Route } from './routes.ts';

/** Path below `/api/v1` and what is answered there. */
const resources: Readonly<Record<string, (host: RpcHost) => unknown>> = {
  '/processes': ({ control, clock }) => allProcessInfo(control, clock.wallMs()),
  '/state': ({ control }) => describeState(control),
};

export function jsonRoutes(host: RpcHost): readonly Route[] {
  return Object.entries(resources).map(([path, read]) => ({
    path: `/api/v1${path}`,
    match: 'exact',
    methods: ['GET'],
    handle: ({ response }) =>
      sendContent(response, 200, { contentType: 'application/json', body: JSON.stringify(read(host)) }),
  }));
}
