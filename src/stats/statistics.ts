/**
 * Processor time and memory of supervised processes, each together with everything that belongs to it.
 *
 * Nothing is measured unless somebody asks or subscribes. A measurement reads a few processes at a time and lets
 * others have their turn in between, so a thousand programs hold nobody up.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../system/clock.ts';
import { pause } from '../system/pause.ts';
import { sumTrees, type TreeUsage } from './process-trees.ts';
import type { ProcReader } from './proc-reader.ts';
import { type Sample, SampleHistory } from './sample-history.ts';
import type { ProcessUsage } from './stat-line.ts';

/** Values by name of the process, of those that run. */
export interface Measurement {
  /** Wall-clock milliseconds. */
  readonly atMs: number;
  readonly values: ReadonlyMap<string, Sample>;
}

export interface StatisticsHost {
  readonly clock: Clock;
  readonly proc: ProcReader;
  /** Names and pids of what runs. */
  running(): ReadonlyMap<string, number>;
}

/** While somebody subscribes. */
const intervalMs = 2000;
/** How old a measurement may be that is answered once more. */
const freshMs = 1000;
/** Farther apart than this, two measurements say nothing about the present. */
const staleMs = 30_000;
/** Milliseconds of reading after which others get their turn. */
const sliceMs = 4;

interface Baseline {
  readonly pid: number;
  readonly cpuMs: number;
  /** Monotonic. */
  readonly atMs: number;
}

export class ProcessStatistics {
  readonly #host: StatisticsHost;
  readonly #listeners = new Set<(measurement: Measurement) => void>();
  readonly #histories = new Map<string, SampleHistory>();
  #baselines: ReadonlyMap<string, Baseline> = new Map();
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | null = null;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(host: StatisticsHost) {
    this.#host = host;
  }

  /**
   * Resolves when there is a measurement not older than a second. With `overMs`, when processor time was measured over
   * at least so long, for those who ask once; rejects with the reason of `signal`.
   */
  async refresh(overMs = 0, signal?: AbortSignal): Promise<void> {
    const { clock } = this.#host;
    const age = clock.monotonicMs() - this.#measuredAtMs;
    if (age > (overMs > 0 ? staleMs : freshMs)) {
      await this.#measure();
    }
    if (overMs > 0) {
      await pause(this.#host.clock, overMs, signal);
      signal?.throwIfAborted();
      await this.#measure();
    }
  }

  /** What was measured last of a process with this pid; null when nothing recent is known. */
  latest(name: string, pid: number): Sample | null {
    const isRecent = this.#host.clock.monotonicMs() - this.#measuredAtMs <= staleMs;
    const isSame = this.#baselines.get(name)?.pid === pid;
    return isRecent && isSame ? (this.#histories.get(name)?.latest ?? null) : null;
  }

  /** Of the last hour, oldest first, as far as anybody asked for measurements. */
  samples(name: string): readonly Sample[] {
    return this.#histories.get(name)?.samples ?? [];
  }

  /** Measures every two seconds and calls `listener`, until the returned function is called. */
  subscribe(listener: (measurement: Measurement) => void): () => void {
    // A function of its own, so that one that subscribes twice is called twice.
    const own = (measurement: Measurement): void => listener(measurement);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) {
      void this.#measure().then(() => this.#arm());
    }
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) {
        this.#timer?.cancel();
        this.#timer = null;
      }
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(): void {
    const { clock } = this.#host;
    if (this.#timer === null && this.#listeners.size > 0 && !this.#isClosed) {
      this.#timer = clock.schedule(this.#measuredAtMs + intervalMs, () => {
        this.#timer = null;
        void this.#measure().then(() => this.#arm());
      });
    }
  }

  /** One at a time: who comes while one is under way waits for it. */
  #measure(): Promise<void> {
    this.#measuring ??= this.#measureNow().finally(() => {
      this.#measuring = null;
    });
    return this.#measuring;
  }

  async #measureNow(): Promise<void> {
    const { clock } = this.#host;
    const names = this.#host.running();
    const processes = await this.#readAll();
    const nowMs = clock.monotonicMs();
    const trees = sumTrees(processes, new Set(names.values()));
    this.#keep(names, trees, nowMs);
    this.#measuredAtMs = nowMs;
  }

  async #readAll(): Promise<ReadonlyMap<number, ProcessUsage>> {
    const { clock, proc } = this.#host;
    const processes = new Map<number, ProcessUsage>();
    let sliceEndMs = clock.monotonicMs() + sliceMs;
    for (const pid of proc.pids()) {
      if (clock.monotonicMs() > sliceEndMs) {
        await nextTurn();
        sliceEndMs = clock.monotonicMs() + sliceMs;
      }
      const usage = proc.usage(pid);
      if (usage !== null) {
        processes.set(pid, usage);
      }
    }
    return processes;
  }

  #keep(names: ReadonlyMap<string, number>, trees: ReadonlyMap<number, TreeUsage>, nowMs: number): void {
    const atMs = this.#host.clock.wallMs();
    const baselines = new Map<string, Baseline>();
    const values = new Map<string, Sample>();
    for (const [name, pid] of names) {
      const tree = trees.get(pid);
      if (tree !== undefined) {
        baselines.set(name, { pid, cpuMs: tree.cpuMs, atMs: nowMs });
        const sample = [atMs, this.#cpuPercent(name, pid, tree, nowMs), tree.memoryBytes] as const;
        values.set(name, sample);
        const history = this.#histories.get(name) ?? new SampleHistory();
        history.add(sample);
        this.#histories.set(name, history);
      }
    }
    for (const [name, history] of this.#histories) {
      const [lastMs] = history.latest ?? [0];
      if (!values.has(name) && lastMs < atMs - forgetMs) {
        this.#histories.delete(name);
      }
    }
    this.#baselines = baselines;
    for (const listener of Array.from(this.#listeners)) {
      listener({ atMs, values });
    }
  }

  /** Of one processor; null at the first look at a process. Time of members that ended unseen is not counted. */
  #cpuPercent(name: string, pid: number, { cpuMs }: TreeUsage, nowMs: number): number | null {
    const before = this.#baselines.get(name);
    if (before?.pid !== pid || nowMs - before.atMs > staleMs || nowMs <= before.atMs) {
      return null;
    }
    const percent = (100 * Math.max(0, cpuMs - before.cpuMs)) / (nowMs - before.atMs);
    return Math.round(percent * 10) / 10;
  }
}

/** Histories of what has not run for so long are dropped. */
const forgetMs = 60 * 60_000;
