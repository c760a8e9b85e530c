import { signal as makeSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { apiUrl, getJson } from '../stream/api.ts';
import type { Sample } from '../stream/wire.ts';
import { nowMs } from '../state/clock.ts';
import { theme } from '../state/preferences.ts';
import { processModel } from '../state/processes.ts';
import type { UsageChart } from './usage-chart.ts';

interface ChartsProps {
  readonly name: string;
}

/** A day of samples every two seconds is more than a chart shows. */
const mostSamples = 4000;

/** Processor and memory over time. The chart library is loaded when it is first needed. */
export function Charts({ name }: ChartsProps) {
  const cpu = useRef<HTMLDivElement>(null);
  const memory = useRef<HTMLDivElement>(null);
  const points = useMemo(() => ({ cpu: makeSignal(''), memory: makeSignal('') }), []);
  useEffect(() => {
    const abort = new AbortController();
    void showCharts(name, [cpu.current, memory.current], points, abort.signal);
    return () => abort.abort();
  }, [name, theme.value]);
  return (
    <div class="charts">
      <figure>
        <figcaption>
          CPU <span class="number">{points.cpu}</span>
        </figcaption>
        <div ref={cpu} class="chart" />
      </figure>
      <figure>
        <figcaption>
          Memory <span class="number">{points.memory}</span>
        </figcaption>
        <div ref={memory} class="chart" />
      </figure>
    </div>
  );
}

const noUsage = makeSignal(null);

async function showCharts(
  name: string,
  [cpuPlace, memoryPlace]: readonly [HTMLElement | null, HTMLElement | null],
  points: { readonly cpu: Signal<string>; readonly memory: Signal<string> },
  signal: AbortSignal,
): Promise<void> {
  const { makeUsageChart } = await import('./usage-chart.ts');
  const samples = [...(await readSamples(name))];
  if (signal.aborted || cpuPlace === null || memoryPlace === null) {
    return;
  }
  const charts: readonly UsageChart[] = [
    makeUsageChart(cpuPlace, 'cpu', (text) => {
      points.cpu.value = text ?? '';
    }),
    makeUsageChart(memoryPlace, 'memory', (text) => {
      points.memory.value = text ?? '';
    }),
  ];
  const draw = () => {
    const [cpuChart, memoryChart] = charts;
    cpuChart?.show(samples.map(([atMs, cpu]) => [atMs, cpu] as const));
    memoryChart?.show(samples.map(([atMs, , memory]) => [atMs, memory] as const));
  };
  draw();
  let isFirst = true;
  const unsubscribe = (processModel(name)?.usage ?? noUsage).subscribe((usage) => {
    if (!isFirst && usage !== null) {
      samples.push([nowMs.peek(), usage.cpu.at(-1) ?? null, usage.memory.at(-1) ?? null]);
      samples.splice(0, samples.length - mostSamples);
      draw();
    }
    isFirst = false;
  });
  signal.addEventListener('abort', () => {
    unsubscribe();
    for (const chart of charts) {
      chart.destroy();
    }
  });
}

async function readSamples(name: string): Promise<readonly Sample[]> {
  try {
    const path = ['processes', name, 'statistics'];
    return (await getJson<{ readonly samples: readonly Sample[] }>(apiUrl(path))).samples;
  } catch {
    // The chart begins now.
    return [];
  }
}
