/**
 * Updates that the daemon carries out itself: plans them, checks everything that could fail before anything is touched, and does
 * one at a time.
 */
import type { ProcessSettings } from '../config/settings.ts';
import { type ApplyHost, applyPlan } from '../group/apply-plan.ts';
import { describePlan } from '../group/describe-plan.ts';
import { planUpdate, type GroupPlan, type UpdatePlan } from '../group/reconcile.ts';
import type { PlanResult, UpdateRefusal, UpdateRequest, UpdateResult } from '../rpc/supervisor-control.ts';
import { formatNamespec } from '../rpc/namespec.ts';
import type { Configuration } from './effective-config.ts';
import type { ReadResult } from './supervisor.ts';

export interface UpdatesHost extends ApplyHost {
  readSettings(): ReadResult;
  /** The configuration that is acted on is the one that is available from now on. */
  remember(configuration: Configuration): void;
  /** Why a process of these settings could not be started; null: nothing is known to be wrong. */
  problemOf(settings: ProcessSettings): string | null;
}

type Planned =
  { readonly ok: true; readonly plan: UpdatePlan; readonly configuration: Configuration } | UpdateRefusal;

export class Updates {
  readonly #host: UpdatesHost;
  #isRunning = false;

  constructor(host: UpdatesHost) {
    this.#host = host;
  }

  /** What an update would do now; nothing is changed, not even what is available. */
  plan(request: UpdateRequest): PlanResult {
    const planned = this.#plan(request);
    if (!planned.ok) {
      return planned;
    }
    const { settings, origins } = planned.configuration;
    return { ok: true, plan: describePlan(planned.plan, settings, origins) };
  }

  /** Reads the configuration and acts on it; refused as a whole when anything is known to be going to fail. */
  async run(request: UpdateRequest): Promise<UpdateResult> {
    if (this.#isRunning) {
      return refusal('refused', 'another update is under way');
    }
    const planned = this.#plan(request);
    if (!planned.ok) {
      return planned;
    }
    const { plan, configuration } = planned;
    const problems = plan.groups.flatMap((group) => this.#problemsOf(group));
    if (problems.length > 0) {
      return refusal('refused', problems.join('\n'));
    }
    this.#isRunning = true;
    try {
      this.#host.remember(configuration);
      return { ok: true, outcomes: await applyPlan(plan, this.#host) };
    } finally {
      this.#isRunning = false;
    }
  }

  #plan({ mode, groups: names }: UpdateRequest): Planned {
    const read = this.#host.readSettings();
    if (!read.ok) {
      return refusal('configuration', read.message);
    }
    const active = [...this.#host.groups.byName.values()];
    const known = new Set([...active, ...read.settings.groups].map(({ name }) => name));
    const unknown = names?.filter((name) => !known.has(name)) ?? [];
    if (unknown.length > 0) {
      return refusal('unknown-group', unknown.join('\n'));
    }
    const plan = planUpdate(active, read.settings.groups, mode);
    const isMeant = ({ name }: GroupPlan): boolean => names === null || names.includes(name);
    return { ok: true, plan: { ...plan, groups: plan.groups.filter(isMeant) }, configuration: read };
  }

  /** Of what would be started or goes on with other logs. */
  #problemsOf({ name: groupName, after, processes }: GroupPlan): readonly string[] {
    const present = this.#host.groups.byName.get(groupName)?.processes;
    return processes.flatMap(({ name, action, options }) => {
      const settings = after?.processes.find((process) => process.name === name);
      if (settings === undefined || (action === 'keep' && options.length === 0)) {
        return [];
      }
      const problem =
        (action === 'start' || action === 'restart' ? this.#host.problemOf(settings) : null) ??
        present?.get(name)?.outputs.check(settings) ??
        null;
      return problem === null ? [] : [`${formatNamespec(groupName, name)}: ${problem}`];
    });
  }
}

function refusal(reason: UpdateRefusal['reason'], message: string): UpdateRefusal {
  return { ok: false, reason, message };
}
