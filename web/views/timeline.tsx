import { signal } from '@preact/signals';
import { markOf, type EntryMark } from '../model/away.ts';
import { formatDay, formatMoment, formatTime } from '../model/format.ts';
import { entryText, whoText } from '../model/happening.ts';
import { routeHash } from '../model/route.ts';
import { buckets, byDay, filterEntries } from '../model/timeline-groups.ts';
import { nowMs } from '../state/clock.ts';
import { timeline } from '../state/timeline.ts';
import type { TimelineEntry } from '../stream/wire.ts';
import { Icon, type IconName } from '../components/icon.tsx';
import { StateBadge } from '../components/state-badge.tsx';

const marks = signal<ReadonlySet<EntryMark>>(new Set());
const text = signal('');

const kinds: readonly { readonly mark: EntryMark; readonly label: string; readonly icon: IconName }[] = [
  { mark: 'crash', label: 'Crashes', icon: 'alert' },
  { mark: 'start', label: 'Starts', icon: 'play' },
  { mark: 'stop', label: 'Ends', icon: 'stop' },
  { mark: 'action', label: 'Actions', icon: 'check' },
  { mark: 'daemon', label: 'Daemon', icon: 'power' },
];

const icons: Readonly<Record<EntryMark, IconName>> = {
  crash: 'alert',
  start: 'play',
  stop: 'stop',
  action: 'check',
  daemon: 'power',
  other: 'chevron',
};

const mostShown = 500;

/** What happened, newest first: crashes, restarts, and who did what through which interface. */
export function TimelineView() {
  const entries = filterEntries(timeline.value, marks.value, text.value);
  const today = formatDay(nowMs.value);
  return (
    <div class="timeline-view">
      <h1 class="visually-hidden">Timeline</h1>
      <div class="toolbar">
        <label class="search">
          <Icon name="search" />
          <span class="visually-hidden">Filter the timeline</span>
          <input
            id="filter"
            type="search"
            placeholder="Filter: program, user, text"
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </label>
        <div class="state-counts" role="group" aria-label="Show only">
          {kinds.map(({ mark, label, icon }) => (
            <button
              key={mark}
              type="button"
              class={`chip mark-${mark}`}
              aria-pressed={marks.value.has(mark)}
              onClick={() => toggle(mark)}
            >
              <Icon name={icon} />
              {label}
            </button>
          ))}
        </div>
      </div>
      <Density entries={entries} />
      {entries.length === 0 && (
        <p class="empty">
          {timeline.value.length === 0 ? 'Nothing happened yet' : 'Nothing like that happened'}
        </p>
      )}
      {byDay(entries.slice(0, mostShown)).map(({ day, entries: ofDay }) => (
        <section key={day} aria-label={day}>
          <h2 class="day">{day === today ? 'Today' : day}</h2>
          <ol class="entries">
            {ofDay.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
      {entries.length > mostShown && (
        <p class="quiet">and {entries.length - mostShown} older ones: use the filter to find them</p>
      )}
    </div>
  );
}

function toggle(mark: EntryMark): void {
  const next = new Set(marks.value);
  if (!next.delete(mark)) {
    next.add(mark);
  }
  marks.value = next;
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const mark = markOf(entry);
  const by = whoText(entry);
  return (
    <li class={`entry mark-${mark}`}>
      <time class="number quiet" dateTime={new Date(entry.atMs).toISOString()}>
        {formatTime(entry.atMs)}
      </time>
      <Icon name={icons[mark]} />
      <span class="entry-name">
        {entry.process === null ? (
          <span class="quiet">daemon</span>
        ) : (
          <a data-nav href={routeHash({ view: 'program', name: entry.process })}>
            <bdi>{entry.process}</bdi>
          </a>
        )}
      </span>
      <span class="entry-text">
        {entry.to !== undefined && entry.to !== null && (
          <>
            <StateBadge state={entry.to} isExpected={mark !== 'crash'} />{' '}
          </>
        )}
        {entryText(entry)}
        {by !== '' && <span class="quiet"> {by}</span>}
      </span>
    </li>
  );
}

const bucketCount = 80;

/** How much happened when, crashes below in their colour. */
function Density({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const now = nowMs.value;
  const found = buckets(entries, now, bucketCount);
  const most = Math.max(4, ...found.map(({ crashes, others }) => crashes + others));
  const [first] = found;
  if (first === undefined) {
    return null;
  }
  return (
    <div class="density">
      <svg
        viewBox={`0 0 ${bucketCount * 10} 40`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Events over time"
      >
        {found.map(({ crashes, others }, index) => {
          const crashHeight = (crashes / most) * 40;
          const otherHeight = (others / most) * 40;
          return (
            <g key={index}>
              {others > 0 && (
                <rect
                  class="bar"
                  x={index * 10 + 1}
                  width={8}
                  y={40 - crashHeight - otherHeight}
                  height={otherHeight}
                />
              )}
              {crashes > 0 && (
                <rect
                  class="bar bar-bad"
                  x={index * 10 + 1}
                  width={8}
                  y={40 - crashHeight}
                  height={crashHeight}
                />
              )}
            </g>
          );
        })}
      </svg>
      <div class="strip-scale quiet">
        <span>{formatMoment(first.fromMs, now)}</span>
        <span>now</span>
      </div>
    </div>
  );
}
