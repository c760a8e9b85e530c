/** Charts over time with uPlot, in the colours of the page. Loaded on demand: keep what needs it behind this file. */
import UPlot from 'uplot';
import { formatBytes, formatPercent, formatTime } from '../model/format.ts';

export interface UsageChart {
  /** Time in ms and value; null where there is none. */
  show(points: readonly (readonly [atMs: number, value: number | null])[]): void;
  destroy(): void;
}

const heightPx = 140;

/** `onPoint` hears what the pointer is over, in words; null: nothing. */
export function makeUsageChart(
  place: HTMLElement,
  kind: 'cpu' | 'memory',
  onPoint: (text: string | null) => void,
): UsageChart {
  const format = kind === 'cpu' ? formatPercent : formatBytes;
  const colour = (name: string) => () => resolvedColour(place, name);
  const axis = {
    stroke: colour('--text-quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const least = kind === 'cpu' ? 1 : 1024 * 1024;
  const plot = new UPlot(
    {
      width: Math.max(1, place.clientWidth),
      height: heightPx,
      ms: 1,
      cursor: { y: false },
      legend: { show: false },
      hooks: {
        setCursor: [
          ({ cursor, data }) => {
            const index = cursor.idx;
            const atMs = typeof index === 'number' ? data[0][index] : undefined;
            const value = typeof index === 'number' ? data[1]?.[index] : undefined;
            onPoint(
              atMs === undefined || value === undefined || value === null
                ? null
                : `${format(value)} at ${formatTime(atMs)}`,
            );
          },
        ],
      },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(least, (max ?? 0) * 1.1)] } },
      axes: [
        {
          ...axis,
          size: 28,
          space: 60,
          values: (_, splits, __, ___, stepMs) => splits.map((atMs) => formatTick(atMs, stepMs)),
        },
        {
          ...axis,
          size: 62,
          space: 30,
          incrs: kind === 'cpu' ? [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] : byteSteps(),
          values: (_, splits) => splits.map(format),
        },
      ],
      series: [
        {},
        {
          stroke: colour(`--${kind}`),
          fill: colour(`--${kind}-fill`),
          width: 1.5,
          points: { show: false },
        },
      ],
    },
    [[], []],
    place,
  );
  const resizer = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(1, place.clientWidth), height: heightPx });
  });
  resizer.observe(place);
  return {
    show: (points) => {
      plot.setData([points.map(([atMs]) => atMs), points.map(([, value]) => value)]);
    },
    destroy: () => {
      resizer.disconnect();
      plot.destroy();
    },
  };
}

/** Seconds only where they tell ticks apart. */
function formatTick(atMs: number, stepMs: number): string {
  const time = formatTime(atMs);
  return stepMs < 60_000 ? time : time.slice(0, 5);
}

/** A canvas does not know the page's variables, nor `light-dark()`: the browser says what they are here and now. */
function resolvedColour(place: HTMLElement, name: string): string {
  place.style.color = `var(${name})`;
  return getComputedStyle(place).color;
}

/** Steps of an axis of bytes: powers of two, so that its labels are round. */
function byteSteps(): number[] {
  return Array.from({ length: 34 }, (_, index) => 2 ** (index + 10));
}
