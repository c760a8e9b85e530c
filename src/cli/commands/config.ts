import { HttpStatusError } from '../../client/errors.ts';
import { words } from '../../config/python/text.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { effectiveLines, effectiveResults, type ProcessFilter } from '../format/effective.ts';
import { isUp } from '../up-check.ts';

const showSecrets = '--show-secrets';

export const config: Command = {
  name: 'config',
  summary: 'Show the settings in force, and where they come from',
  help: [
    ['config', 'Show the settings in force, each with its file and line'],
    ['config <name> <gname>:*', 'Show those of these processes'],
    [`config ${showSecrets}`, 'Mask no value that looks like a secret; over the unix socket only'],
  ],
  completes: 'processes',
  options: [showSecrets],
  results: [
    ['section', 'string or null', 'header of the section it was made from'],
    ['name', 'string or null', 'name of the process as `status` prints it; null: not a process'],
    ['settings', 'object', 'by option: `value`, `file` and `line`; the last two null for a default'],
  ],
  listing: 'more',
  async run(context, argument) {
    const given = words(argument);
    const unknown = given.find((word) => word.startsWith('-') && word !== showSecrets);
    if (unknown !== undefined) {
      refuseUsage(context, config, `Error: config knows no option ${unknown}`, exitStatuses.invalidArguments);
      return;
    }
    if (await isUp(context)) {
      const names = given.filter((word) => word !== showSecrets);
      await show(context, names, given.includes(showSecrets) ? 'shown' : 'masked');
    }
  },
};

async function show(
  context: CommandContext,
  names: readonly string[],
  secrets: 'shown' | 'masked',
): Promise<void> {
  try {
    const configuration = await context.client.getConfiguration(secrets);
    const filters = names.map((name) => filterOf(name));
    const known = (filter: ProcessFilter): boolean =>
      configuration.groups.some((group) => group.processes.some(({ name }) => filter(group.name, name)));
    names.forEach((name, index) => {
      if (filters[index] !== undefined && !known(filters[index])) {
        context.output(`${name}: ERROR (no such process)`);
        context.exitStatus = exitStatuses.generic;
      }
    });
    const chosen: ProcessFilter | null =
      filters.length === 0 ? null : (group, process) => filters.some((filter) => filter(group, process));
    context.report(effectiveResults(configuration, chosen), effectiveLines(configuration, chosen));
  } catch (error) {
    if (error instanceof HttpStatusError && error.status === 403 && secrets === 'shown') {
      context.output('ERROR: supervisord shows secrets over its unix socket only');
      context.exitStatus = exitStatuses.insufficientPrivileges;
      return;
    }
    if (!(error instanceof HttpStatusError) || error.status !== 404) {
      throw error;
    }
    context.output('ERROR: this supervisord does not tell its configuration');
    context.exitStatus = exitStatuses.unimplementedFeature;
  }
}

function filterOf(name: string): ProcessFilter {
  const wanted = parseNamespec(name);
  return (group, process) =>
    group === wanted.group && (wanted.process === null || process === wanted.process);
}
