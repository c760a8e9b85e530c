import { formatDuration, formatMoment } from '../model/format.ts';
import { routeHash } from '../model/route.ts';
import { nowMs } from '../state/clock.ts';
import { away, awaySinceMs, caughtUp } from '../state/timeline.ts';
import { Icon } from './icon.tsx';

const mostNames = 5;

/** What changed since one last looked. */
export function AwayBanner() {
  const summary = away.value;
  const sinceMs = awaySinceMs.value;
  if (summary === null || sinceMs === null) {
    return null;
  }
  const now = nowMs.peek();
  return (
    <section class="banner" aria-label="Since your last visit">
      <Icon name="clock" />
      <p>
        <strong>{summary.text}</strong> since you last looked ({formatMoment(sinceMs, now)},{' '}
        {formatDuration(now - sinceMs)} ago)
        {summary.names.length > 0 && ': '}
        {summary.names.slice(0, mostNames).map((name, index) => (
          <span key={name}>
            {index > 0 && ', '}
            <a href={routeHash({ view: 'program', name })}>{name}</a>
          </span>
        ))}
        {summary.names.length > mostNames && ` and ${summary.names.length - mostNames} more`}
      </p>
      <a class="button" href="#/timeline">
        Timeline
      </a>
      <button type="button" class="icon-button" aria-label="Dismiss" title="Dismiss" onClick={caughtUp}>
        <Icon name="close" />
      </button>
    </section>
  );
}
