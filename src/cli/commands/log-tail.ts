/**
 * What `tail` and `maintail` have in common: the last bytes of a log, or the log as it grows.
 */
import { parseInteger } from '../../config/python/integer.ts';
import { ConnectionError, FaultError, HttpStatusError } from '../../client/errors.ts';
import type { FollowedLog } from '../../client/follow.ts';
import { followPath } from '../../client/follow.ts';
import type { CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { describeConnection, ReportedError } from '../reported-error.ts';

export const defaultTailBytes = 1600;

/** What `-f` or `-100` asks for; null when it is neither. */
export type TailAmount = { readonly kind: 'follow' } | { readonly kind: 'bytes'; readonly bytes: number };

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
 * Prints the last bytes of a log.
 *
 * @param read reads the log from an offset, the negative number of bytes, to its end.
 * @param failures what is said after which fault.
 */
export async function showTail(
  context: CommandContext,
  bytes: number,
  read: (offset: number) => Promise<string>,
  failures: Readonly<Record<number, string>>,
): Promise<void> {
  if (-bytes < minInt || -bytes > maxInt) {
    throw new ReportedError('OverflowError', 'int exceeds XML-RPC limits');
  }
  try {
    context.output(await read(bytes === 0 ? 0 : -bytes));
  } catch (error) {
    const line = error instanceof FaultError ? failures[error.faultCode] : undefined;
    if (line === undefined) {
      throw error;
    }
    context.exitStatus = exitStatuses.generic;
    context.output(line);
  }
}

export const followBanner = '==> Press Ctrl-C to exit <==';

/** Prints a log as it grows, until ^C or the end of the stream. */
export async function showFollowed(context: CommandContext, log: FollowedLog): Promise<void> {
  const { client } = context;
  context.output(followBanner);
  const end = await context.untilInterrupt((signal) =>
    copyFollowed(context, client.follow(log, signal), log),
  );
  if (end === 'interrupted') {
    context.output('');
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
    for await (const chunk of chunks) {
      await context.write(chunk);
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
