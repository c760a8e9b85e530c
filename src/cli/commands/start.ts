import { words } from '../../config/python/text.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { outcomeFields, startLine } from '../format/outcome.ts';
import { isUp } from '../up-check.ts';
import { actOnProcesses } from './act-on-processes.ts';

export const start: Command = {
  name: 'start',
  summary: 'Start processes',
  help: [
    ['start <name>', 'Start one process and wait until it runs'],
    ['start <gname>:*', 'Start every process of a group'],
    ['start <name> <name>', 'Start several processes or groups, one after the other'],
    ['start <pattern>', 'Start what a pattern such as worker-* matches, all at once'],
    ['start all', 'Start everything'],
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
      const problem = 'Error: start requires a process name';
      refuseUsage(context, start, problem, exitStatuses.invalidArguments);
      return;
    }
    const { client } = context;
    await actOnProcesses(context, names, {
      name: 'start',
      onAll: () => client.startAllProcesses(),
      onGroup: (group) => client.startProcessGroup(group),
      onProcess: (name) => client.startProcess(name),
      line: startLine,
      harmless: faultCodes.ALREADY_STARTED,
      // A later name may need an earlier one to run: then its line would be another one.
      atOnce: 'pattern',
      unknownGroupStatus: exitStatuses.invalidArguments,
    });
  },
};
