/**
 * The client as other packages import it: `import { connect } from 'supervisord-ts'`.
 *
 * See `docs/client.md`.
 */
export { SupervisorClient } from './client.ts';
export { connect, type ConnectOptions } from './connect.ts';
export {
  BadServerUrlError,
  ConnectionError,
  FaultError,
  HttpStatusError,
  MalformedReplyError,
  UnauthorizedError,
  UntrustedServerError,
} from './errors.ts';
export type { FollowedLog } from './follow.ts';
export type { ConfigChanges, LogTail, SupervisorStateInfo } from './replies.ts';
export type { RpcMethods } from './rpc-methods.ts';
export { faultCodes } from '../rpc/faults.ts';
