import { words } from '../../config/python/text.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { clearLine, outcomeFields } from '../format/outcome.ts';
import { expandAll } from '../names.ts';
import { isUp } from '../up-check.ts';
import { outcomeOf, report } from './act-on-processes.ts';

export const clear: Command = {
  name: 'clear',
  summary: 'Empty the log files of processes',
  help: [
    ['clear <name>', 'Empty the log files of one process'],
    ['clear <name> <name>', 'Empty those of several processes'],
    ['clear <pattern>', 'Empty those of what a pattern such as worker-* matches'],
    ['clear all', 'Empty those of every process'],
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
      refuseUsage(context, clear, 'Error: clear requires a process name', exitStatuses.generic);
      return;
    }
    if (names.includes('all')) {
      report(context, clearing, await context.client.clearAllProcessLogs());
      return;
    }
    for (const name of await expandAll(context, names)) {
      const { group, process } = parseNamespec(name);
      const outcome = await outcomeOf(group, process, () => context.client.clearProcessLogs(name));
      report(context, clearing, [outcome]);
    }
  },
};

const clearing = { name: 'clear', line: clearLine, harmless: null };
