/**
 * The supervisor: the active groups, what the configuration last read would make of them, and the way to the end.
 *
 * It lives from one start to the next restart; the process around it (`run.ts`) opens and closes what it is given.
 */
import type { JsonValue } from '../config/json.ts';
import type { DaemonOverrides } from '../config/load/daemon.ts';
import type { GroupSettings, LogLevel, ProcessSettings, Settings } from '../config/settings.ts';
import type { EventBus } from '../events/bus.ts';
import { processGroupEvent, processStateEvent, supervisorStateChangeEvent } from '../events/payloads.ts';
import type { EventSerials } from '../events/serials.ts';
import { Ticks } from '../events/ticks.ts';
import type { SupervisorEvent } from '../events/types.ts';
import { FcgiSockets } from '../group/fcgi-sockets.ts';
import type { ProcessGroup } from '../group/group.ts';
import { Groups } from '../group/groups.ts';
import { ListenerPools } from '../group/listener-pools.ts';
import { stopInOrder } from '../group/ordered-stop.ts';
import type { LogClearing } from '../logging/activity-log.ts';
import { type LogMessage, withLines } from '../logging/log-text.ts';
import { startProblem } from '../process/command.ts';
import type { Journal } from '../journal/journal.ts';
import { askAll } from '../system/answers.ts';
import type { Children } from '../process/children.ts';
import { StartOrder } from '../process/start-order.ts';
import type { ProcessOutputs } from '../process/output.ts';
import { Process, type ProcessHost } from '../process/process.ts';
import type { ProcessState, SupervisorState } from '../process/states.ts';
import type { ProcessStdin } from '../process/stdin.ts';
import { formatNamespec } from '../rpc/namespec.ts';
import type {
  PlanResult,
  ReloadPlanResult,
  RereadResult,
  SupervisorControl,
  UpdateRequest,
  UpdateResult,
} from '../rpc/supervisor-control.ts';
import type { ProcReader } from '../stats/proc-reader.ts';
import { ProcessStatistics } from '../stats/statistics.ts';
import type { Clock } from '../system/clock.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { System } from '../system/system.ts';
import { Chronicle } from './chronicle.ts';
import type { ContainedErrors } from './contained-errors.ts';
import type { Configuration, ReadResult } from './effective-config.ts';
import { Readings } from './readings.ts';
import { Reaper } from './reaper.ts';
import { Updates } from './updates.ts';

/** The part of the activity log that the supervisor uses. */
export interface SupervisorLog {
  /** Absolute path; null when the log is not a file. */
  readonly path: string | null;
  log(level: LogLevel, message: LogMessage): void;
  /** Removes the file and begins a new one. */
  clear(cleared: (outcome: LogClearing) => void): void;
  /** Says so in the log. */
  reopen(): void;
}

export interface SupervisorDeps {
  readonly version: string;
  /** What the daemon was started with. */
  readonly configuration: Configuration;
  /** What the command line says over it. */
  readonly overrides: DaemonOverrides;
  readonly system: System;
  readonly clock: Clock;
  readonly children: Children;
  readonly bus: EventBus;
  readonly serials: EventSerials;
  readonly errors: Pick<ContainedErrors, 'count' | 'report'>;
  readonly activityLog: SupervisorLog;
  /** Tells what processes use. */
  readonly proc: ProcReader;
  readonly journal: Journal;
  /** Environment that children inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `heard` takes what an event listener says. */
  makeOutputs(settings: ProcessSettings, groupName: string, heard: ListenerPools['heard']): ProcessOutputs;
  /** Takes over the writable end of a child's stdin. */
  openStdin(fd: Descriptor): ProcessStdin;
  /** Reads the configuration again, beside what runs. */
  readSettings(): Promise<ReadResult>;
  /** What would keep the daemon from starting with these; null: nothing is known to. */
  restartProblem(next: Settings): Promise<string | null>;
}

/** How a supervisor's life ends. */
export type Ending = 'shutdown' | 'restart';

export class Supervisor implements SupervisorControl {
  readonly version: string;
  readonly pid = process.pid;
  readonly startedAtMs: number;
  readonly statistics: ProcessStatistics;
  readonly #deps: SupervisorDeps;
  readonly #groups: Groups;
  readonly #pools: ListenerPools;
  readonly #sockets: FcgiSockets;
  readonly #ticks: Ticks;
  readonly #host: ProcessHost;
  readonly #chronicle: Chronicle;
  readonly #reaper: Reaper;
  #state: SupervisorState = 'RUNNING';
  readonly #readings: Readings;
  readonly #updates: Updates;
  #stopping = false;
  readonly ended: Promise<Ending>;
  #resolveEnded: (ending: Ending) => void = () => {};

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.version = deps.version;
    this.startedAtMs = deps.clock.wallMs();
    deps.journal.beginLife();
    this.#chronicle = new Chronicle(deps.journal);
    this.#host = this.#makeHost();
    const { bus, serials, clock } = deps;
    this.#reaper = new Reaper({
      ...this.#host,
      pid: this.pid,
    });
    this.#pools = new ListenerPools(this.identifier, {
      bus,
      serials,
      log: (level, message) => this.#log(level, message),
      defer: queueMicrotask,
    });
    this.#sockets = new FcgiSockets(this.#host);
    this.#ticks = new Ticks(bus, clock);
    this.#groups = new Groups({
      makeProcess: (settings, group) => this.#makeProcess(settings, group),
      groupAdded: (group) => {
        // A pool hears of its own group.
        this.#pools.put(group);
        this.#chronicle.groupAdded(group);
        bus.publish(processGroupEvent('ADDED', group.name));
      },
      groupChanged: (group) => {
        this.#pools.put(group);
        this.#chronicle.groupChanged(group);
      },
      groupRemoved: (name) => {
        this.#pools.remove(name);
        this.#sockets.remove(name);
        this.#chronicle.groupRemoved(name);
        bus.publish(processGroupEvent('REMOVED', name));
      },
      mayStart: () => this.#state === 'RUNNING',
      nextTurn: (work) => void setImmediate(work),
    });
    this.#readings = new Readings(() => deps.readSettings());
    this.#updates = new Updates(deps.configuration, deps.overrides, {
      groups: this.#groups,
      clock,
      add: (settings) => {
        const isNew = !this.groups.has(settings.name);
        if (isNew) {
          this.#activate(settings);
        }
        return isNew;
      },
      readings: this.#readings,
      problemOf: (settings) => startProblem(settings, this.#host),
      mayStart: () => this.#state === 'RUNNING',
      log: (level, message) => this.#log(level, message),
    });
    this.statistics = new ProcessStatistics({ clock, proc: deps.proc, running: () => this.#running() });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get state(): SupervisorState {
    return this.#state;
  }

  get containedErrors(): number {
    return this.#deps.errors.count;
  }

  get identifier(): string {
    return this.#deps.configuration.settings.daemon.identifier;
  }

  get activityLogPath(): string | null {
    return this.#deps.activityLog.path;
  }

  get groups(): ReadonlyMap<string, ProcessGroup> {
    return this.#groups.byName;
  }

  get availableGroups(): readonly GroupSettings[] {
    return this.#updates.available;
  }

  /**
   * Makes the groups of the configuration active; nothing is started yet. What is wrong with the sockets that programs
   * are to be given is logged and returned.
   */
  addConfiguredGroups(): readonly string[] {
    return this.#deps.configuration.settings.groups.flatMap((settings) => this.#activate(settings) ?? []);
  }

  *processStates(): Iterable<ProcessState> {
    for (const { state } of this.#groups.processes()) {
      yield state;
    }
  }

  /** Announces that the daemon is up, and starts what starts by itself. `begun` hears when the last start has begun. */
  begin(begun?: () => void): void {
    this.#chronicle.daemon('the daemon has started');
    this.#deps.bus.publish(supervisorStateChangeEvent('RUNNING'));
    this.#groups.autostart(this.#groups.inOrder(), begun);
  }

  /**
   * Resolves once there are children of what starts with the daemon, or it is known why not; after a quarter of a second at the
   * latest.
   */
  firstStarts(): Promise<void> {
    const starting = [...this.#groups.processes()].filter(({ isSpawning }) => isSpawning);
    return new Promise((resolve) => {
      askAll(
        starting.map((process) => (spawned) => process.afterSpawn(() => spawned(null))),
        () => resolve(),
      );
    });
  }

  /** A child may have ended. */
  reap(): void {
    this.#reaper.reap();
  }

  requestShutdown(): void {
    this.#end('SHUTDOWN');
  }

  /**
   * Begins the restart, unless the configuration that it would start with cannot be read or used: then everything keeps
   * running as it is. A shutdown under way is not turned into a restart. Null, or why it was refused.
   */
  requestRestart(): Promise<string | null> {
    return this.#state === 'SHUTDOWN'
      ? Promise.resolve(null)
      : this.#readings.read((read) => this.#restartWith(read));
  }

  rereadConfig(): Promise<RereadResult> {
    return this.#updates.reread();
  }

  planUpdate(request: UpdateRequest): Promise<PlanResult> {
    return this.#updates.plan(request);
  }

  planReload(): Promise<ReloadPlanResult> {
    return this.#updates.planReload();
  }

  update(request: UpdateRequest): Promise<UpdateResult> {
    return this.#updates.run(request);
  }

  describeConfig(secrets: 'shown' | 'masked'): JsonValue {
    return this.#updates.describe(secrets);
  }

  addGroup(name: string): 'added' | 'already' | 'unknown' {
    const settings = this.availableGroups.find((group) => group.name === name);
    if (settings === undefined) {
      return 'unknown';
    }
    if (this.groups.has(name)) {
      return 'already';
    }
    // What is wrong with its socket becomes the spawn error of its processes.
    this.#activate(settings);
    const group = this.groups.get(name);
    this.#groups.autostart(group === undefined ? [] : [group]);
    return 'added';
  }

  removeGroup(name: string): 'removed' | 'running' | 'unknown' {
    return this.#groups.remove(name);
  }

  notify(event: SupervisorEvent): void {
    this.#deps.bus.publish(event);
  }

  clearActivityLog(cleared: (outcome: LogClearing) => void): void {
    this.#deps.activityLog.clear(cleared);
  }

  /** Closes and reopens every log, after somebody moved the files. */
  reopenLogs(): void {
    this.#deps.activityLog.reopen();
    for (const process of this.#groups.processes()) {
      process.reopenLogs();
    }
  }

  /** Lets go of timers, pools and the logs of all processes; only after the end. */
  dispose(): void {
    this.#reaper.flush();
    this.#ticks.close();
    this.#pools.close();
    this.statistics.close();
    for (const group of this.groups.values()) {
      group.dispose();
    }
  }

  async #restartWith(read: ReadResult): Promise<string | null> {
    const problem = read.ok ? await this.#deps.restartProblem(read.settings) : read.message;
    if (this.#state === 'SHUTDOWN') {
      return null;
    }
    if (problem !== null) {
      this.#log(
        'critical',
        withLines(`cannot restart with the configuration as it is now, so nothing was changed: ${problem}`),
      );
      return problem;
    }
    this.#end('RESTARTING');
    return null;
  }

  /** The answer to the request that asked for it is still sent: the stopping begins in a later turn. */
  #end(state: 'SHUTDOWN' | 'RESTARTING'): void {
    this.#state = state;
    this.#chronicle.daemon(state === 'SHUTDOWN' ? 'the daemon shuts down' : 'the daemon restarts');
    if (!this.#stopping) {
      this.#stopping = true;
      setImmediate(() => void this.#stopEverything());
    }
  }

  async #stopEverything(): Promise<void> {
    this.#deps.bus.publish(supervisorStateChangeEvent('STOPPING'));
    try {
      await stopInOrder(this.#groups, {
        clock: this.#deps.clock,
        log: (level, message) => this.#log(level, message),
        beforeStop: (group) => this.#pools.settled(group.name, this.#deps.clock),
      });
    } catch (error) {
      this.#deps.errors.report('the ordered stop', error);
    }
    if (this.#state === 'RESTARTING') {
      // Whoever has asked for another restart meanwhile gets the configuration as it was then.
      await this.#readings.settled();
    }
    this.#resolveEnded(this.#state === 'SHUTDOWN' ? 'shutdown' : 'restart');
  }

  /** Null, or what is wrong with the socket of the group. */
  #activate(settings: GroupSettings): string | null {
    const problem = this.#sockets.check(settings);
    if (problem !== null) {
      this.#log('error', problem);
    }
    this.#groups.add(settings);
    return problem;
  }

  #running(): ReadonlyMap<string, number> {
    return new Map(
      this.#groups
        .processes()
        .filter(({ pid }) => pid !== 0)
        .map(({ groupName, settings, pid }) => [formatNamespec(groupName, settings.name), pid]),
    );
  }

  #makeProcess(settings: ProcessSettings, group: GroupSettings): Process {
    const outputs = this.#deps.makeOutputs(settings, group.name, (...said) => this.#pools.heard(...said));
    const socket = this.#sockets.of(group);
    const host = socket === null ? this.#host : { ...this.#host, socket };
    return new Process(settings, group.name, outputs, host);
  }

  #makeHost(): ProcessHost {
    const { system, clock, children, env, configuration, bus, errors } = this.#deps;
    return {
      system,
      clock,
      children,
      order: new StartOrder(clock),
      reportError: errors.report,
      daemon: { env, serverUrl: configuration.settings.daemon.serverUrl },
      socket: null,
      mayRestart: () => this.#state === 'RUNNING',
      log: (level, message) => this.#log(level, message),
      stateChanged: (process, change) => {
        const source = { processName: process.settings.name, groupName: process.groupName };
        this.#chronicle.stateChanged(process, change);
        bus.publish(processStateEvent(source, change));
      },
      openStdin: (fd) => this.#deps.openStdin(fd),
    };
  }

  #log(level: LogLevel, message: LogMessage): void {
    this.#deps.activityLog.log(level, message);
  }
}
