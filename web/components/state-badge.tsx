import { toneOf } from '../model/states.ts';
import type { StateName } from '../stream/wire.ts';

/** A shape of its own for each state: colour is not the only difference. */
const shapes: Readonly<Record<StateName, string>> = {
  RUNNING: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10',
  STARTING: 'M8 3v10A5 5 0 1 1 8 3',
  STOPPING: 'M8 3a5 5 0 1 1 0 10z',
  STOPPED: 'M4 4h8v8H4zM6 6v4h4V6z',
  EXITED: 'M8 2.5 13.5 8 8 13.5 2.5 8zM8 5.4 5.4 8 8 10.6 10.6 8z',
  BACKOFF: 'M8 2.5 14 13H2z',
  FATAL: 'M3.5 5.3 5.3 3.5 8 6.2l2.7-2.7 1.8 1.8L9.8 8l2.7 2.7-1.8 1.8L8 9.8l-2.7 2.7-1.8-1.8L6.2 8z',
  UNKNOWN: 'M7 10h2v1.8H7zM4.8 6.2a3.2 3.2 0 1 1 4.2 3V9.4H7V7.9c1.5-.2 2.2-.8 2.2-1.7A1.2 1.2 0 0 0 6.8 6z',
};

interface StateBadgeProps {
  readonly state: StateName;
  /** Whether it ended as it should have. */
  readonly isExpected?: boolean;
}

export function StateBadge({ state, isExpected = true }: StateBadgeProps) {
  return (
    <span class={`state tone-${toneOf(state, isExpected)}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path fill-rule="evenodd" d={shapes[state]} />
      </svg>
      {state}
    </span>
  );
}
