/**
 * Everything that the daemon answers over HTTP, as one table of routes.
 */
import type { FollowContext } from '../logging/follow.ts';
import type { RpcHost } from '../rpc/dispatch.ts';
import { apiRoute } from './api/route.ts';
import { logtailRoutes } from './logtail-route.ts';
import { rpcRoute } from './rpc-route.ts';
import type { HttpApp } from './server.ts';
import { staticRoutes, type StaticAssets } from './static-route.ts';

/** The first route that matches a path answers it. */
export function makeHttpApp(
  rpc: RpcHost,
  logs: FollowContext,
  assets: StaticAssets,
  reportError: HttpApp['reportError'],
): HttpApp {
  return {
    routes: [
      rpcRoute(rpc),
      ...logtailRoutes(rpc.control, logs),
      apiRoute({ rpc, logs }),
      ...staticRoutes(assets),
    ],
    log: (level, message) => rpc.log(level, message),
    reportError,
  };
}
