/**
 * The plan of an update: what has to happen so that the active groups become those of another configuration.
 *
 * Pure: two configurations and the states of the processes come in, the plan goes out as data. `dry-run` prints it,
 * `apply-plan.ts` carries it out.
 *
 * Two modes. `groups` is what `update` of the original does: a group that differs in anything is stopped, removed and added again.
 * `minimal` touches only what has to be: within a group, processes that are spawned with something else are restarted,
 * those that came or went are started or stopped, and all others go on with their new settings.
 */
import { diffGroups } from '../config/diff.ts';
import { groupChanges, type OptionChange, processChanges } from '../config/option-changes.ts';
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import type { ProcessState } from '../process/states.ts';

export type UpdateMode = 'groups' | 'minimal';

/** What an active group is configured as, and how its processes fare. */
export interface ActiveGroup {
  readonly settings: GroupSettings;
  readonly processes: ReadonlyMap<string, { readonly state: ProcessState; readonly isActive: boolean }>;
}

export interface ProcessPlan {
  readonly name: string;
  readonly membership: 'added' | 'removed' | 'stays';
  /** `keep`: what runs goes on, what does not stays as it is; with other settings where `options` says so. */
  readonly action: 'start' | 'stop' | 'restart' | 'keep';
  readonly options: readonly OptionChange[];
}

export interface GroupPlan {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** `replace`: what there is of it is stopped and removed, then it is added; `adjust`: it stays and is changed. */
  readonly how: 'replace' | 'adjust';
  /** Null for an added group. */
  readonly before: GroupSettings | null;
  /** Null for a removed group. */
  readonly after: GroupSettings | null;
  readonly options: readonly OptionChange[];
  readonly processes: readonly ProcessPlan[];
}

export interface UpdatePlan {
  readonly mode: UpdateMode;
  /** In the order of the original's update: removed ones, changed ones, added ones. */
  readonly groups: readonly GroupPlan[];
}

export function planUpdate(
  active: readonly ActiveGroup[],
  next: readonly GroupSettings[],
  mode: UpdateMode,
): UpdatePlan {
  const { added, changed, removed } = diffGroups(
    active.map(({ settings }) => settings),
    next,
  );
  const wanted = new Map(next.map((group) => [group.name, group]));
  const differing = new Set(changed.map(({ name }) => name));
  const stays = active.flatMap((group) => {
    const after = wanted.get(group.settings.name);
    return after === undefined ? [] : [{ group, after }];
  });
  const changes =
    mode === 'groups'
      ? stays
          .filter(({ after }) => differing.has(after.name))
          .map(({ group, after }) => replaceGroup(group, after))
      : stays.map(({ group, after }) => adjustGroup(group, after)).filter((plan) => hasChanges(plan));
  return {
    mode,
    groups: [
      ...removed.map((settings) => removeGroup(active, settings)),
      ...inOrderOf(next, changes),
      ...added.map((settings) => addGroup(settings)),
    ],
  };
}

function inOrderOf(next: readonly GroupSettings[], plans: readonly GroupPlan[]): readonly GroupPlan[] {
  const byName = new Map(plans.map((plan) => [plan.name, plan]));
  return next.flatMap(({ name }) => byName.get(name) ?? []);
}

function hasChanges({ options, processes, how }: GroupPlan): boolean {
  return (
    how === 'replace' ||
    options.length > 0 ||
    processes.some((process) => process.membership !== 'stays' || process.options.length > 0)
  );
}

function removeGroup(active: readonly ActiveGroup[], before: GroupSettings): GroupPlan {
  const group = active.find(({ settings }) => settings === before);
  return {
    name: before.name,
    change: 'removed',
    how: 'replace',
    before,
    after: null,
    options: [],
    processes: namesOf(before).map((name) => removedProcess(name, isActiveIn(group, name))),
  };
}

function addGroup(after: GroupSettings): GroupPlan {
  return {
    name: after.name,
    change: 'added',
    how: 'replace',
    before: null,
    after,
    options: [],
    processes: [...membersOf(after).values()].map((process) => addedProcess(process)),
  };
}

/** Compat: what ran and starts by itself runs afterwards; what does not start by itself is only stopped. */
function replaceGroup(group: ActiveGroup, after: GroupSettings): GroupPlan {
  return changedGroup(group, after, 'replace', ({ isRunning, autostart, options, name }) => ({
    name,
    membership: 'stays',
    action: isRunning ? (autostart ? 'restart' : 'stop') : autostart ? 'start' : 'keep',
    options,
  }));
}

function adjustGroup(group: ActiveGroup, after: GroupSettings): GroupPlan {
  const changes = groupChanges(group.settings, after);
  if (changes.some(({ applies }) => applies === 'replace')) {
    return replaceGroup(group, after);
  }
  return changedGroup(group, after, 'adjust', ({ name, isRunning, autostart, options, state }) => {
    const mustRestart = options.some(({ applies }) => applies === 'restart');
    // What was given up is tried again: the change may be the cure.
    const isCure = state === 'FATAL' && autostart;
    const action = !mustRestart ? 'keep' : isRunning ? 'restart' : isCure ? 'start' : 'keep';
    return { name, membership: 'stays', action, options };
  });
}

interface StayingProcess {
  readonly name: string;
  readonly state: ProcessState;
  readonly isRunning: boolean;
  readonly autostart: boolean;
  readonly options: readonly OptionChange[];
}

function changedGroup(
  group: ActiveGroup,
  after: GroupSettings,
  how: GroupPlan['how'],
  plan: (process: StayingProcess) => ProcessPlan,
): GroupPlan {
  const { settings: before } = group;
  const [old, wanted] = [membersOf(before), membersOf(after)];
  const gone = [...old.keys()].filter((name) => !wanted.has(name));
  return {
    name: after.name,
    change: 'changed',
    how,
    before,
    after,
    options: groupChanges(before, after),
    processes: [
      ...gone.map((name) => removedProcess(name, isActiveIn(group, name))),
      ...[...wanted.values()].map((process): ProcessPlan => {
        const former = old.get(process.name);
        if (former === undefined) {
          return addedProcess(process);
        }
        const state = stateIn(group, process.name);
        const { name, autostart } = process;
        const isRunning = isActiveIn(group, process.name);
        return plan({ name, state, isRunning, autostart, options: processChanges(former, process) });
      }),
    ],
  };
}

function removedProcess(name: string, isActive: boolean): ProcessPlan {
  return { name, membership: 'removed', action: isActive ? 'stop' : 'keep', options: [] };
}

function addedProcess({ name, autostart }: ProcessSettings): ProcessPlan {
  return { name, membership: 'added', action: autostart ? 'start' : 'keep', options: [] };
}

function stateIn(group: ActiveGroup | undefined, name: string): ProcessState {
  return group?.processes.get(name)?.state ?? 'STOPPED';
}

function isActiveIn(group: ActiveGroup | undefined, name: string): boolean {
  return group?.processes.get(name)?.isActive ?? false;
}

function namesOf(group: GroupSettings): readonly string[] {
  return [...membersOf(group).keys()];
}

/** Of several processes of one name the last counts, as in the group that is made of them. */
function membersOf({ processes }: GroupSettings): ReadonlyMap<string, ProcessSettings> {
  return new Map(processes.map((process) => [process.name, process]));
}
