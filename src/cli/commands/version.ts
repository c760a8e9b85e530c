import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { isUp } from '../up-check.ts';

export const version: Command = {
  name: 'version',
  summary: 'Show the version of supervisord',
  help: [['version', 'Show the version of the supervisord that is connected']],
  completes: 'none',
  options: [],
  results: [['version', 'string', 'version of supervisord']],
  listing: 'original',
  async run(context, argument) {
    if (argument !== '') {
      refuseUsage(context, version, 'Error: version accepts no arguments', exitStatuses.generic);
      return;
    }
    if (await isUp(context)) {
      const text = await context.client.getSupervisorVersion();
      context.report([{ version: text }], [text]);
    }
  },
};
