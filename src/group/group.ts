/**
 * A process group: what a `[group:x]`, a `[program:x]` or an `[eventlistener:x]` section becomes while it is active.
 */
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import type { Process } from '../process/process.ts';
import { stoppedStates } from '../process/states.ts';

export class ProcessGroup {
  #settings: GroupSettings;
  #processes: ReadonlyMap<string, Process>;

  /** `makeProcess` is called once for each process of the settings. */
  constructor(
    settings: GroupSettings,
    makeProcess: (settings: ProcessSettings, group: GroupSettings) => Process,
  ) {
    this.#settings = settings;
    this.#processes = new Map(
      settings.processes.map((process) => [process.name, makeProcess(process, settings)]),
    );
  }

  get name(): string {
    return this.#settings.name;
  }

  get settings(): GroupSettings {
    return this.#settings;
  }

  /** By process name, in the order of the settings: ascending priority. */
  get processes(): ReadonlyMap<string, Process> {
    return this.#processes;
  }

  /**
   * Goes on with these processes under other settings of the same name and kind. The processes come in the order of the
   * settings, then those that are not in them; the group's own settings tell what each process really has.
   */
  adopt(settings: GroupSettings, processes: readonly Process[]): void {
    const byName = new Map(processes.map((process) => [process.settings.name, process]));
    const wanted = settings.processes.flatMap(({ name }) => byName.get(name) ?? []);
    const members = [...new Set([...wanted, ...processes])];
    this.#processes = new Map(members.map((process) => [process.settings.name, process]));
    const isExact =
      members.length === settings.processes.length &&
      members.every((process, index) => process.settings === settings.processes[index]);
    this.#settings = isExact
      ? settings
      : { ...settings, processes: members.map((process) => process.settings) };
  }

  /** Processes that are not in a stopped state. */
  unstopped(): readonly Process[] {
    return [...this.processes.values()].filter((process) => !stoppedStates.has(process.state));
  }

  /** Whether any process has a child, also one that a signal could not reach. */
  get hasChildren(): boolean {
    return [...this.processes.values()].some((process) => process.pid !== 0);
  }

  /**
   * Asks everything that is not stopped to stop, highest priority first, without waiting in between; what waits
   * for another attempt is given up. To be called again after every change, since a process may have been on its way
   * to another state.
   * Source: observed, B14.9 and B15.2.
   */
  stopForShutdown(): void {
    for (const process of [...this.unstopped()].reverse()) {
      if (!process.isStopping) {
        process.stop(null, 'shutdown');
      }
    }
  }

  /** Only for a group of which nothing runs. */
  dispose(): void {
    for (const process of this.processes.values()) {
      process.dispose();
    }
  }
}

/**
 * The order in which groups are started, and against which they are stopped.
 * Source: B15.1: ascending priority, ties by name.
 */
export function compareGroups(a: GroupSettings, b: GroupSettings): number {
  return a.priority - b.priority || compareNames(a.name, b.name);
}

/** By code point, as the original sorts names, whatever the locale. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
