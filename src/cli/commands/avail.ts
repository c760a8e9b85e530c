import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { availLine, availResult } from '../format/config.ts';
import { reportFault } from './report-fault.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { processFields } from '../result.ts';

export const avail: Command = {
  name: 'avail',
  summary: 'Show every configured process',
  help: [['avail', 'Show every configured process, whether it is in use, and its priorities']],
  completes: 'none',
  options: [],
  results: [
    ...processFields,
    ['inUse', 'boolean', 'its group is active'],
    ['autostart', 'boolean', 'it starts with supervisord'],
    ['groupPriority', 'number', 'priority of the group'],
    ['processPriority', 'number', 'priority within the group'],
  ],
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, avail, 'Error: avail accepts no arguments', exitStatuses.generic);
      return;
    }
    try {
      const configured = await context.client.getAllConfigInfo();
      context.report(configured.map(availResult), configured.map(availLine));
    } catch (error) {
      reportFault(context, error, { [faultCodes.SHUTDOWN_STATE]: 'ERROR: supervisor shutting down' });
    }
  },
};
