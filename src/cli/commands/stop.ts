import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { outcomeFields, stopLine } from '../format/outcome.ts';
import { isUp } from '../up-check.ts';
import { actOnProcesses } from './act-on-processes.ts';

export const stop: Command = {
  name: 'stop',
  summary: 'Stop processes',
  help: [
    ['stop <name>', 'Stop one process and wait until it is gone'],
    ['stop <gname>:*', 'Stop every process of a group'],
    ['stop <name> <name>', 'Stop several processes or groups, all at once'],
    ['stop <pattern>', 'Stop what a pattern such as worker-* matches'],
    ['stop all', 'Stop everything'],
  ],
  completes: 'processes',
  options: [],
  results: outcomeFields,
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const names = words(argument);
    if (names.length === 0) {
      refuseUsage(context, stop, 'Error: stop requires a process name', exitStatuses.generic);
      return;
    }
    const { client } = context;
    await actOnProcesses(context, names, {
      name: 'stop',
      onAll: () => client.stopAllProcesses(),
      onGroup: (group) => client.stopProcessGroup(group),
      onProcess: (name) => client.stopProcess(name),
      line: stopLine,
      harmless: faultCodes.NOT_RUNNING,
      atOnce: 'all',
      unknownGroupStatus: exitStatuses.generic,
    });
  },
};
