import { repr } from '../../config/python/repr.ts';
import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { expandOne } from '../names.ts';
import { isUp } from '../up-check.ts';
import {
  defaultTailBytes,
  linesProblem,
  logFields,
  parseTailAmount,
  showFollowed,
  showTail,
  takeLines,
} from './log-tail.ts';
import type { TailAmount } from './log-tail.ts';

export const tail: Command = {
  name: 'tail',
  summary: 'Show the end of a process log',
  help: [
    ['tail <name> [stdout|stderr]', `Show the last ${defaultTailBytes} bytes of a log, of stdout by default`],
    ['tail -100 <name> [stdout|stderr]', 'Show the last 100 bytes'],
    ['tail -n 20 <name> [stdout|stderr]', 'Show the last 20 lines'],
    ['tail -f <name> [stdout|stderr]', 'Go on showing what is written, until Ctrl-C'],
  ],
  completes: 'processes',
  options: ['-f', '-n'],
  results: logFields,
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const args = words(argument);
    const byLines = takeLines(args);
    const count = byLines === null ? args.length : byLines.rest.length + 1;
    if (count < 1 || count > 3) {
      const problem = `Error: too ${count < 1 ? 'few' : 'many'} arguments`;
      refuseUsage(context, tail, problem, exitStatuses.generic);
      return;
    }
    const request =
      byLines === null ? parseRequest(args) : parseNamed(byLines.rest, byLines.amount, linesProblem);
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

type ParsedRequest = TailRequest | { readonly problem: string };

function parseRequest(args: readonly string[]): ParsedRequest {
  const [first = ''] = args;
  if (!first.startsWith('-')) {
    return parseNamed(args, { kind: 'bytes', bytes: defaultTailBytes }, '');
  }
  return parseNamed(args.slice(1), parseTailAmount(first), `Error: bad argument ${first}`);
}

/**
 * Checks name, channel and amount in this order, as complaints come one at a time.
 *
 * @param amount null is answered with `amountProblem`.
 */
function parseNamed(
  [name, ...rest]: readonly string[],
  amount: TailAmount | null,
  amountProblem: string,
): ParsedRequest {
  if (name === undefined) {
    return { problem: 'Error: tail requires process name' };
  }
  // Compat: of three arguments without an option the one in the middle is ignored.
  const channel = (rest.at(-1) ?? 'stdout').toLowerCase();
  if (channel !== 'stdout' && channel !== 'stderr') {
    return { problem: `Error: bad channel ${repr(channel)}` };
  }
  return amount === null ? { problem: amountProblem } : { name, channel, amount };
}

async function showLog(context: CommandContext, request: TailRequest): Promise<void> {
  const { channel, amount } = request;
  const name = await expandOne(context, request.name);
  if (name === null) {
    return;
  }
  const log = { kind: 'process', name, channel } as const;
  if (amount.kind === 'follow') {
    await showFollowed(context, log);
    return;
  }
  const { client } = context;
  await showTail(
    context,
    log,
    amount,
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
