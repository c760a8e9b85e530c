import { words } from '../../config/python/text.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { outcomeFields } from '../format/outcome.ts';
import { isUp } from '../up-check.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';

export const restart: Command = {
  name: 'restart',
  summary: 'Stop processes, then start them',
  help: [
    ['restart <name>', 'Stop one process, then start it'],
    ['restart <gname>:*', 'Stop every process of a group, then start them'],
    ['restart <name> <name>', 'Stop several processes or groups, then start them'],
    ['restart <pattern>', 'Stop what a pattern such as worker-* matches, then start it'],
    ['restart all', 'Stop everything, then start it'],
    ['', 'The configuration is not read again; see reread and update'],
  ],
  completes: 'processes',
  options: [],
  results: outcomeFields,
  listing: 'original',
  /** B17.8: exactly the two commands, one after the other. */
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    if (words(argument).length === 0) {
      refuseUsage(context, restart, 'Error: restart requires a process name', exitStatuses.generic);
      return;
    }
    await stop.run(context, argument);
    await start.run(context, argument);
  },
};
