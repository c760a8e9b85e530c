import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isUp } from '../up-check.ts';
import { defaultTailBytes, parseTailAmount, showFollowed, showTail } from './log-tail.ts';

export const maintail: Command = {
  name: 'maintail',
  summary: 'Show the end of the activity log of supervisord',
  help: [
    ['maintail', `Show the last ${defaultTailBytes} bytes of supervisord's own log`],
    ['maintail -100', 'Show the last 100 bytes'],
    ['maintail -f', 'Go on showing what is written, until Ctrl-C'],
  ],
  completes: 'none',
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const [option, ...rest] = words(argument);
    if (rest.length > 0) {
      refuseUsage(context, maintail, 'Error: too many arguments', exitStatuses.generic);
      return;
    }
    const amount =
      option === undefined
        ? ({ kind: 'bytes', bytes: defaultTailBytes } as const)
        : option.startsWith('-')
          ? parseTailAmount(option)
          : null;
    if (amount === null) {
      context.output(`Error: bad argument ${option}`);
      context.exitStatus = exitStatuses.generic;
      return;
    }
    if (amount.kind === 'follow') {
      await showFollowed(context, { kind: 'main' });
      return;
    }
    await showTail(context, amount.bytes, (offset) => context.client.readLog(offset, 0), {
      [faultCodes.NO_FILE]: 'supervisord: ERROR (no log file)',
      [faultCodes.FAILED]: 'supervisord: ERROR (unknown error reading log)',
    });
  },
};
