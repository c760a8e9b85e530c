/** Which process each living child belongs to, and the collecting of those that have ended. */
import type { Clock } from '../system/clock.ts';
import type { ExitStatus, ReapedChild, System } from '../system/system.ts';
import { describeExit } from './exit-status.ts';

/** Somebody who wants to know how a child of his ended. */
export interface ChildOwner {
  ended(status: ExitStatus): void;
}

export interface ReapHost {
  readonly system: Pick<System, 'reap'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Takes a line about the end of a child of nobody. There may be thousands. */
  orphanEnded(line: string): void;
  /** Takes what an owner threw, which harms no other. */
  reportError(where: string, error: unknown): void;
}

/**
 * Milliseconds of collecting after which others get their turn. The end of a child may lead to the start of
 * another, which takes about one, and that one may end at once.
 */
const sliceMs = 10;

export class Children {
  readonly #owners = new Map<number, ChildOwner>();

  /** Registers a child in the same turn of the event loop in which it was spawned, so its end cannot be missed. */
  add(pid: number, owner: ChildOwner): void {
    this.#owners.set(pid, owner);
  }

  /**
   * Collects children that have ended and tells their owners, until none is left or the slice is over: `more`. Children
   * of nobody (orphans that this process was given, as PID 1 or as a subreaper) are only reported in the log.
   */
  reap(host: ReapHost): 'done' | 'more' {
    const { system, clock } = host;
    const endMs = clock.monotonicMs() + sliceMs;
    for (let [child] = system.reap(1); child !== undefined; [child] = system.reap(1)) {
      this.#ended(child, host);
      if (clock.monotonicMs() >= endMs) {
        return 'more';
      }
    }
    return 'done';
  }

  #ended({ pid, status }: ReapedChild, host: ReapHost): void {
    const owner = this.#owners.get(pid);
    if (owner === undefined) {
      host.orphanEnded(`reaped unknown pid ${pid} (${describeExit(status)})`);
      return;
    }
    this.#owners.delete(pid);
    try {
      owner.ended(status);
    } catch (error) {
      host.reportError(`the end of pid ${pid}`, error);
    }
  }
}
