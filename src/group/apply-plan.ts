/**
 * Carries out the plan of an update.
 *
 * What needs no restart is applied at once. Then everything that has to stop is asked to, all at the same time, and each goes on
 * as soon as it has stopped: a process with its new settings, a changed group made anew. What is added waits for
 * all that is removed, since it may want the same port. Nothing is awaited by polling, and other requests are answered meanwhile;
 * whatever they do to a group, each step looks at what is there now. Once the daemon goes down, nothing more is done.
 */
import type { GroupSettings, LogLevel, ProcessSettings } from '../config/settings.ts';
import type { Process } from '../process/process.ts';
import type { ProcessGroup } from './group.ts';
import type { Groups } from './groups.ts';
import type { GroupPlan, ProcessPlan, UpdatePlan } from './reconcile.ts';

export interface UpdateOutcome {
  readonly group: string;
  /** Null: the group as a whole. */
  readonly process: string | null;
  /** `applied`: goes on with other settings. */
  readonly done: 'added' | 'removed' | 'updated' | 'started' | 'restarted' | 'applied';
  /** Why it could not be done; null: it was. */
  readonly problem: string | null;
}

export interface ApplyHost {
  readonly groups: Groups;
  /** Makes a group active; false when one of that name is. */
  add(settings: GroupSettings): boolean;
  /** False once the daemon shuts down or restarts. */
  mayStart(): boolean;
  log(level: LogLevel, message: string): void;
}

/** Resolves when everything has stopped that has to; what is started is not awaited. Outcomes in the order of the plan. */
export async function applyPlan(plan: UpdatePlan, host: ApplyHost): Promise<readonly UpdateOutcome[]> {
  const adjusted = plan.groups
    .filter(({ how }) => how === 'adjust')
    .map((group) => new Adjustment(group, host));
  const applied = adjusted.map((adjustment) => adjustment.applyLive());
  const removing = plan.groups
    .filter(({ change }) => change === 'removed')
    .map((group) => replaceGroup(group, host));
  const replacing = plan.groups
    .filter(({ change, how }) => change === 'changed' && how === 'replace')
    .map((group) => replaceGroup(group, host));
  const restarting = adjusted.map((adjustment) => adjustment.restart());
  const leaving = adjusted.map((adjustment) => adjustment.removeMembers());
  const removed = await Promise.all([...removing, ...leaving]);
  const entered = adjusted.map((adjustment) => adjustment.addMembers());
  const added = await Promise.all(
    plan.groups.filter(({ change }) => change === 'added').map((group) => replaceGroup(group, host)),
  );
  const outcomes = [...applied, ...removed, ...entered, ...added].flat();
  const rest = await Promise.all([...replacing, ...restarting]);
  return inOrderOf(plan, [...outcomes, ...rest.flat()]);
}

function inOrderOf(plan: UpdatePlan, outcomes: readonly UpdateOutcome[]): readonly UpdateOutcome[] {
  return plan.groups.flatMap(({ name }) => outcomes.filter(({ group }) => group === name));
}

export const goingDown = 'the daemon is going down';

/** Stops and removes a group, if there is one, and adds what it is to be, if anything. */
async function replaceGroup(plan: GroupPlan, host: ApplyHost): Promise<readonly UpdateOutcome[]> {
  const { groups } = host;
  const { name, after, change } = plan;
  const done = change === 'changed' ? 'updated' : change;
  const outcome = (problem: string | null): readonly UpdateOutcome[] => [
    { group: name, process: null, done, problem },
  ];
  const former = groups.byName.get(name);
  if (former !== undefined && plan.before !== null) {
    const stops = [...former.processes.values()].reverse().map((process) => whenStopped(process, () => null));
    const problem = (await Promise.all(stops)).find((text) => text !== null);
    if (problem !== undefined) {
      return outcome(problem);
    }
    // Somebody else may have removed it in the meantime, which is as good.
    if (host.mayStart() && groups.byName.get(name) === former && groups.remove(name) === 'running') {
      return outcome('it is still running');
    }
  }
  if (!host.mayStart()) {
    return outcome(goingDown);
  }
  if (after === null) {
    return outcome(null);
  }
  if (!host.add(after)) {
    return outcome('a group of that name was added meanwhile');
  }
  const added = groups.byName.get(name);
  groups.autostart(added === undefined ? [] : [added]);
  return outcome(null);
}

/** Changes of one group that stays active. */
class Adjustment {
  readonly #plan: GroupPlan;
  readonly #host: ApplyHost;
  readonly #group: ProcessGroup | null;
  readonly #after: GroupSettings | null;
  readonly #wanted: ReadonlyMap<string, ProcessSettings>;

  constructor(plan: GroupPlan, host: ApplyHost) {
    this.#plan = plan;
    this.#host = host;
    this.#group = host.groups.byName.get(plan.name) ?? null;
    this.#after = plan.after;
    this.#wanted = new Map(plan.after?.processes.map((process) => [process.name, process]));
  }

  /** Everything that needs no restart, at once. */
  applyLive(): readonly UpdateOutcome[] {
    const outcomes = this.#plan.options.length === 0 ? [] : [this.#outcome(null, 'updated')];
    for (const { name, membership, action, options } of this.#plan.processes) {
      const [process, settings] = this.#find(name);
      if (membership !== 'stays' || process === null || settings === null) {
        continue;
      }
      if (action === 'start') {
        process.configure(settings);
        process.start();
        outcomes.push(this.#outcome(name, 'started'));
      } else if (action === 'keep') {
        if (options.length > 0) {
          const names = [...new Set(options.map(({ option }) => option))];
          this.#host.log('info', `updated: ${name} goes on with new settings (${names.join(', ')})`);
        }
        outcomes.push(
          ...this.#keep(process, settings, options.length > 0, isLive(options) || process.pid === 0),
        );
      }
    }
    this.#adopt();
    return outcomes;
  }

  #keep(
    process: Process,
    settings: ProcessSettings,
    isChanged: boolean,
    isPossible: boolean,
  ): readonly UpdateOutcome[] {
    const { name } = settings;
    if (isPossible) {
      process.configure(settings);
      return isChanged ? [this.#outcome(name, 'applied')] : [];
    }
    if (process.state === 'UNKNOWN') {
      return [this.#outcome(name, 'applied', 'it cannot be signalled, and still runs as it was started')];
    }
    // It is on its way to its end, by somebody else's wish.
    void whenStopped(process, () => {
      process.configure(settings);
      this.#adopt();
      return null;
    });
    return [this.#outcome(name, 'applied')];
  }

  async restart(): Promise<readonly UpdateOutcome[]> {
    const restarts = this.#planned('stays').map(async ({ name, action }) => {
      const [process, settings] = this.#find(name);
      if (action !== 'restart' || process === null || settings === null) {
        return [];
      }
      const problem = await whenStopped(process, () => {
        if (!this.#host.mayStart()) {
          return goingDown;
        }
        process.configure(settings);
        this.#adopt();
        process.start();
        return null;
      });
      return [this.#outcome(name, 'restarted', problem)];
    });
    return (await Promise.all(restarts)).flat();
  }

  async removeMembers(): Promise<readonly UpdateOutcome[]> {
    const removals = this.#planned('removed').map(async ({ name }) => {
      const [process] = this.#find(name);
      const group = this.#group;
      if (process === null || group === null) {
        return [];
      }
      const problem = await whenStopped(process, () => {
        if (!this.#host.mayStart()) {
          return goingDown;
        }
        this.#host.groups.removeMember(group, process);
        this.#adopt();
        return null;
      });
      return [this.#outcome(name, 'removed', problem)];
    });
    return (await Promise.all(removals)).flat();
  }

  addMembers(): readonly UpdateOutcome[] {
    const group = this.#activeGroup();
    const added = this.#planned('added').flatMap(({ name }) => {
      const settings = this.#wanted.get(name);
      return settings === undefined ? [] : [settings];
    });
    if (added.length === 0) {
      return [];
    }
    if (group === null || !this.#host.mayStart()) {
      const problem = group === null ? 'its group was removed meanwhile' : goingDown;
      return added.map(({ name }) => this.#outcome(name, 'added', problem));
    }
    const processes = this.#host.groups.addMembers(group, added);
    this.#adopt();
    this.#host.groups.startNew(processes);
    return added.map(({ name }) => this.#outcome(name, 'added'));
  }

  #planned(membership: ProcessPlan['membership']): readonly ProcessPlan[] {
    return this.#plan.processes.filter((process) => process.membership === membership);
  }

  #find(name: string): readonly [Process | null, ProcessSettings | null] {
    return [this.#group?.processes.get(name) ?? null, this.#wanted.get(name) ?? null];
  }

  /** The group, unless it was removed since the plan was made. */
  #activeGroup(): ProcessGroup | null {
    const { name } = this.#plan;
    return this.#group !== null && this.#host.groups.byName.get(name) === this.#group ? this.#group : null;
  }

  #adopt(): void {
    const group = this.#activeGroup();
    if (group !== null && this.#after !== null) {
      this.#host.groups.adopt(group, this.#after);
    }
  }

  #outcome(
    process: string | null,
    done: UpdateOutcome['done'],
    problem: string | null = null,
  ): UpdateOutcome {
    return { group: this.#plan.name, process, done, problem };
  }
}

function isLive(options: ProcessPlan['options']): boolean {
  return options.every(({ applies }) => applies === 'live');
}

/**
 * Stops a process, unless that is under way or nothing runs, and calls `then` in the same turn in which it has stopped, before
 * anybody else could start it again. Resolves to what `then` returns, or to why it could not be stopped.
 */
function whenStopped(process: Process, then: () => string | null): Promise<string | null> {
  if (process.isActive) {
    const problem = process.stop();
    if (problem !== null) {
      return Promise.resolve(problem);
    }
  }
  if (hasStopped(process)) {
    return Promise.resolve(then());
  }
  return new Promise((resolve) => {
    const end = process.onStateChange(() => {
      if (hasStopped(process)) {
        end();
        resolve(then());
      } else if (process.state === 'UNKNOWN') {
        end();
        resolve('it could not be signalled');
      }
    });
    if (process.state === 'UNKNOWN') {
      end();
      resolve('it could not be signalled');
    }
  });
}

function hasStopped(process: Process): boolean {
  return process.pid === 0 && !process.isActive;
}
