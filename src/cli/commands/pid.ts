import { words } from '../../config/python/text.ts';
import { FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isUp } from '../up-check.ts';

export const pid: Command = {
  name: 'pid',
  summary: 'Show process ids',
  help: [
    ['pid', 'Show the process id of supervisord'],
    ['pid <name>', 'Show that of one process; 0 when it is down'],
    ['pid all', 'Show those of all processes, one a line'],
  ],
  completes: 'processes',
  listing: 'original',
  async run(context, argument) {
    if (!(await isUp(context))) {
      return;
    }
    const names = words(argument);
    if (names.length === 0) {
      context.output(String(await context.client.getPID()));
    } else if (names.includes('all')) {
      context.outputLines((await context.client.getAllProcessInfo()).map((info) => String(info.pid)));
    } else {
      for (const name of names) {
        await showPid(context, name);
      }
    }
  },
};

async function showPid(context: CommandContext, name: string): Promise<void> {
  try {
    const info = await context.client.getProcessInfo(name);
    context.output(String(info.pid));
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
