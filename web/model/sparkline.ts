/** The path of a sparkline: a short history of one figure, drawn into a small box. */

/**
 * `d` of an SVG path through the values, newest at the right edge, scaled from 0 to `max` (or the largest value, if
 * that is more). Gaps (null) are left out. Empty without two values to join.
 */
export function sparklinePath(
  values: readonly (number | null)[],
  { width, height, capacity, max }: SparklineBox,
): string {
  const top = Math.max(max, ...values.map((value) => value ?? 0));
  const step = width / Math.max(1, capacity - 1);
  const left = width - step * (values.length - 1);
  let path = '';
  let isDown = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isDown = false;
      continue;
    }
    const x = round(left + index * step);
    const y = round(height - (value / top) * height);
    path += `${isDown ? 'L' : 'M'}${x} ${y}`;
    isDown = true;
  }
  return path.includes('L') ? path : '';
}

export interface SparklineBox {
  readonly width: number;
  readonly height: number;
  /** How many values fill the width. */
  readonly capacity: number;
  /** The least value that the top edge stands for, so that noise near zero stays flat. */
  readonly max: number;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
