import { words } from '../../config/python/text.ts';
import { FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import type { Command } from '../command.ts';
import { groupFields, reportGroup } from '../format/group.ts';
import { reportFault } from './report-fault.ts';

export const add: Command = {
  name: 'add',
  summary: 'Activate configured groups',
  help: [['add <name> [...]', 'Activate groups that are configured and not active yet']],
  completes: 'groups',
  options: [],
  results: groupFields,
  listing: 'original',
  async run(context, argument) {
    for (const name of words(argument)) {
      try {
        await context.client.addProcessGroup(name);
        reportGroup(context, name, 'added');
      } catch (error) {
        // B17.15: what is asked for is the case already, so the exit status stays.
        if (error instanceof FaultError && error.faultCode === faultCodes.ALREADY_ADDED) {
          context.output('ERROR: process group already active');
          continue;
        }
        reportFault(context, error, {
          [faultCodes.SHUTDOWN_STATE]: 'ERROR: shutting down',
          [faultCodes.BAD_NAME]: `ERROR: no such process/group: ${name}`,
        });
      }
    }
  },
};
