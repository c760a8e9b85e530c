/** Logs: of processes and of the daemon itself, in parts with their place, and whole. */
import path from 'node:path';
import * as v from 'valibot';
import { maxWindowBytes, readLastLines, readWindow } from '../../../logging/log-window.ts';
import { RpcFault } from '../../../rpc/faults.ts';
import type { SupervisorControl } from '../../../rpc/supervisor-control.ts';
import { written } from '../../drained.ts';
import type { Exchange } from '../../exchange.ts';
import { securityHeaders } from '../../reply.ts';
import { MethodCaller } from '../call.ts';
import type { ApiHost } from '../host.ts';
import { defineOperation, defineStream, type Operation } from '../operation.ts';
import { Problem } from '../problem.ts';
import { doneSchema, logWindowSchema } from '../schemas.ts';
import { findOne } from '../../../rpc/find-processes.ts';

const defaultBytes = 64 * 1024;
const maxLines = 10_000;

function integer(
  description: string,
  pattern = /^\d{1,15}$/,
): v.GenericSchema<string | undefined, number | undefined> {
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(pattern, 'expected a whole number'),
      v.transform(Number),
      v.description(description),
    ),
  );
}

const windowQuery = v.object({
  offset: integer('Byte to start at; negative: so many before the end.', /^-?\d{1,15}$/),
  length: integer(`Most bytes to read; ${defaultBytes} by default, at most ${maxWindowBytes}.`),
  lines: integer(`Instead: so many of the last lines; at most ${maxLines}.`),
  before: integer('With `lines`: the byte before which they end; the end of the file by default.'),
});

const windowSummary = 'The text, and its place in the file in bytes.';
const windowFaults = ['BAD_NAME', 'NO_FILE', 'BAD_ARGUMENTS'] as const;

export const logOperations: readonly Operation[] = [
  defineOperation({
    id: 'readProcessLog',
    method: 'GET',
    path: '/processes/{name}/logs/{stream}',
    tag: 'logs',
    summary: 'Reads from the log of a process; `stream` is `stdout` or `stderr`.',
    query: windowQuery,
    answer: logWindowSchema,
    answerSummary: windowSummary,
    faults: windowFaults,
    handle: ({ host, path: values, query, signal }) =>
      readLog(host, processLogPath(host.rpc.control, values), query, signal),
  }),
  defineStream({
    id: 'downloadProcessLog',
    method: 'GET',
    path: '/processes/{name}/logs/{stream}/download',
    tag: 'logs',
    summary: 'Downloads the log of a process as it is.',
    contentType: 'text/plain',
    answerSummary: 'The bytes of the file.',
    faults: ['BAD_NAME', 'NO_FILE'],
    handle: ({ host, path: values, exchange, signal }) =>
      download(host, processLogPath(host.rpc.control, values), exchange, signal),
  }),
  defineOperation({
    id: 'readActivityLog',
    method: 'GET',
    path: '/log',
    tag: 'logs',
    summary: 'Reads from the activity log of the daemon.',
    query: windowQuery,
    answer: logWindowSchema,
    answerSummary: windowSummary,
    faults: ['NO_FILE', 'BAD_ARGUMENTS'],
    handle: ({ host, query, signal }) => readLog(host, host.rpc.control.activityLogPath, query, signal),
  }),
  defineStream({
    id: 'downloadActivityLog',
    method: 'GET',
    path: '/log/download',
    tag: 'logs',
    summary: 'Downloads the activity log as it is.',
    contentType: 'text/plain',
    answerSummary: 'The bytes of the file.',
    faults: ['NO_FILE'],
    handle: ({ host, exchange, signal }) =>
      download(host, host.rpc.control.activityLogPath, exchange, signal),
  }),
  defineOperation({
    id: 'clearActivityLog',
    method: 'POST',
    path: '/log/clear',
    tag: 'logs',
    summary: 'Empties the activity log.',
    body: v.strictObject({}),
    answer: doneSchema,
    answerSummary: 'It is empty.',
    faults: ['NO_FILE', 'FAILED'],
    handle: async ({ host, exchange, signal }) => {
      await new MethodCaller(host, exchange, signal).call('clearLog');
      return { ok: true as const };
    },
  }),
];

/** The log of a stream; null when it goes to no file. */
export function processLogPath(
  control: SupervisorControl,
  { name = '', stream }: Readonly<Record<string, string>>,
): string | null {
  const { process } = findOne(control, name);
  switch (stream) {
    case 'stdout':
      return process.stdoutLogPath;
    case 'stderr':
      return process.stderrLogPath;
    default:
      throw new Problem(404, 'A stream is stdout or stderr');
  }
}

async function readLog(
  { rpc: { reader } }: ApiHost,
  logPath: string | null,
  { offset = -defaultBytes, length = defaultBytes, lines, before }: v.InferOutput<typeof windowQuery>,
  signal: AbortSignal,
): Promise<v.InferOutput<typeof logWindowSchema>> {
  if (logPath === null) {
    throw new RpcFault('NO_FILE');
  }
  if (lines !== undefined && lines > maxLines) {
    throw new RpcFault('BAD_ARGUMENTS', `lines: expected at most ${maxLines}`);
  }
  const request = { reader, path: logPath, signal };
  const window =
    lines === undefined
      ? await readWindow(request, offset, length)
      : await readLastLines(request, lines, before ?? null);
  if (window === null) {
    throw new RpcFault('NO_FILE', logPath);
  }
  return { ...window, path: logPath };
}

const pieceBytes = 64 * 1024;

/** Sends what the file holds at this moment, as fast as the client takes it. */
async function download(
  { rpc: { reader } }: ApiHost,
  logPath: string | null,
  { request, response }: Exchange,
  signal: AbortSignal,
): Promise<void> {
  const log = logPath === null ? null : await reader.open(logPath, signal);
  if (logPath === null || log === null || 'why' in log) {
    throw new RpcFault('NO_FILE', logPath ?? undefined);
  }
  try {
    const { sizeBytes } = log.facts;
    const name = path.basename(logPath).replaceAll(/[^\w.-]/g, '_');
    response.writeHead(200, {
      ...securityHeaders,
      'Cache-Control': 'no-store',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Content-Length': sizeBytes,
    });
    for (let position = 0; position < sizeBytes && request.method !== 'HEAD';) {
      const piece = await log.readRange(position, Math.min(pieceBytes, sizeBytes - position), signal);
      if (piece === null || piece.length === 0) {
        // Shorter than announced: the client must not take it for the whole.
        response.destroy();
        return;
      }
      position += piece.length;
      await written(response, piece, signal);
    }
    response.end();
  } finally {
    log.close();
  }
}
