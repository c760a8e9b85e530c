/**
 * `update --dry-run` and `update --minimal`, which the original does not have: the daemon makes the plan and carries it out.
 *
 * Exit status: 0 when the plan was shown or everything was done, also if that is nothing; 1 when the configuration cannot be read, a
 * group is unknown or something could not be done; 2 for an unknown option; 3 when the daemon has no such update.
 */
import { FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { refuseUsage } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { outcomeLines, outcomeResult, planLines, planResult, reloadLines } from '../format/plan.ts';
import { reportFault } from './report-fault.ts';

const options: readonly string[] = ['--dry-run', '--minimal'];

/** `given`: what was typed behind `update`. */
export async function updateByDaemon(
  context: CommandContext,
  update: Command,
  given: readonly string[],
): Promise<void> {
  const unknown = given.find((word) => word.startsWith('--') && !options.includes(word));
  if (unknown !== undefined) {
    refuseUsage(context, update, `Error: update knows no option ${unknown}`, exitStatuses.invalidArguments);
    return;
  }
  const mode = given.includes('--minimal') ? 'minimal' : 'groups';
  const names = [...new Set(given.filter((word) => !options.includes(word)))];
  const groups = names.includes('all') ? [] : names;
  try {
    if (given.includes('--dry-run')) {
      const plan = await context.client.planUpdate(mode, groups);
      const rest = await context.client.planReload();
      context.report(plan.map(planResult), planLines(plan));
      for (const line of reloadLines(rest)) {
        context.output(line);
      }
      return;
    }
    const outcomes = await context.client.update(mode, groups);
    context.report(outcomes.map(outcomeResult), outcomeLines(outcomes));
    if (outcomes.some(({ problem }) => problem !== null)) {
      context.exitStatus = exitStatuses.generic;
    }
  } catch (error) {
    report(context, error);
  }
}

function report(context: CommandContext, error: unknown): void {
  if (error instanceof FaultError && error.faultCode === faultCodes.UNKNOWN_METHOD) {
    context.output('ERROR: this supervisord knows no update with options');
    context.exitStatus = exitStatuses.unimplementedFeature;
    return;
  }
  reportFault(context, error, {
    [faultCodes.SHUTDOWN_STATE]: 'ERROR: already shutting down',
    [faultCodes.CANT_REREAD]: (faultString) => `ERROR: ${faultString}`,
    [faultCodes.BAD_NAME]: (faultString) =>
      `ERROR: no such group: ${faultString.replace('BAD_NAME: ', '').replaceAll('\n', ', ')}`,
    [faultCodes.FAILED]: (faultString) =>
      ['ERROR: nothing was changed:', ...faultString.replace('FAILED: ', '').split('\n')].join('\n  '),
  });
}
