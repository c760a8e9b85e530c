/**
 * Everything that the daemon answers over HTTP, as one table of routes.
 */
import type { FollowContext } from '../logging/follow.ts';
import type { ActivitySource } from './api/host.ts';
import type { RpcHost } from '../rpc/dispatch.ts';
import { EventHub } from './api/events/hub.ts';
import { apiRoute } from './api/route.ts';
import type { Sessions } from './access/sessions.ts';
import { legacyRoutes } from './legacy/routes.ts';
import { stockFiles } from './legacy/stock-files.ts';
import { logtailRoutes } from './logtail-route.ts';
import { rpcRoute } from './rpc-route.ts';
import type { HttpApp } from './server.ts';
import { staticRoutes, type StaticAssets } from './static-route.ts';

export interface HttpAppDeps {
  /** Requests wait for this. */
  readonly ready: Promise<void>;
  readonly rpc: RpcHost;
  /** Follows log files. */
  readonly logs: FollowContext;
  readonly activity: ActivitySource;
  readonly assets: StaticAssets;
  readonly sessions: Sessions;
  readonly reportError: HttpApp['reportError'];
}

/** The first route that matches a path answers it. */
export function makeHttpApp({
  ready,
  rpc,
  logs,
  activity,
  assets,
  sessions,
  reportError,
}: HttpAppDeps): HttpApp {
  const pages = staticRoutes(new Map([...stockFiles, ...assets]));
  return {
    ready,
    routes: [
      rpcRoute(rpc),
      ...logtailRoutes(rpc.control, logs),
      apiRoute({ rpc, logs, activity, hub: new EventHub(rpc) }),
      ...legacyRoutes(rpc, assets.get('/index.html') ?? null),
      ...pages,
    ],
    sessions,
    clock: rpc.clock,
    log: (level, message) => rpc.log(level, message),
    reportError,
  };
}
