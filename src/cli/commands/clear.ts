import { words } from '../../config/python/text.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { clearLine } from '../format/outcome.ts';
import type { Outcome } from '../format/outcome.ts';
import { isUp } from '../up-check.ts';
import { noteFault, outcomeOf } from './act-on-processes.ts';

export const clear: Command = {
  name: 'clear',
  summary: 'Empty the log files of processes',
  help: [
    ['clear <name>', 'Empty the log files of one process'],
    ['clear <name> <name>', 'Empty those of several processes'],
    ['clear all', 'Empty those of every process'],
  ],
  completes: 'processes',
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
      report(context, await context.client.clearAllProcessLogs());
      return;
    }
    for (const name of names) {
      const { group, process } = parseNamespec(name);
      report(context, [await outcomeOf(group, process, () => context.client.clearProcessLogs(name))]);
    }
  },
};

function report(context: CommandContext, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    context.output(clearLine(outcome));
    noteFault(context, outcome.status);
  }
}
