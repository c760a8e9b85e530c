/** What the operations of the JSON API may use. */
import type { FollowContext } from '../../logging/follow.ts';
import type { RpcHost } from '../../rpc/dispatch.ts';

export interface ApiHost {
  readonly rpc: RpcHost;
  /** Follows log files. */
  readonly logs: FollowContext;
}
