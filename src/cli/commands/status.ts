import { processStateCodes, stoppedStates } from '../../process/states.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { statusExitStatuses } from '../exit-statuses.ts';
import { processInfoFields } from '../format/process-result.ts';
import { wideFields } from '../format/wide.ts';
import { followStatus } from '../live-status.ts';
import { takeOptions } from '../options-of-command.ts';
import { readView, viewLines, viewResults } from '../status-view.ts';
import { isUp } from '../up-check.ts';

export const status: Command = {
  name: 'status',
  summary: 'Show the state of processes',
  help: [
    ['status <name>', 'Show one process'],
    ['status <gname>:*', 'Show every process of a group'],
    ['status <name> <name>', 'Show several processes or groups'],
    ['status <pattern>', 'Show what a pattern such as worker-* matches'],
    ['status', 'Show everything'],
    ['status --wide', 'Show processor, memory, restarts and the latest end as well'],
    ['status -f', 'Go on showing it as it changes, until Ctrl-C'],
  ],
  completes: 'processes',
  options: ['--wide', '-f', '--follow'],
  results: [...processInfoFields, ...wideFields],
  listing: 'original',
  run: showStatus,
};

const stoppedCodes: ReadonlySet<number> = new Set(
  [...stoppedStates].map((state) => processStateCodes[state]),
);

/** B17.5; B17.3: whatever keeps the daemon from answering, the exit status is 4. */
export async function showStatus(context: CommandContext, argument: string): Promise<void> {
  const parsed = takeOptions(argument, status.options);
  if (!parsed.ok) {
    refuseUsage(context, status, parsed.problem, statusExitStatuses.unknown);
    return;
  }
  if (!(await isUp(context))) {
    context.exitStatus = statusExitStatuses.unknown;
    return;
  }
  const { has, names } = parsed.options;
  if (has('-f') || has('--follow')) {
    await followStatus(context, names, has('--wide'));
  } else {
    await showOnce(context, names, has('--wide'));
  }
}

async function showOnce(context: CommandContext, names: readonly string[], isWide: boolean): Promise<void> {
  const view = await readView(context, names, isWide);
  if (view.complaints.length > 0) {
    context.outputLines(view.complaints);
    context.exitStatus = statusExitStatuses.unknown;
  }
  if (view.isUsageMissing) {
    context.warn('This supervisord does not tell processor, memory, restarts and the latest end.');
  }
  context.report(viewResults(view), viewLines(view, context.look.paint));
  if (view.shown.some((info) => stoppedCodes.has(info.state))) {
    context.exitStatus = statusExitStatuses.notRunning;
  }
}
