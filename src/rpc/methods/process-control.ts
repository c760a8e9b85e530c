/**
 * Methods that start and stop processes.
 *
 * Source: Supervisor manual, "XML-RPC API" / "Process Control"; checklist B18.11 to B18.13 and B14.13.
 */
import { runningStates, stoppedStates } from '../../process/states.ts';
import { RpcFault, type FaultName } from '../faults.ts';
import {
  findGroup,
  findProcessOrGroup,
  processesByPriority,
  processesOfGroup,
  type FoundProcess,
} from '../find-processes.ts';
import { forEachProcess } from '../for-each-process.ts';
import { defineMethod, type MethodContext, type MethodResult, type RpcMethod } from '../method.ts';
import { booleanParameter } from '../parameters.ts';
import type { ControlledProcess } from '../supervisor-control.ts';
import { waitUntil } from '../wait.ts';
import { groupName, outcomes, processOrGroupName, trueOrOutcomes } from './common.ts';

const startWait = booleanParameter('wait', 'Answer only once it is RUNNING or has failed.', true);
const stopWait = booleanParameter('wait', 'Answer only once it has ended.', true);

const startFaults: readonly FaultName[] = [
  'BAD_NAME',
  'NO_FILE',
  'NOT_EXECUTABLE',
  'ALREADY_STARTED',
  'FAILED',
  'SPAWN_ERROR',
  'ABNORMAL_TERMINATION',
];

export const processControlMethods: readonly RpcMethod[] = [
  defineMethod({
    name: 'startProcess',
    acts: true,
    summary: 'Starts a process, or with `group:*` all of a group.',
    parameters: [processOrGroupName, startWait],
    result: {
      type: 'boolean',
      summary: 'True; for a whole group the array of startProcessGroup.',
      schema: trueOrOutcomes,
    },
    faults: startFaults,
    handle: (context, name, wait) => {
      const { group, process } = findProcessOrGroup(context.control, name);
      return process === null
        ? startEach(context, processesOfGroup(group), wait)
        : startOne(context, process, name, wait);
    },
  }),
  defineMethod({
    name: 'startProcessGroup',
    acts: true,
    summary: 'Starts those processes of a group that are not running, lowest priority first.',
    parameters: [groupName, startWait],
    result: outcomes,
    faults: ['BAD_NAME'],
    handle: (context, name, wait) =>
      startEach(context, processesOfGroup(findGroup(context.control, name)), wait),
  }),
  defineMethod({
    name: 'startAllProcesses',
    acts: true,
    summary: 'Starts all processes that are not running, lowest priority first.',
    parameters: [startWait],
    result: outcomes,
    handle: (context, wait) => startEach(context, processesByPriority(context.control), wait),
  }),
  defineMethod({
    name: 'stopProcess',
    acts: true,
    summary: 'Stops a process, or with `group:*` all of a group.',
    parameters: [processOrGroupName, stopWait],
    result: {
      type: 'boolean',
      summary: 'True; for a whole group the array of stopProcessGroup.',
      schema: trueOrOutcomes,
    },
    faults: ['BAD_NAME', 'NOT_RUNNING', 'FAILED'],
    handle: (context, name, wait) => {
      const { group, process } = findProcessOrGroup(context.control, name);
      return process === null
        ? stopEach(context, processesOfGroup(group), wait)
        : stopOne(context, process, name, wait);
    },
  }),
  defineMethod({
    name: 'stopProcessGroup',
    acts: true,
    summary: 'Stops those processes of a group that are running, lowest priority first.',
    parameters: [groupName, stopWait],
    result: outcomes,
    faults: ['BAD_NAME'],
    handle: (context, name, wait) =>
      stopEach(context, processesOfGroup(findGroup(context.control, name)), wait),
  }),
  defineMethod({
    name: 'stopAllProcesses',
    acts: true,
    summary: 'Stops all processes that are running, lowest priority first and without waiting in between.',
    parameters: [stopWait],
    result: outcomes,
    handle: (context, wait) => stopEach(context, processesByPriority(context.control), wait),
  }),
];

function startEach(context: MethodContext, processes: readonly FoundProcess[], wait: boolean): MethodResult {
  const concerned = processes.filter(({ process }) => !runningStates.has(process.state));
  return forEachProcess(context, concerned, (process, name) => startOne(context, process, name, wait), {
    order: 'as done',
    beforeNext: (process) =>
      !process.isSpawning || new Promise<void>((resolve) => process.afterSpawn(resolve)),
  });
}

/** Compat: a command that cannot be executed is reported even when the process is running already. */
function startOne(
  { signal, cause }: MethodContext,
  process: ControlledProcess,
  name: string,
  wait: boolean,
): true | Promise<true> {
  const command = process.checkCommand();
  if (!command.ok) {
    throw new RpcFault(command.kind === 'not-found' ? 'NO_FILE' : 'NOT_EXECUTABLE', command.message);
  }
  if (runningStates.has(process.state)) {
    throw new RpcFault('ALREADY_STARTED', name);
  }
  if (process.state === 'UNKNOWN') {
    throw new RpcFault('FAILED', `${name} is in an unknown process state`);
  }
  process.start(cause);
  return waitUntil(process, signal, () => isStarted(process, name, wait));
}

/** Compat: a spawn that fails is a fault for those who do not wait, too. */
function isStarted(process: ControlledProcess, name: string, wait: boolean): boolean {
  if (process.spawnError !== null) {
    throw new RpcFault('SPAWN_ERROR', name);
  }
  if (process.isSpawning) {
    return false;
  }
  if (!wait || process.state === 'RUNNING') {
    return true;
  }
  if (process.state !== 'STARTING') {
    throw new RpcFault('ABNORMAL_TERMINATION', name);
  }
  return false;
}

function stopEach(context: MethodContext, processes: readonly FoundProcess[], wait: boolean): MethodResult {
  const concerned = processes.filter(({ process }) => process.isActive);
  return forEachProcess(context, concerned, (process, name) => stopOne(context, process, name, wait));
}

function stopOne(
  context: MethodContext,
  process: ControlledProcess,
  name: string,
  wait: boolean,
): true | Promise<true> {
  if (!process.isActive) {
    throw new RpcFault('NOT_RUNNING', name);
  }
  const problem = process.stop(context.cause);
  if (problem !== null) {
    throw new RpcFault('FAILED', problem);
  }
  if (!wait) {
    return true;
  }
  const stopped = waitUntil(process, context.signal, () => stoppedStates.has(process.state));
  return stopped === true ? true : reportUntil(stopped, context, process);
}

/** A little more than the two seconds during which a process does not repeat the line. */
const reportIntervalMs = 2050;

/** Has the wait for a stop reported in the activity log, now and every two seconds until `stopped` settles. */
async function reportUntil(
  stopped: Promise<true>,
  { clock }: MethodContext,
  process: ControlledProcess,
): Promise<true> {
  const report = () => {
    process.reportStopping();
    return clock.schedule(clock.monotonicMs() + reportIntervalMs, () => {
      timer = report();
    });
  };
  let timer = report();
  try {
    return await stopped;
  } finally {
    timer.cancel();
  }
}
