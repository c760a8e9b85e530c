/**
 * The configuration of a running daemon: what was read last, how it differs from what is active, and updates that the daemon
 * carries out itself. It plans them, checks everything that could fail before anything is touched, and does one at a time.
 */
import type { View } from '../config/describe.ts';
import { diffGroups } from '../config/diff.ts';
import type { JsonValue } from '../config/json.ts';
import type { DaemonOverrides } from '../config/load/daemon.ts';
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import { type ApplyHost, applyPlan } from '../group/apply-plan.ts';
import { describePlan } from '../group/describe-plan.ts';
import { planUpdate, type GroupPlan, type UpdatePlan } from '../group/reconcile.ts';
import type {
  PlanResult,
  ReloadPlanResult,
  RereadResult,
  UpdateRefusal,
  UpdateRequest,
  UpdateResult,
} from '../rpc/supervisor-control.ts';
import { formatNamespec } from '../rpc/namespec.ts';
import { type Configuration, EffectiveConfig, type ReadResult } from './effective-config.ts';

export interface UpdatesHost extends ApplyHost {
  readSettings(): ReadResult;
  /** Why a process of these settings could not be started; null: nothing is known to be wrong. */
  problemOf(settings: ProcessSettings): string | null;
}

type Planned =
  { readonly ok: true; readonly plan: UpdatePlan; readonly configuration: Configuration } | UpdateRefusal;

export class Updates {
  readonly #host: UpdatesHost;
  readonly #effective: EffectiveConfig;
  #available: readonly GroupSettings[];
  #isRunning = false;

  /** `started`: what the daemon was started with; `overrides`: what its command line says over it. */
  constructor(started: Configuration, overrides: DaemonOverrides, host: UpdatesHost) {
    this.#host = host;
    this.#effective = new EffectiveConfig(started, overrides);
    this.#available = started.settings.groups;
  }

  /** Groups of the configuration that was read last. */
  get available(): readonly GroupSettings[] {
    return this.#available;
  }

  /** Reads the configuration and keeps it; nothing that runs is touched. */
  reread(): RereadResult {
    const read = this.#host.readSettings();
    if (!read.ok) {
      return read;
    }
    this.#remember(read);
    const current = [...this.#host.groups.byName.values()].map(({ settings }) => settings);
    const { added, changed, removed } = diffGroups(current, this.#available);
    return { ok: true, added: namesOf(added), changed: namesOf(changed), removed: namesOf(removed) };
  }

  /** What the daemon and the active groups are configured as. */
  describe(secrets: View['secrets']): JsonValue {
    const groups = this.#host.groups.inOrder().map(({ settings }) => settings);
    return this.#effective.describe(groups, secrets);
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

  /** What of the configuration as it is now only a reload would take up; nothing is changed. */
  planReload(): ReloadPlanResult {
    const read = this.#host.readSettings();
    return read.ok
      ? { ok: true, changes: this.#effective.reloadChanges(read) }
      : refusal('configuration', read.message);
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
      this.#remember(configuration);
      return { ok: true, outcomes: await applyPlan(plan, this.#host) };
    } finally {
      this.#isRunning = false;
    }
  }

  #remember(configuration: Configuration): void {
    this.#available = configuration.settings.groups;
    this.#effective.remember(configuration);
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

function namesOf(groups: readonly GroupSettings[]): readonly string[] {
  return groups.map(({ name }) => name);
}

function refusal(reason: UpdateRefusal['reason'], message: string): UpdateRefusal {
  return { ok: false, reason, message };
}
