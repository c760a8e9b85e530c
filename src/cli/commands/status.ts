import { words } from '../../config/python/text.ts';
import type { ProcessInfo } from '../../client/replies.ts';
import { processStateCodes, stoppedStates } from '../../process/states.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import type { Command, CommandContext } from '../command.ts';
import { statusExitStatuses } from '../exit-statuses.ts';
import { statusLines } from '../format/status.ts';
import { isUp } from '../up-check.ts';

export const status: Command = {
  name: 'status',
  summary: 'Show the state of processes',
  help: [
    ['status <name>', 'Show one process'],
    ['status <gname>:*', 'Show every process of a group'],
    ['status <name> <name>', 'Show several processes or groups'],
    ['status', 'Show everything'],
  ],
  completes: 'processes',
  listing: 'original',
  run: showStatus,
};

const stoppedCodes: ReadonlySet<number> = new Set(
  [...stoppedStates].map((state) => processStateCodes[state]),
);

/** B17.5; B17.3: whatever keeps the daemon from answering, the exit status is 4. */
export async function showStatus(context: CommandContext, argument: string): Promise<void> {
  if (!(await isUp(context))) {
    context.exitStatus = statusExitStatuses.unknown;
    return;
  }
  const all = await context.client.getAllProcessInfo();
  const names = words(argument);
  const shown = names.length === 0 || names.includes('all') ? all : select(context, all, names);
  context.outputLines(statusLines(shown));
  if (shown.some((info) => stoppedCodes.has(info.state))) {
    context.exitStatus = statusExitStatuses.notRunning;
  }
}

/** The processes that are named, in the order of the names, with a complaint for each unknown one. */
function select(
  context: CommandContext,
  all: readonly ProcessInfo[],
  names: readonly string[],
): readonly ProcessInfo[] {
  return names.flatMap((name) => {
    const { group, process } = parseNamespec(name);
    const found = all.filter((info) => info.group === group && (process === null || info.name === process));
    if (found.length === 0) {
      context.output(
        process === null ? `${group}: ERROR (no such group)` : `${name}: ERROR (no such process)`,
      );
      context.exitStatus = statusExitStatuses.unknown;
    }
    return found;
  });
}
