/** States over time as pieces of a strip. */
import type { StateChange, StateName } from '../stream/wire.ts';

export interface StateSegment {
  readonly state: StateName;
  readonly fromMs: number;
  /** Thousandths of the strip. */
  readonly x: number;
  readonly width: number;
  /** It ended as it should not have. */
  readonly isBad: boolean;
}

/** A crash of a moment must be seen. */
const leastWidth = 3;

/** `changes` oldest first; the strip reaches from the first of them to now. */
export function stateSegments(changes: readonly StateChange[], nowMs: number): readonly StateSegment[] {
  const [first] = changes;
  if (first === undefined) {
    return [];
  }
  const span = Math.max(1, nowMs - first.atMs);
  return changes.map((change, index) => {
    const endMs = changes[index + 1]?.atMs ?? nowMs;
    const x = ((change.atMs - first.atMs) / span) * 1000;
    return {
      state: change.to,
      fromMs: change.atMs,
      x: Math.min(x, 1000 - leastWidth),
      width: Math.max(leastWidth, ((endMs - change.atMs) / span) * 1000),
      isBad: change.exit?.expected === false,
    };
  });
}
