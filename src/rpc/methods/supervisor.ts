/** The `supervisor` namespace: all methods of the daemon's own interface. */
import type { RpcMethod } from '../method.ts';
import { daemonMethods } from './daemon.ts';
import { processControlMethods } from './process-control.ts';
import { processInfoMethods } from './process-info.ts';
import { processLogMethods } from './process-logs.ts';
import { processSignalMethods } from './process-signal.ts';
import { processStdinMethods } from './process-stdin.ts';

export const supervisorMethods: readonly RpcMethod[] = [
  ...daemonMethods,
  ...processInfoMethods,
  ...processControlMethods,
  ...processSignalMethods,
  ...processLogMethods,
  ...processStdinMethods,
];
