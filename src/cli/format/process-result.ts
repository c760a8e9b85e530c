/**
 * A process as a result of `status`; names and units are those of the JSON API.
 */
import type { ProcessInfo } from '../../client/replies.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import { type CommandResult, processFields, type ResultField } from '../result.ts';

export const processInfoFields: readonly ResultField[] = [
  ...processFields,
  [
    'state',
    'string',
    '`STOPPED`, `STARTING`, `RUNNING`, `BACKOFF`, `STOPPING`, `EXITED`, `FATAL` or `UNKNOWN`',
  ],
  ['stateCode', 'number', 'its number in the API'],
  ['description', 'string', 'the text behind the state'],
  ['pid', 'number or null', 'process id; null: nothing runs'],
  ['startedAtMs', 'number or null', 'start, in milliseconds since the epoch; null: never'],
  ['stoppedAtMs', 'number or null', 'latest end, in milliseconds since the epoch; null: never'],
  ['spawnError', 'string or null', 'why it could not be started'],
  ['exitStatus', 'number', 'exit status of the latest end; -1: a signal'],
  ['logs', 'object', '`stdout` and `stderr`: path of the log, or null'],
];

export function processInfoResult(info: ProcessInfo): CommandResult {
  return {
    name: formatNamespec(info.group, info.name),
    group: info.group,
    process: info.name,
    state: info.statename,
    stateCode: info.state,
    description: info.description,
    pid: info.pid === 0 ? null : info.pid,
    startedAtMs: info.start === 0 ? null : info.start * 1000,
    stoppedAtMs: info.stop === 0 ? null : info.stop * 1000,
    spawnError: info.spawnerr === '' ? null : info.spawnerr,
    exitStatus: info.exitstatus,
    logs: { stdout: info.stdout_logfile || null, stderr: info.stderr_logfile || null },
  };
}
