/**
 * What `tail` and `maintail` have in common: the last bytes of a log, or the log as it grows.
 */
import { StringDecoder } from 'node:string_decoder';
import { parseInteger } from '../../config/python/integer.ts';
import { ConnectionError, FaultError, HttpStatusError } from '../../client/errors.ts';
import type { FollowedLog } from '../../client/follow.ts';
import { followPath } from '../../client/follow.ts';
import type { CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { describeConnection, ReportedError } from '../reported-error.ts';
import type { CommandResult, ResultField } from '../result.ts';

export const defaultTailBytes = 1600;

/** What `-f`, `-100` or `-n 100` asks for. */
export type TailAmount =
  | { readonly kind: 'follow' }
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'lines'; readonly lines: number };

/** Fields of the results of `tail`, `maintail` and `logs`. */
export const logFields: readonly ResultField[] = [
  ['name', 'string or null', "name of the process as `status` prints it; null: supervisord's own log"],
  ['channel', 'string or null', '`stdout` or `stderr`'],
  [
    'text',
    'string',
    'the part of the log that was asked for; of `logs` one line, with `-f` what has been written',
  ],
];

/** `-n LINES` in front of other words: the number, and those words; null without it. */
export function takeLines(
  args: readonly string[],
): { readonly amount: TailAmount | null; readonly rest: readonly string[] } | null {
  const [option, count = '', ...rest] = args;
  if (option !== '-n') {
    return null;
  }
  const isCount = /^\d{1,9}$/.test(count);
  return { amount: isCount ? { kind: 'lines', lines: Number(count) } : null, rest };
}

/** Said when `-n` comes without a number. */
export const linesProblem = 'Error: -n requires a number of lines';

/** Null when it is neither `-f` nor a number. */
export function parseTailAmount(option: string): TailAmount | null {
  const text = option.slice(1);
  if (text === 'f') {
    return { kind: 'follow' };
  }
  const bytes = parseInteger(text);
  return bytes.ok ? { kind: 'bytes', bytes: bytes.value } : null;
}

const minInt = -(2 ** 31);
const maxInt = 2 ** 31 - 1;

/**
 * Prints the end of a log.
 *
 * @param read reads the log from an offset, the negative number of bytes, to its end.
 * @param failures what is said after which fault.
 */
export async function showTail(
  context: CommandContext,
  log: FollowedLog,
  amount: Exclude<TailAmount, { kind: 'follow' }>,
  read: (offset: number) => Promise<string>,
  failures: Readonly<Record<number, string>>,
): Promise<void> {
  if (amount.kind === 'bytes' && (-amount.bytes < minInt || -amount.bytes > maxInt)) {
    throw new ReportedError('OverflowError', 'int exceeds XML-RPC limits');
  }
  try {
    const text =
      amount.kind === 'bytes'
        ? await read(amount.bytes === 0 ? 0 : -amount.bytes)
        : await readLines(amount.lines, read);
    context.report([logResult(log, text)], [text]);
  } catch (error) {
    const line = error instanceof FaultError ? failures[error.faultCode] : undefined;
    if (line === undefined) {
      throw error;
    }
    context.exitStatus = exitStatuses.generic;
    context.output(line);
  }
}

export function logResult(log: FollowedLog, text: string): CommandResult {
  return log.kind === 'main'
    ? { name: null, channel: null, text }
    : { name: log.name, channel: log.channel, text };
}

/** Bytes that are read for each line at first; more when lines are longer. */
const guessedLineBytes = 160;
const leastBytes = 4096;

/** The last lines of a log, without the end of the last one. */
export async function readLines(lines: number, read: (offset: number) => Promise<string>): Promise<string> {
  let before = '';
  for (let bytes = Math.max(leastBytes, lines * guessedLineBytes); ; bytes *= 4) {
    const text = await read(-Math.min(bytes, maxInt));
    // What cannot be read as text comes longer than it is, so the same again is the whole as well.
    const isWhole = Buffer.byteLength(text) < bytes || text === before || bytes >= maxInt;
    const found = lastLines(text, lines);
    if (isWhole || found.length < text.replace(/\n$/, '').length) {
      return found;
    }
    before = text;
  }
}

/** The last lines of a text; all of it when it has no more. */
function lastLines(text: string, lines: number): string {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  let start = body.length;
  for (let line = 0; line < lines && start >= 0; line += 1) {
    start = start === 0 ? -1 : body.lastIndexOf('\n', start - 1);
  }
  return lines === 0 ? '' : body.slice(start + 1);
}

export const followBanner = '==> Press Ctrl-C to exit <==';

/** Prints a log as it grows, until ^C or the end of the stream. */
export async function showFollowed(context: CommandContext, log: FollowedLog): Promise<void> {
  const { client } = context;
  context.beginStream();
  context.report([], [followBanner]);
  const end = await context.untilInterrupt((signal) =>
    copyFollowed(context, client.follow(log, signal), log),
  );
  if (end === 'interrupted') {
    context.report([], ['']);
  }
}

/**
 * Prints what a followed log yields; failures go to stderr and change nothing else.
 *
 * Compat: a missing log leaves the exit status 0.
 */
export async function copyFollowed(
  context: CommandContext,
  chunks: AsyncIterable<Uint8Array>,
  log: FollowedLog,
): Promise<void> {
  const url = `${context.serverUrl}${followPath(log)}`;
  try {
    const decoder = new StringDecoder('utf8');
    for await (const chunk of chunks) {
      await context.write(chunk, () => logResult(log, decoder.write(Buffer.from(chunk))));
    }
  } catch (error) {
    if (error instanceof HttpStatusError) {
      context.warn(`${url} Cannot read, status code ${error.status}`);
    } else if (error instanceof ConnectionError) {
      const { className, text } = describeConnection(error);
      context.warn(`${url} Cannot connect, error: <class '${className}'> (${text})`);
    } else {
      throw error;
    }
  }
}
