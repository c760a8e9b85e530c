import { ConnectionError, FaultError, HttpStatusError } from '../../client/errors.ts';
import type { ProcessInfo } from '../../client/replies.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { logPrefixes } from '../format/log-line.ts';
import { LineSplitter } from '../line-splitter.ts';
import { takeOptions, type CommandOptions } from '../options-of-command.ts';
import { choose } from '../status-view.ts';
import { isUp } from '../up-check.ts';
import { linesProblem, logFields, logResult, readLines } from './log-tail.ts';

const defaultLines = 10;

export const logs: Command = {
  name: 'logs',
  summary: 'Show the logs of many processes together',
  help: [
    ['logs', `Show the last ${defaultLines} lines of every log, each behind the name of its process`],
    ['logs <name> <gname>:* <pattern>', 'Show those of these processes'],
    ['logs -n 50 <name>', 'Show the last 50 lines of each'],
    ['logs --stderr <name>', 'Show stderr only; likewise --stdout'],
    ['logs -f [<name> ...]', 'Go on showing what is written, until Ctrl-C'],
    ['', 'Lines of stderr have a ! behind the name instead of a |'],
  ],
  completes: 'processes',
  options: ['-f', '--follow', '-n', '--stdout', '--stderr'],
  results: logFields,
  listing: 'more',
  async run(context, argument) {
    const parsed = takeOptions(argument, ['-f', '--follow', '--stdout', '--stderr'], ['-n']);
    const request = parsed.ok ? parseRequest(parsed.options) : parsed.problem;
    if (typeof request === 'string') {
      refuseUsage(context, logs, request, exitStatuses.invalidArguments);
    } else if (await isUp(context)) {
      await showLogs(context, request);
    }
  },
};

interface LogsRequest {
  readonly names: readonly string[];
  readonly channels: readonly Channel[];
  readonly lines: number;
  readonly isFollowed: boolean;
}

type Channel = 'stdout' | 'stderr';

/** A log of a process, and what stands in front of its lines. */
interface ShownLog {
  readonly kind: 'process';
  readonly name: string;
  readonly channel: Channel;
  readonly prefix: string;
}

/** A request, or what is wrong with the arguments. */
function parseRequest({ has, names, value }: CommandOptions): LogsRequest | string {
  const lines = value('-n') ?? String(defaultLines);
  if (!/^\d{1,9}$/.test(lines)) {
    return linesProblem;
  }
  const isFollowed = has('-f') || has('--follow');
  if (isFollowed && value('-n') !== null) {
    return 'Error: logs cannot do both -n and -f; -f begins with about the last kilobyte';
  }
  const only = (['stdout', 'stderr'] as const).filter((channel) => has(`--${channel}`));
  return {
    names,
    channels: only.length === 0 ? ['stdout', 'stderr'] : only,
    lines: Number(lines),
    isFollowed,
  };
}

async function showLogs(context: CommandContext, request: LogsRequest): Promise<void> {
  const { shown, complaints } = choose(await context.client.getAllProcessInfo(), request.names);
  if (complaints.length > 0) {
    context.outputLines(complaints);
    context.exitStatus = exitStatuses.generic;
  }
  const chosen = logsOf(context, shown, request.channels);
  if (request.isFollowed) {
    await followLogs(context, chosen);
    return;
  }
  for (const log of chosen) {
    await showEnd(context, log, request.lines);
  }
}

/** Logs that there are: a stream that is thrown away or goes into another one has none. */
function logsOf(
  { look }: CommandContext,
  shown: readonly ProcessInfo[],
  channels: readonly Channel[],
): readonly ShownLog[] {
  const names = shown.map(({ group, name }) => formatNamespec(group, name));
  const prefixOf = logPrefixes(names, look.livePaint);
  return shown.flatMap((info, index) =>
    channels
      .filter((channel) => info[`${channel}_logfile`] !== '')
      .map((channel): ShownLog => {
        const name = names[index] ?? '';
        return { kind: 'process', name, channel, prefix: prefixOf(name, channel) };
      }),
  );
}

async function showEnd(context: CommandContext, log: ShownLog, lines: number): Promise<void> {
  const { client } = context;
  try {
    const text = await readLines(lines, (offset) =>
      log.channel === 'stdout'
        ? client.readProcessStdoutLog(log.name, offset, 0)
        : client.readProcessStderrLog(log.name, offset, 0),
    );
    report(context, log, text === '' ? [] : text.split('\n'));
  } catch (error) {
    if (!(error instanceof FaultError)) {
      throw error;
    }
    context.warn(`${log.name} ${log.channel}: ${error.faultString}`);
    context.exitStatus = exitStatuses.generic;
  }
}

/** Each followed log has a connection of its own. */
const mostFollowed = 500;

async function followLogs(context: CommandContext, chosen: readonly ShownLog[]): Promise<void> {
  if (chosen.length > mostFollowed) {
    context.output(
      `Error: logs follows ${mostFollowed} logs at most, and these are ${chosen.length}; name some processes`,
    );
    context.exitStatus = exitStatuses.generic;
    return;
  }
  context.beginStream();
  const end = await context.untilInterrupt(async (signal) => {
    await Promise.all(chosen.map((log) => followLog(context, log, signal)));
  });
  if (end === 'interrupted') {
    context.report([], ['']);
  }
}

/** What a stream begins with of what has been written before it. Source: the original's `/logtail`. */
const streamHeadBytes = 1024;

/** Prints whole lines as they are written; what goes wrong with one log leaves the others alone. */
async function followLog(context: CommandContext, log: ShownLog, signal: AbortSignal): Promise<void> {
  const { client } = context;
  const splitter = new LineSplitter();
  try {
    const { offset: size } = await (log.channel === 'stdout'
      ? client.tailProcessStdoutLog(log.name, 0, 0)
      : client.tailProcessStderrLog(log.name, 0, 0));
    let isCut = size > streamHeadBytes;
    for await (const chunk of client.follow(log, signal)) {
      const lines = splitter.push(chunk);
      report(context, log, isCut ? lines.slice(1) : lines);
      isCut &&= lines.length === 0;
      // Waits while whoever reads is slow.
      await context.write(new Uint8Array());
    }
    report(context, log, splitter.end());
  } catch (error) {
    if (signal.aborted) {
      return;
    }
    if (!(
      error instanceof FaultError ||
      error instanceof HttpStatusError ||
      error instanceof ConnectionError
    )) {
      throw error;
    }
    context.warn(`${log.name} ${log.channel}: ${error.message}`);
    context.exitStatus = exitStatuses.generic;
  }
}

function report(context: CommandContext, log: ShownLog, lines: readonly string[]): void {
  if (lines.length > 0) {
    context.report(
      lines.map((line) => logResult(log, line)),
      lines.map((line) => log.prefix + line),
    );
  }
}
