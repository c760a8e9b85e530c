/** The active groups of the daemon: which there are, adding and removing them, and starting what starts by itself. */
import type { GroupSettings, ProcessSettings } from '../config/settings.ts';
import type { Process } from '../process/process.ts';
import { compareGroups, ProcessGroup } from './group.ts';

export interface GroupsHost {
  makeProcess(settings: ProcessSettings, group: GroupSettings): Process;
  groupAdded(group: ProcessGroup): void;
  /** An active group has other settings or other members; new members have not been started yet. */
  groupChanged(group: ProcessGroup): void;
  groupRemoved(name: string): void;
  /** False once the daemon shuts down or restarts. */
  mayStart(): boolean;
  /** Calls `work` in a later turn of the event loop, after what has come in meanwhile. */
  nextTurn(work: () => void): void;
}

/** Processes started in one turn of the event loop; a spawn takes about a millisecond. */
const startsPerTurn = 10;

export class Groups {
  readonly #groups = new Map<string, ProcessGroup>();
  readonly #host: GroupsHost;
  /** Groups whose change has still to be told. */
  readonly #changed = new Set<ProcessGroup>();

  constructor(host: GroupsHost) {
    this.#host = host;
  }

  /** Active groups by name, in the order in which they were added. */
  get byName(): ReadonlyMap<string, ProcessGroup> {
    return this.#groups;
  }

  /** In start order. */
  inOrder(): readonly ProcessGroup[] {
    return [...this.#groups.values()].sort((a, b) => compareGroups(a.settings, b.settings));
  }

  /** Every process, group by group in the order in which the groups were added. */
  processes(): readonly Process[] {
    return [...this.#groups.values()].flatMap((group) => [...group.processes.values()]);
  }

  /** Makes a group active; false when one of that name is. Nothing is started yet. */
  add(settings: GroupSettings): boolean {
    if (this.#groups.has(settings.name)) {
      return false;
    }
    const group = new ProcessGroup(settings, (process) => this.#host.makeProcess(process, settings));
    this.#groups.set(settings.name, group);
    this.#host.groupAdded(group);
    return true;
  }

  /** Makes a group of which nothing runs inactive. */
  remove(name: string): 'removed' | 'running' | 'unknown' {
    const group = this.#groups.get(name);
    if (group === undefined) {
      return 'unknown';
    }
    if (group.unstopped().length > 0 || group.hasChildren) {
      return 'running';
    }
    group.dispose();
    this.#groups.delete(name);
    this.#host.groupRemoved(name);
    return 'removed';
  }

  /** Takes processes into an active group; they are not started yet. Its settings are the caller's to adopt. */
  addMembers(group: ProcessGroup, settings: readonly ProcessSettings[]): readonly Process[] {
    const added = settings.map((process) => this.#host.makeProcess(process, group.settings));
    group.adopt(group.settings, [...group.processes.values(), ...added]);
    this.#host.groupChanged(group);
    return added;
  }

  /** Takes a process without a child out of an active group. */
  removeMember(group: ProcessGroup, process: Process): void {
    process.dispose();
    group.adopt(
      group.settings,
      [...group.processes.values()].filter((member) => member !== process),
    );
    this.#tellSoon(group);
  }

  /** An active group goes on under other settings, as far as its processes have them; see {@link ProcessGroup.adopt}. */
  adopt(group: ProcessGroup, settings: GroupSettings): void {
    group.adopt(settings, [...group.processes.values()]);
    this.#tellSoon(group);
  }

  /** Once for all that happens to a group in this turn: a thousand of its processes may end in a row. */
  #tellSoon(group: ProcessGroup): void {
    if (this.#changed.has(group)) {
      return;
    }
    this.#changed.add(group);
    this.#host.nextTurn(() => {
      this.#changed.delete(group);
      if (this.#groups.get(group.name) === group) {
        this.#host.groupChanged(group);
      }
    });
  }

  /**
   * Starts every `autostart` process that has never been started, a few a turn, so that a thousand of them do not
   * keep a client waiting. `begun` hears when the last of them was.
   */
  autostart(groups: readonly ProcessGroup[] = this.inOrder(), begun?: () => void): void {
    this.startNew(
      groups.flatMap((group) => [...group.processes.values()]),
      begun,
    );
  }

  /** The same of these processes. */
  startNew(processes: readonly Process[], begun: () => void = () => undefined): void {
    this.#startSome(
      processes.filter((process) => process.settings.autostart),
      begun,
    );
  }

  #startSome(waiting: readonly Process[], begun: () => void): void {
    if (!this.#host.mayStart()) {
      return;
    }
    for (const process of waiting.slice(0, startsPerTurn)) {
      // Somebody may have started it, or removed its group, while it waited its turn.
      const active = this.#groups.get(process.groupName)?.processes.get(process.settings.name) === process;
      if (active && process.state === 'STOPPED' && process.startedAtMs === 0) {
        process.start();
      }
    }
    const rest = waiting.slice(startsPerTurn);
    if (rest.length > 0) {
      this.#host.nextTurn(() => this.#startSome(rest, begun));
    } else {
      begun();
    }
  }
}
