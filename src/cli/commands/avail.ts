import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { availLine } from '../format/config.ts';
import { reportFault } from './report-fault.ts';
import { faultCodes } from '../../rpc/faults.ts';

export const avail: Command = {
  name: 'avail',
  summary: 'Show every configured process',
  help: [['avail', 'Show every configured process, whether it is in use, and its priorities']],
  completes: 'none',
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, avail, 'Error: avail accepts no arguments', exitStatuses.generic);
      return;
    }
    try {
      context.outputLines((await context.client.getAllConfigInfo()).map(availLine));
    } catch (error) {
      reportFault(context, error, { [faultCodes.SHUTDOWN_STATE]: 'ERROR: supervisor shutting down' });
    }
  },
};
