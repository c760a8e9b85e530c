import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isAgreed } from './confirm.ts';
import { reportFault } from './report-fault.ts';

export const reload: Command = {
  name: 'reload',
  summary: 'Restart supervisord',
  help: [['reload', 'Stop every process and start supervisord anew, with its configuration read again']],
  completes: 'none',
  options: [],
  results: [['done', 'string', '`restart`']],
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, reload, 'Error: reload accepts no arguments', exitStatuses.generic);
      return;
    }
    if (!(await isAgreed(context, 'Really restart the remote supervisord process y/N? '))) {
      return;
    }
    try {
      await context.client.restart();
      context.report([{ done: 'restart' }], ['Restarted supervisord']);
    } catch (error) {
      reportFault(context, error, {
        [faultCodes.SHUTDOWN_STATE]: 'ERROR: already shutting down',
        [faultCodes.CANT_REREAD]: (faultString) => `ERROR: ${faultString}`,
      });
    }
  },
};
