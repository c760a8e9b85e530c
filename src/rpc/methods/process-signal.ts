/**
 * Methods that send signals to processes.
 *
 * Source: Supervisor manual, "XML-RPC API" / "Process Control"; checklist B18.14.
 */
import { signallableStates } from '../../process/states.ts';
import { RpcFault } from '../faults.ts';
import {
  findGroup,
  findProcessOrGroup,
  processesByPriority,
  processesOfGroup,
  type FoundProcess,
} from '../find-processes.ts';
import { forEachProcess } from '../for-each-process.ts';
import { defineMethod, type MethodContext, type MethodResult, type RpcMethod } from '../method.ts';
import { anyParameter } from '../parameters.ts';
import { pythonStr } from '../python-text.ts';
import { signalNumberOf } from '../signal-number.ts';
import type { ControlledProcess } from '../supervisor-control.ts';
import type { XmlRpcValue } from '../xml/value.ts';
import { groupName, outcomes, processOrGroupName, trueOrOutcomes } from './common.ts';

const signalParameter = anyParameter('signal', 'The signal, by name (`HUP`, `SIGHUP`) or number.');

export const processSignalMethods: readonly RpcMethod[] = [
  defineMethod({
    name: 'signalProcess',
    acts: true,
    summary: 'Sends a signal to a process, or with `group:*` to all of a group.',
    parameters: [processOrGroupName, signalParameter],
    result: {
      type: 'boolean',
      summary: 'True; for a whole group the array of signalProcessGroup.',
      schema: trueOrOutcomes,
    },
    faults: ['BAD_NAME', 'BAD_SIGNAL', 'NOT_RUNNING', 'FAILED'],
    handle: (context, name, signal) => {
      const { group, process } = findProcessOrGroup(context.control, name);
      return process === null
        ? signalEach(context, processesOfGroup(group), signal)
        : signalOne(process, name, signal);
    },
  }),
  defineMethod({
    name: 'signalProcessGroup',
    acts: true,
    summary: 'Sends a signal to those processes of a group that are running.',
    parameters: [groupName, signalParameter],
    result: outcomes,
    faults: ['BAD_NAME'],
    handle: (context, name, signal) =>
      signalEach(context, processesOfGroup(findGroup(context.control, name)), signal),
  }),
  defineMethod({
    name: 'signalAllProcesses',
    acts: true,
    summary: 'Sends a signal to all processes that are running.',
    parameters: [signalParameter],
    result: outcomes,
    handle: (context, signal) => signalEach(context, processesByPriority(context.control), signal),
  }),
];

function signalEach(
  context: MethodContext,
  processes: readonly FoundProcess[],
  signal: XmlRpcValue,
): MethodResult {
  const concerned = processes.filter(({ process }) => signallableStates.has(process.state));
  return forEachProcess(context, concerned, (process, name) => signalOne(process, name, signal));
}

function signalOne(process: ControlledProcess, name: string, signal: XmlRpcValue): true {
  const number = signalNumberOf(signal);
  if (number === null) {
    throw new RpcFault('BAD_SIGNAL', pythonStr(signal));
  }
  if (!signallableStates.has(process.state)) {
    throw new RpcFault('NOT_RUNNING', name);
  }
  const problem = process.signal(number);
  if (problem !== null) {
    throw new RpcFault('FAILED', problem);
  }
  return true;
}
