/** Which process each living child belongs to, and the collecting of those that have ended. */
import type { LogLevel } from '../config/settings.ts';
import type { ExitStatus, System } from '../system/system.ts';
import { describeExit } from './exit-status.ts';

/** Somebody who wants to know how a child of his ended. */
export interface ChildOwner {
  ended(status: ExitStatus): void;
}

export class Children {
  readonly #owners = new Map<number, ChildOwner>();

  /** Registers a child in the same turn of the event loop in which it was spawned, so its end cannot be missed. */
  add(pid: number, owner: ChildOwner): void {
    this.#owners.set(pid, owner);
  }

  /**
   * Collects every child that has ended and tells its owner. Children of nobody (orphans that this process was
   * given, as PID 1 or as a subreaper) are only reported in the log.
   */
  reap(system: System, log: (level: LogLevel, message: string) => void): void {
    for (const { pid, status } of system.reap()) {
      const owner = this.#owners.get(pid);
      if (owner === undefined) {
        log('info', `reaped unknown pid ${pid} (${describeExit(status)})`);
      } else {
        this.#owners.delete(pid);
        owner.ended(status);
      }
    }
  }
}
