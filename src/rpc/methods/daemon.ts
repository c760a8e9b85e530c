/**
 * Methods about the daemon itself: what it is, its log, its end and its configuration.
 *
 * Source: Supervisor manual, "XML-RPC API" / "Status and Control"; checklist B18.6 to B18.10.
 */
import type { LogClearing } from '../../logging/activity-log.ts';
import { supervisorStateCodes } from '../../process/states.ts';
import { RpcFault } from '../faults.ts';
import { readLogText } from '../log-text.ts';
import { defineMethod, type RpcMethod } from '../method.ts';
import { intParameter } from '../parameters.ts';
import { configChangesSchema, supervisorState } from '../result-schemas.ts';
import type { SupervisorControl } from '../supervisor-control.ts';
import { waitForAnswer, whenAnswered } from '../wait.ts';
import { groupName } from './common.ts';

/** Version of this API; clients compare it. */
const apiVersion = '3.0';

export const daemonMethods: readonly RpcMethod[] = [
  defineMethod({
    name: 'getAPIVersion',
    aliases: ['getVersion'],
    summary: 'Tells the version of this API.',
    parameters: [],
    result: { type: 'string', summary: 'The version.' },
    handle: () => apiVersion,
  }),
  defineMethod({
    name: 'getSupervisorVersion',
    summary: 'Tells the version of the daemon.',
    parameters: [],
    result: { type: 'string', summary: 'The version.' },
    handle: ({ control }) => control.version,
  }),
  defineMethod({
    name: 'getIdentification',
    summary: 'Tells the configured `identifier` of the daemon.',
    parameters: [],
    result: { type: 'string', summary: 'The identifier.' },
    handle: ({ control }) => control.identifier,
  }),
  defineMethod({
    name: 'getState',
    summary: 'Tells the state of the daemon: FATAL 2, RUNNING 1, RESTARTING 0, SHUTDOWN -1.',
    parameters: [],
    result: { type: 'struct', summary: 'statecode and statename.', schema: supervisorState },
    handle: ({ control }) => describeState(control),
  }),
  defineMethod({
    name: 'getPID',
    summary: 'Tells the process id of the daemon.',
    parameters: [],
    result: { type: 'int', summary: 'The process id.' },
    handle: ({ control }) => control.pid,
  }),
  defineMethod({
    name: 'readLog',
    aliases: ['readMainLog'],
    summary: 'Reads from the activity log.',
    parameters: [
      intParameter('offset', 'Byte to start at; negative with length 0: so many bytes from the end.'),
      intParameter('length', 'Most bytes to read; 0: all up to the end.'),
    ],
    result: { type: 'string', summary: 'The text.' },
    faults: ['BAD_ARGUMENTS', 'NO_FILE', 'FAILED'],
    handle: (context, offset, length) =>
      readLogText(context, { path: context.control.activityLogPath, offset, length }),
  }),
  defineMethod({
    name: 'clearLog',
    acts: true,
    summary: 'Empties the activity log.',
    parameters: [],
    result: { type: 'boolean', summary: 'True.' },
    faults: ['NO_FILE', 'FAILED'],
    handle: ({ control, signal }) => {
      const outcome = waitForAnswer<LogClearing>((cleared) => control.clearActivityLog(cleared), signal);
      return whenAnswered(outcome, (clearing): true => {
        if (clearing !== 'cleared') {
          throw new RpcFault(clearing === 'no-file' ? 'NO_FILE' : 'FAILED');
        }
        return true;
      });
    },
  }),
  defineMethod({
    name: 'shutdown',
    acts: true,
    summary: 'Stops all processes and then the daemon.',
    parameters: [],
    result: { type: 'boolean', summary: 'True, at once.' },
    handle: ({ control }) => {
      control.requestShutdown();
      return true;
    },
  }),
  defineMethod({
    name: 'restart',
    acts: true,
    summary: 'Stops all processes, reads the configuration and starts anew, under the same process id.',
    parameters: [],
    result: { type: 'boolean', summary: 'True, at once.' },
    faults: ['CANT_REREAD'],
    handle: async ({ control }) => {
      const refusal = await control.requestRestart();
      if (refusal !== null) {
        throw new RpcFault('CANT_REREAD', refusal);
      }
      return true;
    },
  }),
  defineMethod({
    name: 'reloadConfig',
    acts: true,
    summary:
      'Reads the configuration again, for addProcessGroup to use, and tells what differs from what is active.',
    parameters: [],
    result: {
      type: 'array',
      summary: '[[added, changed, removed]], each an array of names of groups.',
      schema: configChangesSchema,
    },
    faults: ['CANT_REREAD'],
    handle: async ({ control }) => {
      const reread = await control.rereadConfig();
      if (!reread.ok) {
        throw new RpcFault('CANT_REREAD', reread.message);
      }
      return [[reread.added, reread.changed, reread.removed]];
    },
  }),
  defineMethod({
    name: 'addProcessGroup',
    acts: true,
    summary: 'Makes a group of the configuration active and starts what starts by itself.',
    parameters: [groupName],
    result: { type: 'boolean', summary: 'True.' },
    faults: ['ALREADY_ADDED', 'BAD_NAME'],
    handle: ({ control }, name) => {
      const outcome = control.addGroup(name);
      if (outcome !== 'added') {
        throw new RpcFault(outcome === 'already' ? 'ALREADY_ADDED' : 'BAD_NAME', name);
      }
      return true;
    },
  }),
  defineMethod({
    name: 'removeProcessGroup',
    acts: true,
    summary: 'Makes a group of which nothing runs inactive.',
    parameters: [groupName],
    result: { type: 'boolean', summary: 'True.' },
    faults: ['STILL_RUNNING', 'BAD_NAME'],
    handle: ({ control }, name) => {
      const outcome = control.removeGroup(name);
      if (outcome !== 'removed') {
        throw new RpcFault(outcome === 'running' ? 'STILL_RUNNING' : 'BAD_NAME', name);
      }
      return true;
    },
  }),
];

/** What `getState` answers. */
function describeState({ state }: SupervisorControl): {
  readonly statecode: number;
  readonly statename: string;
} {
  return { statecode: supervisorStateCodes[state], statename: state };
}
