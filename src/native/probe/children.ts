import type { Binding, NativeChild, NativeSpawnRequest } from '../binding.ts';

/** Every signal has come by now, or something is wrong. */
const deadlineMs = 20_000;

/** More than a probe ever has. */
export const allChildren = 1000;

/** Starts children of a probe and waits for their ends, as a daemon does: SIGCHLD, then `reap`. */
export class Children {
  readonly binding: Binding;
  /** Everything reaped so far, in order. */
  readonly ended: NativeChild[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(binding: Binding) {
    this.binding = binding;
    process.on('SIGCHLD', () => {
      this.ended.push(...binding.reap(allChildren));
      for (const check of this.#waiting) {
        check();
      }
    });
  }

  /** Spawns with everything inherited but what `changes` says; throws on failure. */
  start(changes: Partial<NativeSpawnRequest>): number {
    const result = this.binding.spawn(requestOf(changes));
    if (typeof result !== 'number') {
      throw new Error(`cannot spawn: ${result.stage} ${result.errno}`);
    }
    return result;
  }

  /** Resolves as soon as the condition holds of {@link ended}. */
  async until(isReached: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => {
        reject(new Error(`not reached within ${deadlineMs} ms; ended: ${JSON.stringify(this.ended)}`));
      }, deadlineMs);
      const check = () => {
        if (isReached()) {
          clearTimeout(timeout);
          this.#waiting.delete(check);
          resolve();
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  async endOf(pid: number): Promise<NativeChild> {
    await this.until(() => this.ended.some((child) => child.pid === pid));
    const child = this.ended.find((ended) => ended.pid === pid);
    if (child === undefined) {
      throw new Error(`no end of ${pid}`);
    }
    return child;
  }
}

/** A request for `/bin/true` with everything inherited, changed as wanted. */
export function requestOf(changes: Partial<NativeSpawnRequest>): NativeSpawnRequest {
  return {
    file: '/bin/true',
    argv: ['true'],
    env: [],
    stdio: [0, 1, 2],
    cwd: null,
    umask: null,
    identity: null,
    newSession: false,
    ignoreSignals: [],
    nofile: null,
    limitMs: 10_000,
    ...changes,
  };
}
