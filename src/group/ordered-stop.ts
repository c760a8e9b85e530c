/**
 * Stopping everything in order, at shutdown and before a restart: groups one by one, highest priority first, each
 * wholly stopped before the next is asked; what still lives is named in the log every three seconds.
 *
 * Source: B14.13, B15.2.
 */
import type { LogLevel } from '../config/settings.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { ProcessGroup } from './group.ts';
import type { Groups } from './groups.ts';

const reportIntervalMs = 3000;

export interface OrderedStopHost {
  readonly clock: Clock;
  log(level: LogLevel, message: string): void;
  /** Something that a group still has to finish before it is stopped; null: nothing. */
  beforeStop(group: ProcessGroup): Promise<void> | null;
}

/** Resolves once nothing of any group runs any more. */
export async function stopInOrder(groups: Groups, host: OrderedStopHost): Promise<void> {
  const report = new Report(groups, host);
  try {
    for (const group of [...groups.inOrder()].reverse()) {
      const unfinished = host.beforeStop(group);
      if (unfinished !== null) {
        await unfinished;
      }
      await stopGroup(group, report);
    }
  } finally {
    report.stop();
  }
}

function stopGroup(group: ProcessGroup, report: Report): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe: (() => void)[] = [];
    let isChecking = false;
    let mustCheckAgain = false;
    const check = (): void => {
      // Each stop of a thousand is a change itself, and must not be answered from within.
      mustCheckAgain = true;
      if (isChecking) {
        return;
      }
      isChecking = true;
      while (mustCheckAgain) {
        mustCheckAgain = false;
        group.stopForShutdown();
      }
      isChecking = false;
      if (group.unstopped().length === 0) {
        for (const end of unsubscribe.splice(0)) {
          end();
        }
        resolve();
      }
    };
    for (const process of group.processes.values()) {
      unsubscribe.push(process.onStateChange(check));
    }
    check();
    report.begin();
  });
}

/** The repeated line about what is still awaited. */
class Report {
  readonly #groups: Groups;
  readonly #host: OrderedStopHost;
  #timer: Timer | null = null;

  constructor(groups: Groups, host: OrderedStopHost) {
    this.#groups = groups;
    this.#host = host;
  }

  /** Reports at once, and from then on every three seconds; only the first call counts. */
  begin(): void {
    if (this.#timer === null) {
      this.#report();
    }
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #report(): void {
    const names = [...this.#groups.byName.values()]
      .flatMap((group) => group.unstopped())
      .map((process) => process.settings.name);
    if (names.length === 0) {
      return;
    }
    this.#host.log('info', `waiting for ${names.join(', ')} to die`);
    const nextMs = this.#host.clock.monotonicMs() + reportIntervalMs;
    this.#timer = this.#host.clock.schedule(nextMs, () => this.#report());
  }
}
