import { words } from '../../config/python/text.ts';
import { FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import type { ProcessInfo } from '../../client/replies.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import { expandAll } from '../names.ts';
import type { CommandResult } from '../result.ts';
import { isUp } from '../up-check.ts';

export const pid: Command = {
  name: 'pid',
  summary: 'Show process ids',
  help: [
    ['pid', 'Show the process id of supervisord'],
    ['pid <name>', 'Show that of one process; 0 when it is down'],
    ['pid <pattern>', 'Show those of what a pattern such as worker-* matches'],
    ['pid all', 'Show those of all processes, one a line'],
  ],
  completes: 'processes',
  options: [],
  results: [
    ['name', 'string or null', 'name of the process; null: supervisord itself'],
    ['pid', 'number', 'its process id; 0: it is down'],
  ],
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const names = words(argument);
    if (names.length === 0) {
      reportPid(context, null, await context.client.getPID());
    } else if (names.includes('all')) {
      const all = await context.client.getAllProcessInfo();
      context.report(
        all.map(pidResult),
        all.map((info) => String(info.pid)),
      );
    } else {
      for (const name of await expandAll(context, names)) {
        await showPid(context, name);
      }
    }
  },
};

function pidResult({ group, name, pid }: ProcessInfo): CommandResult {
  return { name: formatNamespec(group, name), pid };
}

function reportPid(context: CommandContext, name: string | null, pid: number): void {
  context.report([{ name, pid }], [String(pid)]);
}

async function showPid(context: CommandContext, name: string): Promise<void> {
  try {
    const info = await context.client.getProcessInfo(name);
    reportPid(context, formatNamespec(info.group, info.name), info.pid);
    if (info.pid === 0) {
      context.exitStatus = exitStatuses.notRunning;
    }
  } catch (error) {
    if (!(error instanceof FaultError && error.faultCode === faultCodes.BAD_NAME)) {
      throw error;
    }
    context.output(`No such process ${name}`);
    context.exitStatus = exitStatuses.generic;
  }
}
