import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { changeLines, changeResults } from '../format/config.ts';
import { reportFault } from './report-fault.ts';

export const reread: Command = {
  name: 'reread',
  summary: 'Read the configuration again and show what differs',
  help: [['reread', 'Read the configuration again and show what differs; nothing that runs is changed']],
  completes: 'none',
  options: [],
  results: [
    ['group', 'string', 'name of a group'],
    ['change', 'string', '`available`, `changed` or `disappeared`'],
  ],
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, reread, 'Error: reread accepts no arguments', exitStatuses.generic);
      return;
    }
    try {
      const changes = await context.client.reloadConfig();
      context.report(changeResults(changes), changeLines(changes));
    } catch (error) {
      reportFault(context, error, {
        [faultCodes.SHUTDOWN_STATE]: 'ERROR: supervisor shutting down',
        [faultCodes.CANT_REREAD]: (faultString) => `ERROR: ${faultString}`,
      });
    }
  },
};
