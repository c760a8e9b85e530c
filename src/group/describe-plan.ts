/** The plan of an update for people and machines: why each thing happens, where it is written, secrets masked. */
import { maskChange, type OptionChange } from '../config/option-changes.ts';
import type { Origins } from '../config/problems.ts';
import type { Settings } from '../config/settings.ts';
import type { GroupPlan, ProcessPlan, UpdatePlan } from './reconcile.ts';

export interface DescribedChange extends OptionChange {
  /** Where the new value is written; null for a default. */
  readonly file: string | null;
  readonly line: number | null;
}

export interface DescribedProcessPlan extends Omit<ProcessPlan, 'options'> {
  readonly options: readonly DescribedChange[];
}

export interface DescribedGroupPlan extends Omit<GroupPlan, 'before' | 'after' | 'options' | 'processes'> {
  readonly options: readonly DescribedChange[];
  readonly processes: readonly DescribedProcessPlan[];
}

export interface DescribedPlan extends Omit<UpdatePlan, 'groups'> {
  readonly groups: readonly DescribedGroupPlan[];
}

/** `settings` and `origins`: what the plan leads to. */
export function describePlan(plan: UpdatePlan, settings: Settings, origins: Origins): DescribedPlan {
  const describe = (
    changes: readonly OptionChange[],
    changed: object | undefined,
  ): readonly DescribedChange[] =>
    changes.map((change) => ({ ...maskChange(change), ...placeOf(change, changed, settings, origins) }));
  return {
    mode: plan.mode,
    groups: plan.groups.map(({ before: _before, after, options, processes, ...group }) => ({
      ...group,
      options: describe(options, after ?? undefined),
      processes: processes.map((process) => ({
        ...process,
        options: describe(
          process.options,
          after?.processes.find(({ name }) => name === process.name),
        ),
      })),
    })),
  };
}

function placeOf(
  { option, variable, to }: OptionChange,
  changed: object | undefined,
  { configFile, daemon }: Settings,
  origins: Origins,
): { readonly file: string | null; readonly line: number | null } {
  const section = changed === undefined ? null : origins.sectionOf(changed);
  const isDaemons = variable !== null && to !== null && daemon.environment[variable] === to;
  const origin = isDaemons
    ? origins.of('supervisord', 'environment')
    : section === null
      ? null
      : origins.of(section, option);
  if (origin === null) {
    return { file: null, line: null };
  }
  // Included files are known by their absolute paths, the main one as it was given.
  return { file: origin.file.startsWith('/') ? origin.file : configFile, line: origin.line };
}
