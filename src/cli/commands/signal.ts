import { words } from '../../config/python/text.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { outcomeFields, signalLine } from '../format/outcome.ts';
import { isUp } from '../up-check.ts';
import { actOnProcesses } from './act-on-processes.ts';

export const signal: Command = {
  name: 'signal',
  summary: 'Send a signal to processes',
  help: [
    ['signal <signal name> <name>', 'Send a signal, such as HUP, to one process'],
    ['signal <signal name> <gname>:*', 'Send it to every process of a group'],
    ['signal <signal name> <name> <name>', 'Send it to several processes or groups'],
    ['signal <signal name> <pattern>', 'Send it to what a pattern such as worker-* matches'],
    ['signal <signal name> all', 'Send it to everything'],
  ],
  completes: 'processes',
  options: [],
  results: outcomeFields,
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const [signalName, ...names] = words(argument);
    if (signalName === undefined || names.length === 0) {
      const problem = 'Error: signal requires a signal name and a process name';
      refuseUsage(context, signal, problem, exitStatuses.generic);
      return;
    }
    const { client } = context;
    await actOnProcesses(context, names, {
      name: 'signal',
      onAll: () => client.signalAllProcesses(signalName),
      onGroup: (group) => client.signalProcessGroup(group, signalName),
      onProcess: (name) => client.signalProcess(name, signalName),
      line: signalLine,
      harmless: null,
      atOnce: 'pattern',
      unknownGroupStatus: exitStatuses.generic,
    });
  },
};
