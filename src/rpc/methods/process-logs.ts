/**
 * Methods that read and clear the logs of processes.
 *
 * Source: Supervisor manual, "XML-RPC API" / "Process Logging"; checklist B18.17 to B18.19.
 */
import type { ClearOutcome } from '../../process/streams.ts';
import { RpcFault } from '../faults.ts';
import { findProcess, processesByPriority } from '../find-processes.ts';
import { forEachProcess } from '../for-each-process.ts';
import { readLogText, tailLogText } from '../log-text.ts';
import { defineMethod, type MethodContext, type RpcMethod } from '../method.ts';
import { intParameter } from '../parameters.ts';
import { logTailSchema } from '../result-schemas.ts';
import type { ControlledProcess } from '../supervisor-control.ts';
import { waitForAnswer, whenAnswered } from '../wait.ts';
import { outcomes, processName } from './common.ts';

type Channel = 'stdout' | 'stderr';

export const processLogMethods: readonly RpcMethod[] = [
  readMethod('stdout', 'readProcessStdoutLog', ['readProcessLog']),
  readMethod('stderr', 'readProcessStderrLog'),
  tailMethod('stdout', 'tailProcessStdoutLog', ['tailProcessLog']),
  tailMethod('stderr', 'tailProcessStderrLog'),
  defineMethod({
    name: 'clearProcessLogs',
    acts: true,
    aliases: ['clearProcessLog'],
    summary: 'Empties the logs of a process.',
    parameters: [processName],
    result: { type: 'boolean', summary: 'True.' },
    faults: ['BAD_NAME', 'FAILED'],
    handle: (context, name) => clearLogs(context, findProcess(context.control, name), name),
  }),
  defineMethod({
    name: 'clearAllProcessLogs',
    acts: true,
    summary: 'Empties the logs of all processes.',
    parameters: [],
    result: outcomes,
    handle: (context) =>
      forEachProcess(
        context,
        processesByPriority(context.control),
        (process, name) => clearLogs(context, process, name),
        { order: 'as asked', beforeNext: () => true },
      ),
  }),
];

function readMethod(channel: Channel, name: string, aliases: readonly string[] = []): RpcMethod {
  return defineMethod({
    name,
    aliases,
    summary: `Reads from the ${channel} log of a process.`,
    parameters: [
      processName,
      intParameter('offset', 'Byte to start at; negative with length 0: so many bytes from the end.'),
      intParameter('length', 'Most bytes to read; 0: all up to the end.'),
    ],
    result: { type: 'string', summary: 'The text.' },
    faults: ['BAD_ARGUMENTS', 'BAD_NAME', 'NO_FILE', 'FAILED'],
    handle: (context, processName, offset, length) =>
      readLogText(context, {
        path: logPath(findProcess(context.control, processName), channel),
        offset,
        length,
      }),
  });
}

function tailMethod(channel: Channel, name: string, aliases: readonly string[] = []): RpcMethod {
  return defineMethod({
    name,
    aliases,
    summary: `Reads the end of the ${channel} log of a process, for clients that ask again with the offset they were given.`,
    parameters: [
      processName,
      intParameter('offset', 'Where the last call ended; 0 at first.'),
      intParameter('length', 'Most bytes to read.'),
    ],
    result: {
      type: 'array',
      summary: '[text, offset for the next call, whether more was written than was asked for].',
      schema: logTailSchema,
    },
    faults: ['BAD_NAME'],
    handle: (context, processName, offset, length) =>
      tailLogText(context, {
        path: logPath(findProcess(context.control, processName), channel),
        offset,
        length,
      }),
  });
}

function logPath(process: ControlledProcess, channel: Channel): string | null {
  return channel === 'stdout' ? process.stdoutLogPath : process.stderrLogPath;
}

function clearLogs(
  { signal }: MethodContext,
  process: ControlledProcess,
  name: string,
): true | Promise<true> {
  const outcome = waitForAnswer<ClearOutcome>((cleared) => process.clearLogs(cleared), signal);
  return whenAnswered(outcome, (clearing): true => {
    if (clearing === 'failed') {
      throw new RpcFault('FAILED', name);
    }
    return true;
  });
}
