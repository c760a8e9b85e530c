/**
 * What `start`, `stop` and `signal` have in common: names of processes, whole groups, or `all`.
 */
import { FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import type { CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import type { Outcome } from '../format/outcome.ts';

export interface ProcessAction {
  onAll(): Promise<readonly Outcome[]>;
  onGroup(group: string): Promise<readonly Outcome[]>;
  /** `name` as it was typed. */
  onProcess(name: string): Promise<unknown>;
  readonly line: (outcome: Outcome) => string;
  /** A refusal that leaves the exit status alone, since what was asked for is the case already. */
  readonly harmless: number | null;
  /** Exit status after a group that does not exist. */
  readonly unknownGroupStatus: number;
}

/** Carries an action out, one name after the other, printing a line for each process. */
export async function actOnProcesses(
  context: CommandContext,
  names: readonly string[],
  action: ProcessAction,
): Promise<void> {
  if (names.includes('all')) {
    report(context, action, await action.onAll());
    return;
  }
  for (const name of names) {
    const { group, process } = parseNamespec(name);
    if (process === null) {
      await actOnGroup(context, group, action);
    } else {
      const status = await outcomeOf(group, process, () => action.onProcess(name));
      report(context, action, [status]);
    }
  }
}

async function actOnGroup(context: CommandContext, group: string, action: ProcessAction): Promise<void> {
  try {
    report(context, action, await action.onGroup(group));
  } catch (error) {
    if (!(error instanceof FaultError && error.faultCode === faultCodes.BAD_NAME)) {
      throw error;
    }
    context.output(`${group}: ERROR (no such group)`);
    context.exitStatus = action.unknownGroupStatus;
  }
}

/** How a call for one process went, a fault being one of the outcomes. */
export async function outcomeOf(
  group: string,
  name: string | null,
  call: () => Promise<unknown>,
): Promise<Outcome> {
  try {
    await call();
    return { group, name, status: faultCodes.SUCCESS, description: 'OK' };
  } catch (error) {
    if (!(error instanceof FaultError)) {
      throw error;
    }
    return { group, name, status: error.faultCode, description: error.faultString };
  }
}

function report(context: CommandContext, action: ProcessAction, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    context.output(action.line(outcome));
    noteFault(context, outcome.status, action.harmless);
  }
}

/** Faults that mean "there is no living process now". */
const deadProgramFaults: ReadonlySet<number> = new Set([
  faultCodes.SPAWN_ERROR,
  faultCodes.ABNORMAL_TERMINATION,
  faultCodes.NOT_RUNNING,
]);

/**
 * Sets the exit status that a fault code leads to; of several the last one counts.
 *
 * B17.7: 7 when there is no living process, 1 for anything else that went wrong.
 */
export function noteFault(context: CommandContext, code: number, harmless: number | null = null): void {
  if (code === faultCodes.SUCCESS || code === harmless) {
    return;
  }
  context.exitStatus = deadProgramFaults.has(code) ? exitStatuses.notRunning : exitStatuses.generic;
}
