import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessInfo } from '../../client/replies.ts';
import { processStateCodes } from '../../process/states.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { paintOutcome } from '../format/outcome.ts';
import { takeOptions, type CommandOptions } from '../options-of-command.ts';
import { processFields } from '../result.ts';
import { choose } from '../status-view.ts';
import { isUp } from '../up-check.ts';

export const wait: Command = {
  name: 'wait',
  summary: 'Wait until processes are in a state',
  help: [
    ['wait <name> [...]', 'Wait until these processes are RUNNING, all at the same time'],
    ['wait --state <state>[,<state>] <name>', 'Wait for another state, such as stopped,exited'],
    ['wait --timeout <seconds> <name>', 'Give up after so many seconds, with exit status 124'],
    ['', 'A process that is FATAL is not waited for, unless that is the state; the exit status is 7 then'],
  ],
  completes: 'processes',
  options: ['--state', '--timeout'],
  results: [
    ...processFields,
    ['state', 'string', 'its state when the waiting ended'],
    ['reached', 'boolean', 'it is the state that was waited for'],
  ],
  listing: 'more',
  async run(context, argument) {
    const parsed = takeOptions(argument, [], wait.options);
    const request = parsed.ok ? parseRequest(parsed.options) : parsed.problem;
    if (typeof request === 'string') {
      refuseUsage(context, wait, request, exitStatuses.invalidArguments);
    } else if (await isUp(context)) {
      await waitFor(context, request);
    }
  },
};

interface WaitRequest {
  readonly names: readonly string[];
  readonly states: readonly string[];
  /** Null: as long as it takes. */
  readonly timeoutMs: number | null;
}

/** A request, or what is wrong with the arguments. */
function parseRequest({ names, value }: CommandOptions): WaitRequest | string {
  const states = (value('--state') ?? 'running').toUpperCase().split(',');
  const unknown = states.find((state) => !Object.hasOwn(processStateCodes, state));
  if (unknown !== undefined) {
    return `Error: wait knows no state ${unknown}; expected one of ${Object.keys(processStateCodes).join(', ')}`;
  }
  const timeout = value('--timeout');
  if (timeout !== null && !/^\d+(?:\.\d+)?$/.test(timeout)) {
    return `Error: wait expects a number of seconds behind --timeout, not ${timeout}`;
  }
  return names.length === 0
    ? 'Error: wait requires a process name'
    : { names, states, timeoutMs: timeout === null ? null : Number(timeout) * 1000 };
}

/** Quick to the eye, and little work for the daemon. */
const intervalMs = 200;

async function waitFor(context: CommandContext, { names, states, timeoutMs }: WaitRequest): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const { shown, complaints } = choose(await context.client.getAllProcessInfo(), names);
    if (complaints.length > 0) {
      context.outputLines(complaints);
      context.exitStatus = exitStatuses.generic;
      return;
    }
    const isReached = (info: ProcessInfo): boolean => states.includes(info.statename);
    const isHopeless = (info: ProcessInfo): boolean => info.statename === 'FATAL' && !isReached(info);
    if (shown.some(isHopeless)) {
      report(context, shown, isReached, ({ description }) => `: ${description}`);
      context.exitStatus = exitStatuses.notRunning;
      return;
    }
    if (shown.every(isReached)) {
      report(context, shown, isReached, () => '');
      return;
    }
    const leftMs = timeoutMs === null ? intervalMs : startedAt + timeoutMs - performance.now();
    if (leftMs <= 0) {
      report(context, shown, isReached, () => ` after ${(timeoutMs ?? 0) / 1000} seconds`);
      context.exitStatus = exitStatuses.timedOut;
      return;
    }
    await sleep(Math.min(intervalMs, leftMs));
  }
}

/** A line for each process; `remark` stands behind a state that is not the one. */
function report(
  context: CommandContext,
  shown: readonly ProcessInfo[],
  isReached: (info: ProcessInfo) => boolean,
  remark: (info: ProcessInfo) => string,
): void {
  for (const info of shown) {
    const { group, name: process, statename: state } = info;
    const name = formatNamespec(group, process);
    const reached = isReached(info);
    const line = `${name}: ${reached ? state : `ERROR (${state}${remark(info)})`}`;
    context.report(
      [{ name, group, process, state, reached }],
      [paintOutcome(context.look.paint, name, line, reached ? 'green' : 'red')],
    );
  }
}
