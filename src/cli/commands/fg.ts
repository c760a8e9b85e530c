import { words } from '../../config/python/text.ts';
import { FaultError } from '../../client/errors.ts';
import { processStateCodes } from '../../process/states.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { EndOfInput, faultText } from '../reported-error.ts';
import { isUp } from '../up-check.ts';
import { copyFollowed, followBanner } from './log-tail.ts';

export const fg: Command = {
  name: 'fg',
  summary: 'Talk to a process: its output is shown, what is typed becomes its input',
  help: [['fg <process>', 'Show the output of a process and send it what is typed, until Ctrl-C']],
  completes: 'processes',
  options: [],
  results: null,
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const [name, ...rest] = words(argument);
    if (name === undefined) {
      refuseUsage(context, fg, 'ERROR: no process name supplied', exitStatuses.generic);
      return;
    }
    if (rest.length > 0) {
      context.output('ERROR: too many process names supplied');
      context.exitStatus = exitStatuses.generic;
      return;
    }
    if (await isReachable(context, name)) {
      await converse(context, name);
    }
  },
};

/** Whether the process runs; says so if not. */
async function isReachable(context: CommandContext, name: string): Promise<boolean> {
  try {
    if (await isRunning(context, name)) {
      return true;
    }
    context.output('ERROR: process not running');
    context.exitStatus = exitStatuses.generic;
  } catch (error) {
    if (!(error instanceof FaultError)) {
      throw error;
    }
    if (error.faultCode === faultCodes.BAD_NAME) {
      context.output('ERROR: bad process name supplied');
      context.exitStatus = exitStatuses.generic;
    } else {
      context.output(`ERROR: ${faultText(error)}`);
    }
  }
  return false;
}

async function isRunning(context: CommandContext, name: string): Promise<boolean> {
  const info = await context.client.getProcessInfo(name);
  return info.state === processStateCodes.RUNNING;
}

/** Both outputs of the process are printed while lines go the other way. */
async function converse(context: CommandContext, name: string): Promise<void> {
  const { client } = context;
  context.output(followBanner);
  await context.untilInterrupt(async (interrupt) => {
    const conversation = new AbortController();
    const signal = AbortSignal.any([interrupt, conversation.signal]);
    const copies = (['stdout', 'stderr'] as const).map(async (channel) => {
      const log = { kind: 'process', name, channel } as const;
      try {
        await copyFollowed(context, client.follow(log, signal), log);
      } catch (error) {
        if (!signal.aborted) {
          throw error;
        }
      }
    });
    const lines = sendLines(context, name, signal).finally(() => {
      conversation.abort();
    });
    await Promise.all([lines, ...copies]);
  });
  context.output('Exiting foreground');
}

/** Sends every line typed until there are no more, or nobody is there to read them. */
async function sendLines(context: CommandContext, name: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const line = await context.ask('', signal);
      await context.client.sendProcessStdin(name, `${line}\n`);
    } catch (error) {
      if (error instanceof EndOfInput) {
        return;
      }
      if (!(error instanceof FaultError)) {
        throw error;
      }
      context.output(
        error.faultCode === faultCodes.NOT_RUNNING ? 'Process got killed' : `ERROR: ${faultText(error)}`,
      );
      return;
    }
    if (!(await isRunning(context, name))) {
      context.output('Process got killed');
      return;
    }
  }
}
