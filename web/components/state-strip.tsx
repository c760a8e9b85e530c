import { formatDuration, formatMoment } from '../model/format.ts';
import { actionText, whoText } from '../model/happening.ts';
import { stateSegments } from '../model/state-segments.ts';
import { toneOf } from '../model/states.ts';
import { exitText } from '../model/status-text.ts';
import type { StateChange, StateName } from '../stream/wire.ts';
import { StateBadge } from './state-badge.tsx';

interface StateStripProps {
  readonly changes: readonly StateChange[];
  readonly state: StateName;
  readonly nowMs: number;
}

const mostListed = 30;

/** The states of a process over time: as a strip, and as a list that says why. */
export function StateStrip({ changes, state, nowMs }: StateStripProps) {
  const segments = stateSegments(changes, nowMs);
  const [first] = segments;
  if (first === undefined) {
    return <p class="quiet">{state} since the daemon knows of it</p>;
  }
  return (
    <>
      <svg
        class="strip"
        viewBox="0 0 1000 20"
        preserveAspectRatio="none"
        role="img"
        aria-label="States over time"
      >
        {segments.map(({ state, fromMs, x, width, isBad }) => (
          <rect
            key={`${fromMs} ${state}`}
            x={x}
            y={0}
            width={width}
            height={20}
            class={`tone-${toneOf(state, !isBad)}`}
          >
            <title>{`${state} from ${formatMoment(fromMs, nowMs)}`}</title>
          </rect>
        ))}
      </svg>
      <div class="strip-scale quiet">
        <span>{formatMoment(first.fromMs, nowMs)}</span>
        <span>now</span>
      </div>
      <ol class="changes">
        {changes
          .slice(-mostListed)
          .toReversed()
          .map((change, index) => (
            <li key={`${change.atMs} ${index}`}>
              <time dateTime={new Date(change.atMs).toISOString()} class="number quiet">
                {formatMoment(change.atMs, nowMs)}
              </time>
              <StateBadge state={change.to} isExpected={change.exit?.expected !== false} />
              <span class="quiet">{reasonOf(change, changes, nowMs)}</span>
            </li>
          ))}
      </ol>
    </>
  );
}

/** Who asked for it, how it ended, and how long it had been up. */
function reasonOf(change: StateChange, changes: readonly StateChange[], nowMs: number): string {
  const { cause, exit, to, pid, atMs } = change;
  const parts: string[] = [];
  if (exit !== null && (to === 'EXITED' || to === 'STOPPED' || to === 'BACKOFF' || to === 'FATAL')) {
    parts.push(exitText(exit));
    const started = changes.findLast((other) => other.to === 'STARTING' && other.atMs < atMs);
    if (started !== undefined) {
      parts.push(`after ${formatDuration(Math.min(atMs, nowMs) - started.atMs)}`);
    }
  } else if (pid !== null && to === 'RUNNING') {
    parts.push(`pid ${pid}`);
  }
  if (cause !== null) {
    parts.push(
      [cause.action === null ? '' : actionText(cause.action), whoText(cause)].filter(Boolean).join(' '),
    );
  }
  return parts.join(', ');
}
