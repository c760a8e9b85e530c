import { checkConfig } from '../../config/check/check.ts';
import { nodeWorld } from '../../config/node-world.ts';
import { words } from '../../config/python/text.ts';
import { userFiles } from '../../config/user-files.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';

const options = ['--json', '--strict'];

export const check: Command = {
  name: 'check',
  summary: 'List all problems of the configuration file',
  help: [
    ['check', 'List all problems of the configuration file; asks no daemon, and changes nothing'],
    ['check --strict', 'The same; warnings fail as well'],
    ['check --json', 'The same as JSON'],
  ],
  completes: 'none',
  options,
  results: null,
  listing: 'more',
  run(context, argument) {
    const given = words(argument);
    const unknown = given.find((word) => !options.includes(word));
    if (unknown !== undefined) {
      refuseUsage(context, check, `Error: check knows no argument ${unknown}`, exitStatuses.invalidArguments);
    } else if (context.configFile === null) {
      context.output('ERROR: no configuration file found; name one with -c');
      context.exitStatus = exitStatuses.invalidArguments;
    } else {
      const report = checkConfig({
        configFile: context.configFile,
        world: nodeWorld(userFiles()),
        json: given.includes('--json'),
        strict: given.includes('--strict'),
      });
      context.output(report.text.replace(/\n$/, ''));
      context.exitStatus = report.exitCode;
    }
    return Promise.resolve();
  },
};
