/** A scripted daemon behind {@link SupervisorControl}, for tests. */
import type { JsonValue } from '../config/json.ts';
import type { GroupSettings, LogLevel, ProcessSettings } from '../config/settings.ts';
import type { SupervisorEvent } from '../events/types.ts';
import type { LogClearing } from '../logging/activity-log.ts';
import { type LogMessage, logText } from '../logging/log-text.ts';
import { nodeReader } from '../logging/log-reader.fixture.ts';
import type { LastExit, PastChange } from '../process/record.ts';
import { processSettings } from '../process/settings.fixture.ts';
import type { StdinOutcome } from '../process/stdin.ts';
import type { ClearOutcome } from '../process/streams.ts';
import { type ProcessState, runningStates, type SupervisorState } from '../process/states.ts';
import { Journal } from '../journal/journal.ts';
import { FakeProc } from '../stats/fake-proc.fixture.ts';
import { ProcessStatistics } from '../stats/statistics.ts';
import { FakeClock } from '../system/fake-clock.ts';
import type { RpcHost } from './dispatch.ts';
import { processesByName } from './find-processes.ts';
import { supervisorMethods } from './methods/supervisor.ts';
import { formatNamespec } from './namespec.ts';
import { makeRegistry } from './registry.ts';
import type {
  CommandCheck,
  ControlledGroup,
  ControlledProcess,
  PlanResult,
  ReloadPlanResult,
  RereadResult,
  SupervisorControl,
  UpdateRequest,
  UpdateResult,
} from './supervisor-control.ts';

export class FakeProcess implements ControlledProcess {
  readonly settings: ProcessSettings;
  state: ProcessState = 'STOPPED';
  pid = 0;
  startedAtMs = 0;
  stoppedAtMs = 0;
  spawnError: string | null = null;
  exitStatus: number | null = null;
  lastExit: LastExit | null = null;
  restarts = 0;
  history: readonly PastChange[] = [];
  isSpawning = false;
  stdoutLogPath: string | null = null;
  logBlockedForMs = 0;
  stderrLogPath: string | null = null;
  command: CommandCheck = { ok: true };
  /** What `stop` and `signal` come to. */
  killProblem: string | null = null;
  stdin: StdinOutcome = 'ok';
  clearing: ClearOutcome = 'cleared';
  /** The clearing of its logs is only answered by {@link answerClear}. */
  clearsLater = false;
  #cleared: (() => void) | null = null;
  /** Everything asked of it, in order. */
  readonly calls: string[] = [];
  /** What a start leads to. */
  onStart: (process: FakeProcess) => void = (process) => process.become('STARTING', { pid: 7 });
  /** What a stop leads to. */
  onStop: (process: FakeProcess) => void = (process) => process.become('STOPPING');
  readonly #listeners = new Set<(state: ProcessState) => void>();

  constructor(settings: ProcessSettings) {
    this.settings = settings;
  }

  get isActive(): boolean {
    return runningStates.has(this.state);
  }

  get isStopping(): boolean {
    return this.state === 'STOPPING';
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  afterSpawn(done: () => void): void {
    done();
  }

  become(
    state: ProcessState,
    changes: Partial<Pick<FakeProcess, 'pid' | 'spawnError' | 'isSpawning' | 'exitStatus'>> = {},
  ): void {
    this.state = state;
    Object.assign(this, changes);
    for (const listener of this.#listeners) {
      listener(state);
    }
  }

  checkCommand(): CommandCheck {
    return this.command;
  }

  start(): void {
    this.calls.push('start');
    this.onStart(this);
  }

  stop(): string | null {
    this.calls.push('stop');
    this.onStop(this);
    return this.killProblem;
  }

  signal(signal: number): string | null {
    this.calls.push(`signal ${signal}`);
    return this.killProblem;
  }

  writeStdin(bytes: Uint8Array): StdinOutcome {
    this.calls.push(`stdin ${Buffer.from(bytes).toString('latin1')}`);
    return this.stdin;
  }

  clearLogs(cleared: (outcome: ClearOutcome) => void): void {
    this.calls.push('clear');
    const answer = (): void => cleared(this.clearing);
    if (this.clearsLater) {
      this.#cleared = answer;
    } else {
      answer();
    }
  }

  answerClear(): void {
    this.#cleared?.();
  }

  reportStopping(): void {
    this.calls.push('report');
  }

  onStateChange(listener: (state: ProcessState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

interface FakeGroup extends ControlledGroup {
  readonly processes: ReadonlyMap<string, FakeProcess>;
}

export class FakeControl implements SupervisorControl {
  state: SupervisorState = 'RUNNING';
  readonly identifier = 'supervisor';
  readonly pid = 4711;
  readonly version = '5.0.0';
  containedErrors = 0;
  readonly startedAtMs = 1_700_000_000_000;
  readonly clock = new FakeClock();
  /** What `/proc` says. */
  readonly proc = new FakeProc();
  readonly statistics = new ProcessStatistics({
    clock: this.clock,
    proc: this.proc,
    running: () =>
      new Map(
        processesByName(this).flatMap(({ group, process }) =>
          process.pid === 0
            ? []
            : [[formatNamespec(group.settings.name, process.settings.name), process.pid] as const],
        ),
      ),
  });
  activityLogPath: string | null = null;
  clearing: LogClearing = 'cleared';
  restartRefusal: string | null = null;
  planning: PlanResult = { ok: true, plan: { mode: 'groups', groups: [] } };
  reloadPlanning: ReloadPlanResult = { ok: true, changes: [] };
  updating: UpdateResult = { ok: true, outcomes: [] };
  /** Every update that was planned or asked for. */
  readonly updates: UpdateRequest[] = [];
  rereading: RereadResult = { ok: true, added: [], changed: [], removed: [] };
  adding: 'added' | 'already' | 'unknown' = 'added';
  removing: 'removed' | 'running' | 'unknown' = 'removed';
  availableGroups: readonly GroupSettings[] = [];
  readonly groups = new Map<string, FakeGroup>();
  readonly events: SupervisorEvent[] = [];

  /** Adds an active group with these processes, which is available as well. */
  addFakeGroup(name: string, processes: readonly Partial<ProcessSettings>[], priority = 999): void {
    const settings: GroupSettings = {
      kind: 'group',
      name,
      priority,
      processes: processes.map((overrides) => processSettings(overrides)),
    };
    this.availableGroups = [...this.availableGroups, settings];
    this.groups.set(name, {
      settings,
      processes: new Map(settings.processes.map((process) => [process.name, new FakeProcess(process)])),
    });
  }

  /** The process of that name in the group of that name. */
  process(group: string, name = group): FakeProcess {
    const process = this.groups.get(group)?.processes.get(name);
    if (process === undefined) {
      throw new Error(`cannot find ${group}:${name} in the scripted world`);
    }
    return process;
  }

  clearActivityLog(cleared: (outcome: LogClearing) => void): void {
    cleared(this.clearing);
  }

  describeConfig(secrets: 'shown' | 'masked'): JsonValue {
    return { secrets };
  }

  requestShutdown(): void {
    this.state = 'SHUTDOWN';
  }

  async requestRestart(): Promise<string | null> {
    if (this.restartRefusal === null) {
      this.state = 'RESTARTING';
    }
    return this.restartRefusal;
  }

  async rereadConfig(): Promise<RereadResult> {
    return this.rereading;
  }

  async planUpdate(request: UpdateRequest): Promise<PlanResult> {
    this.updates.push(request);
    return this.planning;
  }

  async planReload(): Promise<ReloadPlanResult> {
    return this.reloadPlanning;
  }

  update(request: UpdateRequest): Promise<UpdateResult> {
    this.updates.push(request);
    return Promise.resolve(this.updating);
  }

  addGroup(): 'added' | 'already' | 'unknown' {
    return this.adding;
  }

  removeGroup(): 'removed' | 'running' | 'unknown' {
    return this.removing;
  }

  notify(event: SupervisorEvent): void {
    this.events.push(event);
  }
}

/** A host for {@link dispatch} over a scripted daemon, with a clock that stands still. */
export function fakeRpcHost(control = new FakeControl()): RpcHost & {
  readonly control: FakeControl;
  readonly clock: FakeClock;
  readonly lines: string[];
} {
  const lines: string[] = [];
  return {
    control,
    clock: control.clock,
    reader: nodeReader,
    journal: new Journal(control.clock),
    registry: makeRegistry([{ name: 'supervisor', methods: supervisorMethods }]),
    lines,
    log: (level: LogLevel, message: LogMessage) => lines.push(`${level} ${logText(message)}`),
  };
}
