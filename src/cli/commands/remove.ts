import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import type { Command } from '../command.ts';
import { groupFields, reportGroup } from '../format/group.ts';
import { reportFault } from './report-fault.ts';

export const remove: Command = {
  name: 'remove',
  summary: 'Deactivate stopped groups',
  help: [['remove <name> [...]', 'Deactivate groups of which no process runs any more']],
  completes: 'groups',
  options: [],
  results: groupFields,
  listing: 'original',
  async run(context, argument) {
    for (const name of words(argument)) {
      try {
        await context.client.removeProcessGroup(name);
        reportGroup(context, name, 'removed');
      } catch (error) {
        reportFault(context, error, {
          [faultCodes.STILL_RUNNING]: `ERROR: process/group still running: ${name}`,
          [faultCodes.BAD_NAME]: `ERROR: no such process/group: ${name}`,
        });
      }
    }
  },
};
