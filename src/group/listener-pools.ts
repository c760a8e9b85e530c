/** The pools of the active `[eventlistener:x]` groups, and how their processes reach them. */
import { ListenerPool, type PoolHost, type PoolListener } from '../events/pool.ts';
import { judgeOf } from '../events/result-handlers.ts';
import { eventTypeNamed } from '../events/types.ts';
import { withLines } from '../logging/log-text.ts';
import type { Clock } from '../system/clock.ts';
import type { Process } from '../process/process.ts';
import type { ProcessGroup } from './group.ts';

/** How long the end of the daemon waits for listeners that still have events to work on. */
const patienceMs = 1000;

interface ActivePool {
  readonly pool: ListenerPool;
  /** End the watching of its processes. */
  readonly unwatch: readonly (() => void)[];
}

export class ListenerPools {
  readonly #server: string;
  readonly #host: PoolHost;
  readonly #pools = new Map<string, ActivePool>();

  /** `server`: the daemon's identifier. */
  constructor(server: string, host: PoolHost) {
    this.#server = server;
    this.#host = host;
  }

  /**
   * Makes a pool of a group of listeners, which subscribes from now on, or has it go on as the group is now; other groups are
   * none of its business.
   */
  put({ settings, processes }: ProcessGroup): void {
    if (settings.kind !== 'eventlistener') {
      return;
    }
    const { name, bufferSize, resultHandler, lengthInBytes } = settings;
    const events = settings.events.map(eventTypeNamed);
    const judge = judgeOf(resultHandler, (message) =>
      this.#host.log('error', withLines(`pool ${name}: ${message}`)),
    );
    const options = { name, server: this.#server, bufferSize, judge, events, lengthInBytes };
    const members = [...processes.values()];
    const listeners = members.map(asListener);
    const active = this.#pools.get(name);
    const pool = active?.pool ?? new ListenerPool(options, listeners, this.#host);
    if (active !== undefined) {
      active.pool.configure(options, listeners);
      endAll(active.unwatch);
    }
    this.#pools.set(name, { pool, unwatch: members.map((process) => watch(process, pool)) });
  }

  /** Gives up what waits for the listeners of a group. */
  remove(groupName: string): void {
    const active = this.#pools.get(groupName);
    this.#pools.delete(groupName);
    active?.pool.close();
    endAll(active?.unwatch ?? []);
  }

  /** Takes what a listener has written to its stdout; `data` is valid during the call only. */
  heard(groupName: string, processName: string, data: Uint8Array): void {
    this.#pools.get(groupName)?.pool.heard(processName, data);
  }

  /**
   * Before the listeners of a group are stopped for the end of the daemon: resolves when they have been told of all that
   * happened until then, or after a second. Null: there is nothing to wait for.
   */
  settled(groupName: string, clock: Clock): Promise<void> | null {
    const pool = this.#pools.get(groupName)?.pool;
    if (pool === undefined) {
      return null;
    }
    return new Promise((resolve) => {
      const timer = clock.schedule(clock.monotonicMs() + patienceMs, resolve);
      pool.whenQuiet(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  close(): void {
    for (const name of Array.from(this.#pools.keys())) {
      this.remove(name);
    }
  }
}

function endAll(ends: readonly (() => void)[]): void {
  for (const end of ends) {
    end();
  }
}

function asListener(process: Process): PoolListener {
  return {
    name: process.settings.name,
    isRunning: () => process.state === 'RUNNING',
    write: (bytes) => process.writeStdin(bytes),
  };
}

function watch(process: Process, pool: ListenerPool): () => void {
  const { name } = process.settings;
  return process.onStateChange((state) => {
    if (state === 'STARTING') {
      pool.started(name);
    } else if (state === 'RUNNING') {
      pool.running();
    } else if (process.pid === 0) {
      pool.ended(name);
    }
  });
}
