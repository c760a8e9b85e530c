import { repr } from '../../config/python/repr.ts';
import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isUp } from '../up-check.ts';
import { defaultTailBytes, parseTailAmount, showFollowed, showTail } from './log-tail.ts';
import type { TailAmount } from './log-tail.ts';

export const tail: Command = {
  name: 'tail',
  summary: 'Show the end of a process log',
  help: [
    ['tail <name> [stdout|stderr]', `Show the last ${defaultTailBytes} bytes of a log, of stdout by default`],
    ['tail -100 <name> [stdout|stderr]', 'Show the last 100 bytes'],
    ['tail -f <name> [stdout|stderr]', 'Go on showing what is written, until Ctrl-C'],
  ],
  completes: 'processes',
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const args = words(argument);
    if (args.length < 1 || args.length > 3) {
      const problem = `Error: too ${args.length < 1 ? 'few' : 'many'} arguments`;
      refuseUsage(context, tail, problem, exitStatuses.generic);
      return;
    }
    const request = parseRequest(args);
    if ('problem' in request) {
      context.output(request.problem);
      context.exitStatus = exitStatuses.generic;
      return;
    }
    await showLog(context, request);
  },
};

interface TailRequest {
  readonly name: string;
  readonly channel: 'stdout' | 'stderr';
  readonly amount: TailAmount;
}

/** Checks name, channel and amount in this order, as complaints come one at a time. */
function parseRequest(args: readonly string[]): TailRequest | { readonly problem: string } {
  const [first = ''] = args;
  const option = first.startsWith('-') ? first : null;
  const [name, ...rest] = option === null ? args : args.slice(1);
  if (name === undefined) {
    return { problem: 'Error: tail requires process name' };
  }
  // Compat: of three arguments without an option the one in the middle is ignored.
  const channel = (rest.at(-1) ?? 'stdout').toLowerCase();
  if (channel !== 'stdout' && channel !== 'stderr') {
    return { problem: `Error: bad channel ${repr(channel)}` };
  }
  if (option === null) {
    return { name, channel, amount: { kind: 'bytes', bytes: defaultTailBytes } };
  }
  const amount = parseTailAmount(option);
  return amount === null ? { problem: `Error: bad argument ${option}` } : { name, channel, amount };
}

async function showLog(context: CommandContext, { name, channel, amount }: TailRequest): Promise<void> {
  if (amount.kind === 'follow') {
    await showFollowed(context, { kind: 'process', name, channel });
    return;
  }
  const { client } = context;
  await showTail(
    context,
    amount.bytes,
    (offset) =>
      channel === 'stdout'
        ? client.readProcessStdoutLog(name, offset, 0)
        : client.readProcessStderrLog(name, offset, 0),
    {
      [faultCodes.NO_FILE]: `${name}: ERROR (no log file)`,
      [faultCodes.FAILED]: `${name}: ERROR (unknown error reading log)`,
      [faultCodes.BAD_NAME]: `${name}: ERROR (no such process name)`,
    },
  );
}
