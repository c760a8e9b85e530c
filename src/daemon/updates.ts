/**
 * The configuration of a running daemon: what was read last, how it differs from what is active, and updates that the daemon
 * carries out itself. It plans them, checks everything that could fail before anything is touched, and does one at a time.
 */
import type { View } from '../config/describe.ts';
import { diffGroups } from '../config/diff.ts';
import type { JsonValue } from '../config/json.ts';
import type { DaemonOverrides } from '../config/load/daemon.ts';
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import { type ApplyHost, applyPlan, goingDown } from '../group/apply-plan.ts';
import { describePlan } from '../group/describe-plan.ts';
import { planUpdate, type GroupPlan, type UpdatePlan } from '../group/reconcile.ts';
import { answerOf, askAll, AwaitedAnswer, type Question } from '../system/answers.ts';
import type { ProcessOutputs } from '../process/output.ts';
import type {
  PlanResult,
  ReloadPlanResult,
  RereadResult,
  UpdateRefusal,
  UpdateRequest,
  UpdateResult,
} from '../rpc/supervisor-control.ts';
import { formatNamespec } from '../rpc/namespec.ts';
import type { Clock } from '../system/clock.ts';
import { type Configuration, EffectiveConfig, type ReadResult } from './effective-config.ts';
import type { Readings } from './readings.ts';

export interface UpdatesHost extends ApplyHost {
  readonly clock: Clock;
  readonly readings: Readings;
  /** Why a process of these settings could not be started; null: nothing is known to be wrong. */
  problemOf(settings: ProcessSettings): string | null;
}

interface Plan {
  readonly ok: true;
  readonly plan: UpdatePlan;
  readonly configuration: Configuration;
}

type Planned = Plan | UpdateRefusal;

/** A process that an update would start or give other settings. */
interface Concerned {
  readonly groupName: string;
  readonly settings: ProcessSettings;
  /** Also anew. */
  readonly isStarted: boolean;
  /** Null where there is none of that name yet. */
  readonly outputs: ProcessOutputs | null;
}

export class Updates {
  readonly #host: UpdatesHost;
  readonly #effective: EffectiveConfig;
  #available: readonly GroupSettings[];
  #isRunning = false;
  #rereads = 0;

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
  reread(): Promise<RereadResult> {
    return this.#host.readings.read((read) => this.#keep(read));
  }

  /** What the daemon and the active groups are configured as. */
  describe(secrets: View['secrets']): JsonValue {
    const groups = this.#host.groups.inOrder().map(({ settings }) => settings);
    return this.#effective.describe(groups, secrets);
  }

  /** What an update would do now; nothing is changed, not even what is available. */
  plan(request: UpdateRequest): Promise<PlanResult> {
    return this.#host.readings.read((read): PlanResult => {
      const planned = this.#plan(request, read);
      if (!planned.ok) {
        return planned;
      }
      const { settings, origins } = planned.configuration;
      return { ok: true, plan: describePlan(planned.plan, settings, origins) };
    });
  }

  /** What of the configuration as it is now only a reload would take up; nothing is changed. */
  planReload(): Promise<ReloadPlanResult> {
    return this.#host.readings.read((read): ReloadPlanResult =>
      read.ok
        ? { ok: true, changes: this.#effective.reloadChanges(read) }
        : refusal('configuration', read.message),
    );
  }

  /** Reads the configuration and acts on it; refused as a whole when anything is known to be going to fail. */
  async run(request: UpdateRequest): Promise<UpdateResult> {
    if (this.#isRunning) {
      return anotherRuns;
    }
    // Begun before the next reading, which does not wait for its end.
    const { result } = await this.#host.readings.read((read) => ({ result: this.#act(request, read) }));
    return result;
  }

  #keep(read: ReadResult): RereadResult {
    if (!read.ok) {
      return read;
    }
    this.#rereads += 1;
    this.#effective.remember(read);
    this.#available = read.settings.groups;
    const current = [...this.#host.groups.byName.values()].map(({ settings }) => settings);
    const { added, changed, removed } = diffGroups(current, this.#available);
    return { ok: true, added: namesOf(added), changed: namesOf(changed), removed: namesOf(removed) };
  }

  /** Others have gone on while the configuration was read. */
  async #act(request: UpdateRequest, read: ReadResult): Promise<UpdateResult> {
    if (this.#isRunning) {
      return anotherRuns;
    }
    if (!this.#host.mayStart()) {
      return refusal('refused', goingDown);
    }
    const planned = this.#plan(request, read);
    if (!planned.ok) {
      return planned;
    }
    this.#isRunning = true;
    try {
      return await this.#carryOut(request, planned);
    } finally {
      this.#isRunning = false;
    }
  }

  async #carryOut(request: UpdateRequest, { plan, configuration }: Plan): Promise<UpdateResult> {
    const rereads = this.#rereads;
    const found = this.#problemsOf(plan);
    const isLate = found instanceof Promise;
    const problems = isLate ? await found : found;
    if (problems.length > 0) {
      return refusal('refused', problems.join('\n'));
    }
    return isLate
      ? this.#carryOutLate(request, configuration, rereads === this.#rereads)
      : this.#apply(plan, configuration, true);
  }

  /** Others have gone on while logs were looked at, so what there is to do may be something else by now. */
  async #carryOutLate(
    request: UpdateRequest,
    configuration: Configuration,
    isLatest: boolean,
  ): Promise<UpdateResult> {
    if (!this.#host.mayStart()) {
      return refusal('refused', goingDown);
    }
    const plan = this.#planFor(request, configuration);
    const problems = this.#concerned(plan).flatMap((process) => {
      const problem = this.#startProblemOf(process);
      return problem === null ? [] : [described(process, problem)];
    });
    return problems.length > 0
      ? refusal('refused', problems.join('\n'))
      : this.#apply(plan, configuration, isLatest);
  }

  /** `isLatest`: no other configuration has been read since. */
  async #apply(plan: UpdatePlan, configuration: Configuration, isLatest: boolean): Promise<UpdateResult> {
    this.#effective.remember(configuration);
    if (isLatest) {
      this.#available = configuration.settings.groups;
    }
    return { ok: true, outcomes: await applyPlan(plan, this.#host) };
  }

  #plan(request: UpdateRequest, read: ReadResult): Planned {
    if (!read.ok) {
      return refusal('configuration', read.message);
    }
    const known = new Set([...this.#host.groups.byName.keys(), ...namesOf(read.settings.groups)]);
    const unknown = request.groups?.filter((name) => !known.has(name)) ?? [];
    return unknown.length > 0
      ? refusal('unknown-group', unknown.join('\n'))
      : { ok: true, plan: this.#planFor(request, read), configuration: read };
  }

  #planFor({ mode, groups: names }: UpdateRequest, { settings }: Configuration): UpdatePlan {
    const plan = planUpdate([...this.#host.groups.byName.values()], settings.groups, mode);
    const isMeant = ({ name }: GroupPlan): boolean => names === null || names.includes(name);
    return { ...plan, groups: plan.groups.filter(isMeant) };
  }

  /** Of what would be started or goes on with other logs. A log that does not answer within a second is no problem. */
  #problemsOf(plan: UpdatePlan): readonly string[] | Promise<readonly string[]> {
    const processes = this.#concerned(plan);
    const questions = processes.map((process): Question<string | null> => (answered) => {
      const problem = this.#startProblemOf(process);
      const { outputs, settings } = process;
      if (problem !== null || outputs === null) {
        answered(problem);
      } else {
        new AwaitedAnswer<string | null>(this.#host.clock, null, answered).ask((checked) =>
          outputs.check(settings, checked),
        );
      }
    });
    return answerOf<readonly string[]>((answered) =>
      askAll(questions, (problems) =>
        answered(
          processes.flatMap((process, index) => {
            const problem = problems[index] ?? null;
            return problem === null ? [] : [described(process, problem)];
          }),
        ),
      ),
    );
  }

  #startProblemOf({ isStarted, settings }: Concerned): string | null {
    return isStarted ? this.#host.problemOf(settings) : null;
  }

  #concerned({ groups }: UpdatePlan): readonly Concerned[] {
    return groups.flatMap(({ name: groupName, after, processes }) => {
      const present = this.#host.groups.byName.get(groupName)?.processes;
      return processes.flatMap(({ name, action, options }): readonly Concerned[] => {
        const settings = after?.processes.find((process) => process.name === name);
        if (settings === undefined || (action === 'keep' && options.length === 0)) {
          return [];
        }
        const isStarted = action === 'start' || action === 'restart';
        return [{ groupName, settings, isStarted, outputs: present?.get(name)?.outputs ?? null }];
      });
    });
  }
}

const anotherRuns = refusal('refused', 'another update is under way');

function described({ groupName, settings: { name } }: Concerned, problem: string): string {
  return `${formatNamespec(groupName, name)}: ${problem}`;
}

function namesOf(groups: readonly GroupSettings[]): readonly string[] {
  return groups.map(({ name }) => name);
}

function refusal(reason: UpdateRefusal['reason'], message: string): UpdateRefusal {
  return { ok: false, reason, message };
}
