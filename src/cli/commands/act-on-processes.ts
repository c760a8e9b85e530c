/**
 * What `start`, `stop` and `signal` have in common: names of processes, whole groups, patterns, or `all`.
 */
import { FaultError } from '../../client/errors.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import type { CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';
import { outcomeName, outcomeResult, paintOutcome, type Outcome } from '../format/outcome.ts';
import type { Tone } from '../look.ts';
import { expandNames, type NamedTargets } from '../names.ts';

export interface ProcessAction {
  /** What is done, in results. */
  readonly name: string;
  onAll(): Promise<readonly Outcome[]>;
  onGroup(group: string): Promise<readonly Outcome[]>;
  /** `name` as it was typed. */
  onProcess(name: string): Promise<unknown>;
  readonly line: (outcome: Outcome) => string;
  /** A refusal that leaves the exit status alone, since what was asked for is the case already. */
  readonly harmless: number | null;
  /** Exit status after a group that does not exist. */
  readonly unknownGroupStatus: number;
  /**
   * What may be done at the same time: all that is named, or only what one pattern matches.
   *
   * Lines come in the order of the names either way, and must be those that one name after the other would give.
   */
  readonly atOnce: 'all' | 'pattern';
}

/** Carries an action out, printing a line for each process in the order of the names. */
export async function actOnProcesses(
  context: CommandContext,
  names: readonly string[],
  action: ProcessAction,
): Promise<void> {
  if (names.includes('all')) {
    report(context, action, await action.onAll());
    return;
  }
  for (const batch of batches(await expandNames(context, names), action.atOnce)) {
    const pending = batch.map((name) => settled(act(name, action)));
    for (const answer of pending) {
      const { failure, outcomes } = await answer;
      if (failure !== null) {
        throw failure.error;
      }
      reportOrRefuse(context, action, outcomes);
    }
  }
}

/** Most calls that wait at the same time, each on a connection of its own. */
const mostAtOnce = 32;

/** Names in the order given, those together that may be acted on at the same time. */
export function batches(
  targets: readonly NamedTargets[],
  atOnce: ProcessAction['atOnce'],
): readonly (readonly string[])[] {
  const all = targets.flatMap(({ names }) => names);
  const groups =
    atOnce === 'all' && !overlap(all)
      ? [all]
      : targets.flatMap(({ isPattern, names }) => (isPattern ? [names] : names.map((name) => [name])));
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / mostAtOnce) }, (_, index) =>
      group.slice(index * mostAtOnce, (index + 1) * mostAtOnce),
    ),
  );
}

/** Whether a process is named twice, be it by its group: the second time the answer is another one. */
function overlap(names: readonly string[]): boolean {
  const specs = names.map(parseNamespec);
  return specs.some((left, index) =>
    specs
      .slice(0, index)
      .some(
        (right) =>
          left.group === right.group &&
          (left.process === null || right.process === null || left.process === right.process),
      ),
  );
}

interface Answer {
  readonly failure: { readonly error: unknown } | null;
  readonly outcomes: readonly Outcome[] | { readonly unknownGroup: string };
}

/** An answer that waits for its turn to be printed; a failure waits as well. */
async function settled(outcomes: Promise<Answer['outcomes']>): Promise<Answer> {
  try {
    return { failure: null, outcomes: await outcomes };
  } catch (error) {
    return { failure: { error }, outcomes: [] };
  }
}

async function act(name: string, action: ProcessAction): Promise<Answer['outcomes']> {
  const { group, process } = parseNamespec(name);
  if (process !== null) {
    return [await outcomeOf(group, process, () => action.onProcess(name))];
  }
  try {
    return await action.onGroup(group);
  } catch (error) {
    if (error instanceof FaultError && error.faultCode === faultCodes.BAD_NAME) {
      return { unknownGroup: group };
    }
    throw error;
  }
}

function reportOrRefuse(context: CommandContext, action: ProcessAction, outcomes: Answer['outcomes']): void {
  if ('unknownGroup' in outcomes) {
    const group = outcomes.unknownGroup;
    const missing = { group, name: null, status: faultCodes.BAD_NAME, description: `BAD_NAME: ${group}` };
    const line = `${group}: ERROR (no such group)`;
    context.report(
      [outcomeResult(action.name, missing)],
      [paintOutcome(context.look.paint, group, line, 'red')],
    );
    context.exitStatus = action.unknownGroupStatus;
    return;
  }
  report(context, action, outcomes);
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

/** Prints outcomes one by one, since one without words ends the command there. */
export function report(
  context: CommandContext,
  action: Pick<ProcessAction, 'name' | 'line' | 'harmless'>,
  outcomes: readonly Outcome[],
): void {
  for (const outcome of outcomes) {
    const tone = toneOf(outcome.status, action.harmless);
    const line = paintOutcome(context.look.paint, outcomeName(outcome), action.line(outcome), tone);
    context.report([outcomeResult(action.name, outcome)], [line]);
    noteFault(context, outcome.status, action.harmless);
  }
}

function toneOf(status: number, harmless: number | null): Tone {
  if (status === faultCodes.SUCCESS) {
    return 'green';
  }
  return status === harmless ? 'yellow' : 'red';
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
function noteFault(context: CommandContext, code: number, harmless: number | null): void {
  if (code === faultCodes.SUCCESS || code === harmless) {
    return;
  }
  context.exitStatus = deadProgramFaults.has(code) ? exitStatuses.notRunning : exitStatuses.generic;
}
