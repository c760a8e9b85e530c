import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isUp } from '../up-check.ts';

export const version: Command = {
  name: 'version',
  summary: 'Show the version of supervisord',
  help: [['version', 'Show the version of the supervisord that is connected']],
  completes: 'none',
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, version, 'Error: version accepts no arguments', exitStatuses.generic);
      return;
    }
    if (await isUp(context)) {
      context.output(await context.client.getSupervisorVersion());
    }
  },
};
