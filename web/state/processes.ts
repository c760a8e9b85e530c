/**
 * What is known of every process: a signal each, so that a change of one renders one row.
 */
import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ProcessView, StateName, StatisticsTick } from '../stream/wire.ts';

/** Samples a sparkline shows: two minutes of one every two seconds. */
export const usageCapacity = 60;

export interface Usage {
  /** Oldest first; null where the process did not run. */
  readonly cpu: readonly (number | null)[];
  readonly memory: readonly (number | null)[];
}

export interface ProcessModel {
  readonly name: string;
  readonly view: Signal<ProcessView>;
  readonly usage: Signal<Usage>;
}

const models = new Map<string, ProcessModel>();
const members = signal<readonly string[]>([]);
const changes = signal(0);

/** Names of all processes, in the daemon's order. */
export const processNames: ReadonlySignal<readonly string[]> = members;
/** Moves whenever anything but a statistic changes. */
export const processChanges: ReadonlySignal<number> = changes;
export const isLoaded = signal(false);

export function processModel(name: string): ProcessModel | undefined {
  return models.get(name);
}

/** The present views, figures included; reading them subscribes to nothing but what `processChanges` tells. */
export function currentViews(): readonly ProcessView[] {
  return members.value.flatMap((name) => {
    const model = models.get(name);
    if (model === undefined) {
      return [];
    }
    const usage = model.usage.peek();
    return [
      {
        ...model.view.peek(),
        cpuPercent: usage.cpu.at(-1) ?? null,
        memoryBytes: usage.memory.at(-1) ?? null,
      },
    ];
  });
}

export const stateCounts = computed<ReadonlyMap<StateName, number>>(() => {
  void changes.value;
  const counts = new Map<StateName, number>();
  for (const name of members.value) {
    const state = models.get(name)?.view.peek().state;
    if (state !== undefined) {
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
  }
  return counts;
});

/** Takes the whole list: rows that stay keep their signals. */
export function replaceProcesses(views: readonly ProcessView[]): void {
  batch(() => {
    const names = new Set(views.map(({ name }) => name));
    for (const name of models.keys()) {
      if (!names.has(name)) {
        models.delete(name);
      }
    }
    for (const view of views) {
      putView(view);
    }
    members.value = [...names];
    changes.value += 1;
    isLoaded.value = true;
  });
}

export function putProcess(view: ProcessView): void {
  batch(() => {
    if (putView(view)) {
      members.value = [...members.value, view.name];
    }
    changes.value += 1;
  });
}

export function removeProcess(name: string): void {
  batch(() => {
    if (models.delete(name)) {
      members.value = members.value.filter((member) => member !== name);
      changes.value += 1;
    }
  });
}

export function addStatistics({ values }: StatisticsTick): void {
  batch(() => {
    for (const model of models.values()) {
      const [cpu = null, memory = null] = values[model.name] ?? [];
      const usage = model.usage.peek();
      const isIdle = cpu === null && usage.cpu.every((value) => value === null);
      if (!isIdle) {
        model.usage.value = { cpu: pushed(usage.cpu, cpu), memory: pushed(usage.memory, memory) };
      }
    }
  });
}

function pushed(values: readonly (number | null)[], value: number | null): readonly (number | null)[] {
  return [...values.slice(1 - usageCapacity), value];
}

/** True when it is a new one. */
function putView(view: ProcessView): boolean {
  const model = models.get(view.name);
  if (model !== undefined) {
    model.view.value = view;
    return false;
  }
  const { cpuPercent, memoryBytes } = view;
  models.set(view.name, {
    name: view.name,
    view: signal(view),
    usage: signal(
      cpuPercent === null && memoryBytes === null
        ? { cpu: [], memory: [] }
        : { cpu: [cpuPercent], memory: [memoryBytes] },
    ),
  });
  return true;
}
