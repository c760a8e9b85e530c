import { statesBySeverity } from '../model/states.ts';
import { filterStates, toggleStateFilter } from '../state/listing.ts';
import { stateCounts } from '../state/processes.ts';
import { StateBadge } from './state-badge.tsx';

/** How many processes are in each state; a press shows only those. */
export function StateCounts() {
  const counts = stateCounts.value;
  const chosen = filterStates.value;
  return (
    <div class="state-counts" role="group" aria-label="Show only processes in these states">
      {statesBySeverity
        .filter((state) => (counts.get(state) ?? 0) > 0 || chosen.has(state))
        .map((state) => (
          <button
            key={state}
            type="button"
            class="chip"
            aria-pressed={chosen.has(state)}
            onClick={() => toggleStateFilter(state)}
          >
            <StateBadge state={state} />
            <span class="count">{(counts.get(state) ?? 0).toLocaleString('en')}</span>
          </button>
        ))}
    </div>
  );
}
