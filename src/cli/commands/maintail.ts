import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isUp } from '../up-check.ts';
import {
  defaultTailBytes,
  linesProblem,
  logFields,
  parseTailAmount,
  showFollowed,
  showTail,
  type TailAmount,
  takeLines,
} from './log-tail.ts';

export const maintail: Command = {
  name: 'maintail',
  summary: 'Show the end of the activity log of supervisord',
  help: [
    ['maintail', `Show the last ${defaultTailBytes} bytes of supervisord's own log`],
    ['maintail -100', 'Show the last 100 bytes'],
    ['maintail -n 20', 'Show the last 20 lines'],
    ['maintail -f', 'Go on showing what is written, until Ctrl-C'],
  ],
  completes: 'none',
  options: ['-f', '-n'],
  results: logFields,
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const args = words(argument);
    const byLines = takeLines(args);
    const [option, ...rest] = byLines === null ? args : ['-n', ...byLines.rest];
    if (rest.length > 0) {
      refuseUsage(context, maintail, 'Error: too many arguments', exitStatuses.generic);
      return;
    }
    const amount = byLines === null ? amountOf(option) : byLines.amount;
    if (amount === null) {
      context.output(byLines === null ? `Error: bad argument ${option}` : linesProblem);
      context.exitStatus = exitStatuses.generic;
      return;
    }
    if (amount.kind === 'follow') {
      await showFollowed(context, { kind: 'main' });
      return;
    }
    await showTail(context, { kind: 'main' }, amount, (offset) => context.client.readLog(offset, 0), {
      [faultCodes.NO_FILE]: 'supervisord: ERROR (no log file)',
      [faultCodes.FAILED]: 'supervisord: ERROR (unknown error reading log)',
    });
  },
};

function amountOf(option: string | undefined): TailAmount | null {
  if (option === undefined) {
    return { kind: 'bytes', bytes: defaultTailBytes };
  }
  return option.startsWith('-') ? parseTailAmount(option) : null;
}
