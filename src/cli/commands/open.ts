import { strip } from '../../config/python/text.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { showStatus, status } from './status.ts';

export const open: Command = {
  name: 'open',
  summary: 'Connect to another supervisord',
  help: [
    ['open <url>', 'Connect to another supervisord and show its status'],
    ['', 'A url is http://host:port or unix:///path/to/socket'],
  ],
  completes: 'none',
  options: [],
  results: status.results,
  listing: 'original',
  async run(context, argument) {
    const url = strip(argument);
    if (!/^(?:unix|http):/i.test(url)) {
      context.output('ERROR: url must be http:// or unix://');
      context.exitStatus = exitStatuses.generic;
      return;
    }
    context.connect(url);
    const before = context.exitStatus;
    await showStatus(context, '');
    context.exitStatus = before;
  },
};
