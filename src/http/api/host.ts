/** What the operations of the JSON API may use. */
import type { ActivityRecord } from '../../logging/activity-log.ts';
import type { FollowContext } from '../../logging/follow.ts';
import type { EventHub } from './events/hub.ts';
import type { RpcHost } from '../../rpc/dispatch.ts';

/** Tells of each line of the activity log. */
export interface ActivitySource {
  subscribe(listener: (record: ActivityRecord) => void): () => void;
}

export interface ApiHost {
  readonly rpc: RpcHost;
  /** Follows log files. */
  readonly logs: FollowContext;
  readonly activity: ActivitySource;
  readonly hub: EventHub;
}
