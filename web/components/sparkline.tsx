import { sparklinePath } from '../model/sparkline.ts';
import { usageCapacity } from '../state/processes.ts';

const width = 64;
const height = 18;
/** Until there are more values, the line grows from the right. */
const leastCapacity = 15;

interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** What the top edge stands for at least. */
  readonly max: number;
  readonly kind: 'cpu' | 'memory';
}

/** The last two minutes of a figure. The figure itself stands beside it, so it is not read out. */
export function Sparkline({ values, max, kind }: SparklineProps) {
  return (
    <svg class={`sparkline sparkline-${kind}`} viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden="true">
      <path
        d={sparklinePath(values, {
          width,
          height,
          capacity: Math.min(usageCapacity, Math.max(leastCapacity, values.length)),
          max,
        })}
      />
    </svg>
  );
}
